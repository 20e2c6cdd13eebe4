import { consoleDb } from '../console/client'
import { bucketOf, type Covered, numberOf, pointsOf, rowsOf, type TimeRange } from './range'
import { DATABASE_DELTA, DATABASE_SIZE, DATABASE_SUMS, FINDING_COUNT, SERVER_DELTA, SERVER_SUMS } from './series'

/** Sums of pg_stat_database and of the server's own counters: times in ms, wal_bytes and temp_bytes in bytes, blocks in blocks. */
export type CounterSums = Record<(typeof DATABASE_SUMS)[number] | (typeof SERVER_SUMS)[number], number> & {
  /** How much of it was sampled. */
  seconds: number
  /** What sampling took, as the worker saw it, ms. */
  proctor_time: number
}

const DATABASE = DATABASE_SUMS.map((name) => `coalesce(sum(${name}), 0)::float8 as ${name}`).join(', ')
const SERVER = ['seconds', ...SERVER_SUMS, 'proctor_time'].map((name) => `coalesce(sum(${name}), 0)::float8 as ${name}`).join(', ')

/** The database of a name, as the series know it; `$2` is the name, or null for all. */
const OF_DATABASE = '($2::text is null or datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2))'

// Series are named in the order of SERIES, in which partitions are made: two who lock them in different order wait for each other.

/** Counters over time; those of pg_stat_database are of one database where it is named. */
export async function counterSeries(
  serverId: string,
  range: TimeRange,
  { datname, points }: { datname?: string; points?: number } = {},
): Promise<{ covered: Covered; width: number; points: ({ at: number } & CounterSums)[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const server = await pointsOf(no, SERVER_DELTA, range, points)
  const { from, width } = await pointsOf(no, DATABASE_DELTA, range, points)
  const sql = /* sql */ `
with database_sums as (
  select ${bucketOf(width)} as bucket, ${DATABASE} from ${from} d where ${OF_DATABASE} group by 1
), server_sums as (
  select ${bucketOf(width)} as bucket, ${SERVER} from ${server.from} d group by 1
)
select bucket * 1000 as at, ${[...SERVER_SUMS, 'seconds', 'proctor_time'].map((name) => `s.${name}`).join(', ')},
       ${DATABASE_SUMS.map((name) => `coalesce(d.${name}, 0) as ${name}`).join(', ')}
  from server_sums s left join database_sums d using (bucket) order by 1`
  const { rows } = await consoleDb().$client.query<{ at: number } & CounterSums>(sql, [no, datname ?? null])
  return { covered: server.covered, width, points: rows }
}

/** The same over a whole range. */
export async function counterTotals(serverId: string, range: TimeRange, datname?: string): Promise<CounterSums & { covered: Covered }> {
  const no = (await numberOf(serverId)) ?? -1
  const server = await rowsOf(no, SERVER_DELTA, range)
  const database = await rowsOf(no, DATABASE_DELTA, range)
  const { rows } = await consoleDb().$client.query(
    `select * from (select ${DATABASE} from ${database.from} d where ${OF_DATABASE}) t, (select ${SERVER} from ${server.from} d) s`,
    [no, datname ?? null],
  )
  return { ...rows[0], covered: server.covered }
}

/** Sizes of databases in bytes, hourly where they changed. */
export async function sizeSeries(serverId: string, range: TimeRange): Promise<{ at: number; datname: string; bytes: number }[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, DATABASE_SIZE, range)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select extract(epoch from d.at)::float8 * 1000 as at, n.datname, d.bytes::float8 as bytes
  from ${from} d join sampled_database n on n.server = $1 and n.datid = d.datid order by 1, 2`,
    [no],
  )
  return rows
}

/** How many indexes had a verdict, and the bytes that acting on them would give back, hourly. */
export async function findingSeries(
  serverId: string,
  range: TimeRange,
  datname?: string,
): Promise<{ at: number; datname: string; verdict: string; found: number; bytes: number }[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, FINDING_COUNT, range)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select extract(epoch from d.at)::float8 * 1000 as at, n.datname, d.verdict, d.found, coalesce(d.bytes, 0)::float8 as bytes
  from ${from} d join sampled_database n on n.server = $1 and n.datid = d.datid
 where $2::text is null or n.datname = $2 order by 1, 2, 3`,
    [no, datname ?? null],
  )
  return rows
}
