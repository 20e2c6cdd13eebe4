import { keyOf } from '../domain/statement-key'
import { spreadOf } from '../statements/compare-statements'
import type { QueryRow, QuerySums } from '../statements/statement-rows'
import { foldSql } from '../statements/statement-text'
import type { StatementSums, StatementTotal } from './statements'

export const sumsOf = (sums: StatementSums): QuerySums => ({
  calls: sums.calls,
  total: sums.total_exec_time,
  rows: sums.rows,
  plans: sums.plans,
  planning: sums.total_plan_time,
  hit: sums.shared_blks_hit,
  read: sums.shared_blks_read,
  dirtied: sums.shared_blks_dirtied,
  written: sums.shared_blks_written,
  tempRead: sums.temp_blks_read,
  tempWritten: sums.temp_blks_written,
  io: sums.shared_blk_read_time + sums.shared_blk_write_time + sums.temp_blk_time,
  wal: sums.wal_bytes,
  jit: sums.jit_time,
})

export const executionsOf = (sums: StatementSums) => ({ calls: sums.calls, total: sums.total_exec_time, squares: sums.exec_time_squares })

/** A statement as the samples tell it. */
export function sampledRow(total: StatementTotal, name: string): QueryRow {
  const { mean, stddev } = spreadOf(executionsOf(total))
  const { statement, queryid, userid, dbid, toplevel, rolname, datname, query, firstSeen } = total
  return {
    ...sumsOf(total),
    key: keyOf(total),
    ...{ statement, queryid, userid, dbid, toplevel, rolname, datname, firstSeen, mean, stddev },
    query: query === null ? null : foldSql(query),
    name,
    ...longest(total),
    trend: [],
  }
}

/** What is known within a range is a lower bound, unless it is the longest since the server counts, or the only call. */
function longest({ calls, max_known: known, max_exec_time: ever }: StatementSums): Pick<QueryRow, 'max' | 'maxWithin'> {
  if (known !== null && (ever === null || known >= ever || calls === 1)) return { max: known, maxWithin: true }
  return { max: ever, maxWithin: false }
}
