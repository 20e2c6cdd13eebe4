import type { Check } from '../../checks/define-check'
import type { IndexFinding } from '../index-finding'
import { dropIndexSql } from '../index-statements'
import { ofIndexes } from '../of-indexes'

const isCertain = ({ verdict }: IndexFinding): boolean => verdict === 'redundant'

/** Those whose work another index serves without doubt, and, as worth knowing, those where it most likely does: nothing is proposed for these. */
export const indexRedundant: Check = {
  name: 'index-redundant',
  about: 'Indexes whose queries another index serves as well: duplicates and prefixes; with less certainty, mirrored and similar ones',
  look: ofIndexes({
    picks: (index) => isCertain(index) || (index.verdict !== 'invalid' && index.standIn?.likely === true),
    title: (name, { redundantWith, standIn }) =>
      redundantWith || !standIn
        ? `${name} is redundant: ${redundantWith?.indexrelname ?? 'another index'} stays`
        : `${name} may be redundant: ${standIn.indexrelname} could serve its queries`,
    severity: (index) => (isCertain(index) ? 'warn' : 'info'),
    trust: (index) => (isCertain(index) || !index.standIn ? { kind: 'exact' } : { kind: 'withheld', reason: index.standIn.doubt }),
    fix: () => null,
    sql: (index) => (isCertain(index) ? dropIndexSql(index) : null),
  }),
}
