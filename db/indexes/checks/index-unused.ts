import type { Check } from '../../checks/define-check'
import { formatDay } from '../../domain/format'
import { dropIndexSql } from '../index-statements'
import { ofIndexes } from '../of-indexes'

export const indexUnused: Check = {
  name: 'index-unused',
  about: 'Indexes proved unused: not scanned for 35 days or longer on any server, and enforcing nothing',
  look: ofIndexes({
    picks: ({ verdict }) => verdict === 'unused',
    title: (name, { unusedSince, idxScan }) =>
      idxScan === '0' || unusedSince === null ? `${name} is not used` : `${name} has not been used since ${formatDay(unusedSince)}`,
    severity: () => 'warn',
    needs: 'statistics window',
    fix: () => null,
    sql: dropIndexSql,
  }),
}
