import type { Check } from '../../checks/define-check'
import { dropIndexSql } from '../index-statements'
import { ofIndexes } from '../of-indexes'

export const indexUnused: Check = {
  name: 'index-unused',
  about: 'Indexes that are proved to be unused: nothing scanned them for 35 days or longer, on any server, and they enforce nothing',
  look: ofIndexes({
    picks: ({ verdict }) => verdict === 'unused',
    title: (name, { unusedSince, idxScan }) =>
      idxScan === '0' ? `${name} is not used` : `${name} is not used since ${unusedSince?.slice(0, 10)}`,
    severity: () => 'warn',
    needs: 'statistics window',
    mend: () => null,
    sql: dropIndexSql,
  }),
}
