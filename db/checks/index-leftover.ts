import type { Check } from './define-check'
import { isLeftover } from './index-verdict'
import { dropIndex, ofIndexes } from './of-indexes'

export const indexLeftover: Check = {
  name: 'index-leftover',
  about: 'Invalid indexes named …_ccnew or …_ccold that a REINDEX CONCURRENTLY left behind',
  look: ofIndexes({
    picks: ({ verdict, indexrelname }) => verdict === 'invalid' && isLeftover(indexrelname) !== null,
    title: (name) => `${name} was left behind by REINDEX CONCURRENTLY`,
    severity: 'bad',
    mend: ({ indexrelid }) => ({ command: 'drop-leftover-index', input: { oid: indexrelid } }),
    sql: dropIndex,
  }),
}
