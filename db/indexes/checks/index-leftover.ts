import type { Check } from '../../checks/define-check'
import { dropLeftoverIndexRequest } from '../../commands/drop-leftover-index/request'
import { ofIndexes } from '../of-indexes'

export const indexLeftover: Check = {
  name: 'index-leftover',
  about:
    'Invalid indexes that a REINDEX CONCURRENTLY, a repack or a second build left beside the one that does the work, and interrupted drops',
  look: ofIndexes({
    picks: ({ invalid }) => invalid?.action === 'drop',
    title: (name, { invalid }) => `${name} ${invalid?.title}`,
    severity: () => 'bad',
    fix: ({ indexrelid }) => dropLeftoverIndexRequest({ oid: indexrelid }),
    sql: ({ invalid }) => invalid?.sql ?? null,
  }),
}
