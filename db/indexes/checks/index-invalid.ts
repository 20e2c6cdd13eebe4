import type { Check } from '../../checks/define-check'
import { attachIndexPartitionRequest } from '../../commands/attach-index-partition/request'
import { reindexIndexRequest } from '../../commands/reindex-index/request'
import { isRebuiltConcurrently } from '../index-statements'
import { ofIndexes } from '../of-indexes'

export const indexInvalid: Check = {
  name: 'index-invalid',
  about:
    'Indexes that a failed build left invalid, and partitioned ones that lack a partition: no query uses them, writes may still maintain them',
  look: ofIndexes({
    picks: ({ invalid }) => invalid !== null && invalid.action !== 'drop',
    title: (name, { invalid }) => `${name} ${invalid?.title}`,
    severity: () => 'bad',
    fix: (index) => {
      const { indexrelid: oid, invalid } = index
      if (invalid?.action === 'attach') return attachIndexPartitionRequest({ oid })
      return invalid?.action === 'rebuild' ? reindexIndexRequest({ oid, concurrently: isRebuiltConcurrently(index) }) : null
    },
    sql: ({ invalid }) => invalid?.sql ?? null,
  }),
}
