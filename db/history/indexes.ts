import { consoleDb } from '../console/client'
import { bucketOf, numberOf, pointsOf, type TimeRange } from './range'
import { INDEX_SAMPLE } from './series'

/** Enough that two months are told by the hour. */
const POINTS = 400

export interface IndexPoint {
  at: number
  bytes: number | null
  /** What a rebuild would make of it, estimated; null where that is withheld. */
  liveBytes: number | null
  /** Scans since the point before; null at the first one, and where the server had begun to count anew. */
  scans: number | null
}

/**
 * One index over time, under all the OIDs that it had: a point an hour, or a day, in which it changed. Its counters go on through a
 * concurrent rebuild, which copies them (index_concurrently_swap in index.c).
 */
export async function indexHistory(serverId: string, database: string, oids: number[], range: TimeRange): Promise<IndexPoint[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, INDEX_SAMPLE, range, POINTS)
  const { rows } = await consoleDb().$client.query<IndexPoint>(
    /* sql */ `
select extract(epoch from d.at)::float8 * 1000 as at, d.bytes::float8 as bytes, d.live_bytes::float8 as "liveBytes",
       case when d.idx_scan >= lag(d.idx_scan) over w then (d.idx_scan - lag(d.idx_scan) over w)::float8 end as scans
  from ${from} d
 where d.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2) and d.indexrelid = any($3::oid[])
window w as (order by d.at, d.idx_scan) order by d.at, d.idx_scan`,
    [no, database, oids],
  )
  return rows
}

/**
 * Scans of all indexes of a database over time, in buckets of `width` seconds; where nothing was sampled there is none. A sample tells of
 * the time since the one before, a `step` of seconds as a rule. `last`: the begin of the step of a bucket's last sample, in ms.
 */
export async function indexUsage(
  serverId: string,
  database: string,
  range: TimeRange,
): Promise<{ width: number; step: number; points: { at: number; last: number; scans: number; indexes: number }[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, INDEX_SAMPLE, range, POINTS)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select ${bucketOf(width)} * 1000 as at, extract(epoch from max(at))::float8 * 1000 as last, sum(scans)::float8 as scans, count(distinct indexrelid) filter (where scans > 0)::int as indexes
  from (select d.at, d.indexrelid, case when d.idx_scan >= lag(d.idx_scan) over w then d.idx_scan - lag(d.idx_scan) over w end as scans
          from ${from} d
         where d.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2)
        window w as (partition by d.indexrelid order by d.at, d.idx_scan)) moved
 where scans is not null group by 1 order by 1`,
    [no, database],
  )
  return { width, step: covered.step, points: rows }
}
