import type { Check } from './define-check'
import { dropIndex, ofIndexes } from './of-indexes'

export const indexRedundant: Check = {
  name: 'index-redundant',
  about: 'Indexes whose every query another index serves as well: duplicates and prefixes',
  look: ofIndexes({
    picks: ({ verdict }) => verdict === 'redundant',
    title: (name, { redundantWith }) => `${name} is redundant: ${redundantWith?.indexrelname ?? 'another index'} stays`,
    severity: 'warn',
    mend: () => null,
    sql: dropIndex,
  }),
}
