import { keyOf } from '@/components/queries/query-key'
import type { QueryRow, QuerySums } from '@/components/queries/query-list'
import { foldSql, shortName } from '@/components/queries/query-messages'
import type { QuerySort } from '@/components/queries/query-params'
import type { StatementSums, StatementTotal } from '@/db/history/statements'
import type { Row } from '@/db/server/define-read'
import { spreadOf } from '@/db/statements/compare-statements'
import type { statements } from '@/db/statements/reads/statements'

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
export function sampledRow(total: StatementTotal): QueryRow {
  const { mean, stddev } = spreadOf(executionsOf(total))
  const { statement, queryid, userid, dbid, toplevel, rolname, datname, query, firstSeen } = total
  return {
    ...sumsOf(total),
    key: keyOf(total),
    ...{ statement, queryid, userid, dbid, toplevel, rolname, datname, firstSeen, mean, stddev },
    query: query === null ? null : foldSql(query),
    name: shortName(query ?? ''),
    ...longest(total),
    trend: [],
  }
}

/** What is known within a range is a lower bound, unless it is the longest since the server counts, or the only call. */
function longest({ calls, max_known: known, max_exec_time: ever }: StatementSums): Pick<QueryRow, 'max' | 'maxWithin'> {
  if (known !== null && (ever === null || known >= ever || calls === 1)) return { max: known, maxWithin: true }
  return { max: ever, maxWithin: false }
}

/** A statement as the server has counted it since its last reset. */
export function countedRow(row: Row<typeof statements> & { queryid: string }): QueryRow {
  return {
    key: keyOf(row),
    statement: null,
    queryid: row.queryid,
    userid: row.userid,
    dbid: row.dbid,
    toplevel: row.toplevel,
    rolname: row.rolname,
    datname: row.datname,
    query: row.query === null ? null : foldSql(row.query),
    name: shortName(row.query ?? ''),
    calls: Number(row.calls),
    total: row.total_exec_time,
    mean: row.mean_exec_time,
    stddev: row.stddev_exec_time,
    max: row.max_exec_time,
    maxWithin: true,
    rows: Number(row.rows),
    plans: Number(row.plans),
    planning: row.total_plan_time,
    hit: Number(row.shared_blks_hit),
    read: Number(row.shared_blks_read),
    dirtied: Number(row.shared_blks_dirtied),
    written: Number(row.shared_blks_written),
    tempRead: Number(row.temp_blks_read),
    tempWritten: Number(row.temp_blks_written),
    io: row.shared_blk_read_time + row.shared_blk_write_time + (row.temp_blk_read_time ?? 0) + (row.temp_blk_write_time ?? 0),
    wal: Number(row.wal_bytes),
    jit: row.jit_time ?? 0,
    firstSeen: row.stats_since,
    trend: [],
  }
}

const SUMMED: (keyof QuerySums)[] = [
  'calls',
  'total',
  'rows',
  'plans',
  'planning',
  'hit',
  'read',
  'dirtied',
  'written',
  'tempRead',
  'tempWritten',
  'io',
  'wal',
  'jit',
]

/** What a nested statement took counts for the one that called it too: where there are both, the top level alone is summed up. */
export function countedOnce<T extends { toplevel: boolean }>(rows: T[]): T[] {
  const top = rows.filter(({ toplevel }) => toplevel)
  return top.length > 0 ? top : rows
}

export function sumUp(rows: QuerySums[]): QuerySums {
  const all = Object.fromEntries(SUMMED.map((name) => [name, 0])) as unknown as QuerySums
  for (const row of rows) for (const name of SUMMED) all[name] += row[name]
  return all
}

/** What a row is sorted by. */
const sortValue = (row: QueryRow, sort: QuerySort): number | string => {
  if (sort === 'query') return row.query ?? ''
  if (sort === 'hit') return row.hit + row.read === 0 ? 2 : row.hit / (row.hit + row.read)
  if (sort === 'temp') return row.tempRead + row.tempWritten
  if (sort === 'rows') return row.calls === 0 ? 0 : row.rows / row.calls
  return row[sort] ?? 0
}

export function sorted(rows: QueryRow[], sort: QuerySort, dir: 'asc' | 'desc'): QueryRow[] {
  const sign = dir === 'asc' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [left, right] = [sortValue(a, sort), sortValue(b, sort)]
    const order = typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right)
    return order * sign || b.total - a.total
  })
}
