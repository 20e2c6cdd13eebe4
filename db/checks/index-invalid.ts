import type { Check } from './define-check'
import { isLeftover } from './index-verdict'
import { ofIndexes } from './of-indexes'

export const indexInvalid: Check = {
  name: 'index-invalid',
  about: 'Indexes that a failed build left invalid: no query uses them, writes may still maintain them',
  look: ofIndexes({
    picks: ({ verdict, indexrelname }) => verdict === 'invalid' && isLeftover(indexrelname) === null,
    title: (name) => `${name} is invalid`,
    severity: 'bad',
    mend: ({ indexrelid, partitions }) => (partitions > 0 ? null : { command: 'reindex-index', input: { oid: indexrelid } }),
    sql: (name) => `REINDEX INDEX CONCURRENTLY ${name};`,
  }),
}
