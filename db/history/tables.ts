import { consoleDb } from '../console/client'
import { bucketOf, type Covered, numberOf, pointsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, TABLE_DELTA, TABLE_SIZE } from './series'

/** Enough that two months are told by the hour. */
const SIZE_POINTS = 400

const OF_DATABASE = 'd.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2)'

/** What happened to a table between two moments, in rows and scans; null counts: the gauges were not sampled then. */
export interface TablePoint {
  /** ms since the epoch, the begin of a bucket. */
  at: number
  seqScan: number
  idxScan: number
  updated: number
  hotUpdated: number
  inserted: number
  deleted: number
  vacuums: number
  analyzes: number
  /** Rows at the end of the bucket; null for several tables together. */
  live: number | null
  dead: number | null
}

/**
 * A table, or the partitions of one together, over time, in buckets of `width` seconds; one in which nothing was counted is left out.
 * `sampled`: the buckets in which the server was looked at at all, ms since the epoch; what is not among them is a gap.
 */
export async function tableHistory(
  serverId: string,
  database: string,
  relids: number[],
  range: TimeRange,
  points?: number,
): Promise<{ covered: Covered; width: number; points: TablePoint[]; sampled: number[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, TABLE_DELTA, range, points)
  const sum = (column: string) => `coalesce(sum(d.${column}), 0)::float8`
  const last = (column: string) =>
    relids.length === 1 ? `(array_agg(d.${column} order by d.at desc) filter (where d.${column} is not null))[1]::float8` : 'null::float8'
  const { rows } = await consoleDb().$client.query<TablePoint>(
    /* sql */ `
select ${bucketOf(width)} * 1000 as at, ${sum('seq_scan')} as "seqScan", ${sum('idx_scan')} as "idxScan", ${sum('n_tup_upd')} as updated,
       ${sum('n_tup_hot_upd')} as "hotUpdated", ${sum('n_tup_ins')} as inserted, ${sum('n_tup_del')} as deleted, ${sum('vacuums')} as vacuums,
       ${sum('analyzes')} as analyzes, ${last('n_live_tup')} as live, ${last('n_dead_tup')} as dead
  from ${from} d
 where ${OF_DATABASE} and d.relid = any($3::oid[])
 group by 1 order by 1`,
    [no, database, relids],
  )
  const looked = await pointsOf(no, CONNECTION_SAMPLE, range, points)
  const { rows: sampled } = await consoleDb().$client.query<{ at: number }>(
    `select distinct ${bucketOf(width)} * 1000 as at from ${looked.from} d order by 1`,
    [no],
  )
  return { covered, width, points: rows, sampled: sampled.map(({ at }) => at) }
}

/** The files of a table at a moment, bytes. It holds until the next one of that table. */
export interface SizePoint {
  at: number
  relid: number
  heap: number
  toast: number
  indexes: number
}

/** Sizes of tables over time, in the order of time: one where a size changed. */
export async function tableSizeHistory(serverId: string, database: string, relids: number[], range: TimeRange): Promise<SizePoint[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, TABLE_SIZE, range, SIZE_POINTS)
  const { rows } = await consoleDb().$client.query<SizePoint>(
    /* sql */ `
select extract(epoch from d.at)::float8 * 1000 as at, d.relid::int8::float8 as relid, d.heap_bytes::float8 as heap, d.toast_bytes::float8 as toast,
       d.index_bytes::float8 as indexes
  from ${from} d
 where ${OF_DATABASE} and d.relid = any($3::oid[]) and d.heap_bytes is not null
 order by d.at, d.relid`,
    [no, database, relids],
  )
  return rows
}

/** How a table grew: its size when it was first seen within a range and when it last changed, bytes, ms since the epoch. */
export interface Growth {
  datname: string
  relid: number
  firstAt: number
  first: number
  lastAt: number
  last: number
}

/**
 * The tables of a database, or of all (null), whose size changed most within a range, the greatest growth first. One whose size never
 * changed is left out.
 */
export async function tableGrowth(serverId: string, database: string | null, range: TimeRange, limit: number): Promise<Growth[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, TABLE_SIZE, range, SIZE_POINTS)
  const { rows } = await consoleDb().$client.query<Growth>(
    /* sql */ `
select n.datname, relid::int8::float8 as relid, extract(epoch from first_at)::float8 * 1000 as "firstAt", first::float8 as first,
       extract(epoch from last_at)::float8 * 1000 as "lastAt", last::float8 as last
  from (select datid, relid, min(at) as first_at, max(at) as last_at, (array_agg(bytes order by at))[1] as first,
               (array_agg(bytes order by at desc))[1] as last
          from (select d.datid, d.relid, d.at, d.heap_bytes + d.toast_bytes + d.index_bytes as bytes
                  from ${from} d where ($2::text is null or ${OF_DATABASE}) and d.heap_bytes is not null) sized
         group by datid, relid) grown
  join sampled_database n on n.server = $1 and n.datid = grown.datid
 where last > first
 order by last - first desc, relid limit $3`,
    [no, database, limit],
  )
  return rows
}
