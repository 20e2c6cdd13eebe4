import type { Check } from '../../checks/define-check'
import { reindexIndexRequest } from '../../commands/reindex-index/request'
import { rebuildGain } from '../../maintenance/gain'
import { isRebuiltConcurrently, reindexIndexSql } from '../index-statements'
import { ofIndexes } from '../of-indexes'

export const indexBloated: Check = {
  name: 'index-bloated',
  about: 'Indexes that a rebuild would shrink by a fifth or more, and at least 1 MB',
  look: ofIndexes({
    picks: ({ verdict }) => verdict === 'bloated',
    title: (name) => `${name} is bloated`,
    severity: () => 'warn',
    needs: 'bloat estimate',
    trust: ({ trust }) => trust,
    fix: (index) => reindexIndexRequest({ oid: index.indexrelid, concurrently: isRebuiltConcurrently(index) }),
    sql: reindexIndexSql,
    gain: rebuildGain,
  }),
}
