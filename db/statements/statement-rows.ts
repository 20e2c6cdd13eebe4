import { keyOf } from '../domain/statement-key'
import type { QuerySort } from '../domain/statement-params'
import type { Row } from '../server/define-read'
import type { statements } from './reads/statements'
import { foldSql } from './statement-text'

/** What a statement took over a range. Times in ms, blocks in blocks of blockSize, WAL in bytes. */
export interface QuerySums {
  calls: number
  total: number
  rows: number
  plans: number
  planning: number
  hit: number
  read: number
  dirtied: number
  written: number
  tempRead: number
  tempWritten: number
  /** Time of reading and writing blocks, temporary ones included; 0 while track_io_timing is off. */
  io: number
  wal: number
  jit: number
}

/** One statement of a user in a database. */
export interface QueryRow extends QuerySums {
  /** queryid.userid.dbid.toplevel: what an address keeps of it. */
  key: string
  /** Proctor's number for it in the samples; null where it was read from the server. */
  statement: number | null
  queryid: string
  userid: number
  dbid: number
  toplevel: boolean
  rolname: string
  datname: string | null
  /** In one line and shortened; the whole of it is in the drawer. Null: never seen. */
  query: string | null
  /** As a legend calls it, of nameStatements: no two of a list are alike. */
  name: string
  mean: number
  stddev: number
  max: number | null
  /** The longest execution is known to lie within the range; else it is the longest since the server counts. */
  maxWithin: boolean
  firstSeen: string | null
  /** Mean by bucket of the sparkline; null without calls. */
  trend: (number | null)[]
}

/** A statement as the server has counted it since its last reset. */
export function countedRow(row: Row<typeof statements> & { queryid: string }, name: string): QueryRow {
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
    name,
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
