import type { Past } from '../../checks/define-check'
import { statementTotals } from './statements'

/** As many statements, those with the most time first, are looked through. */
const MOST = 2_000

/** What was sampled of a server, for checks. */
export const pastOf = (serverId: string): Past => ({
  statements: async (database, from, to) => {
    const { statements } = await statementTotals(serverId, { from, to }, { filter: { datname: database }, limit: MOST })
    return statements.map(({ queryid, userid, rolname, query, calls, total_exec_time, exec_time_squares, temp_blks_written }) => ({
      ...{ queryid, userid, rolname, query, calls },
      total: total_exec_time,
      squares: exec_time_squares,
      tempWritten: temp_blks_written,
    }))
  },
})
