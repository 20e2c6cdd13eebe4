import { consoleDb } from '../console/client'
import { type Covered, numberOf, rowsOf, type TimeRange } from './range'
import { DATABASE_DELTA, SERVER_DELTA } from './series'

/** What one database did over a range: blocks, ms, files and bytes. */
export interface DatabaseTotals {
  datname: string
  blks_hit: number
  blks_read: number
  blk_read_time: number
  temp_files: number
  temp_bytes: number
}

const SUMS = ['blks_hit', 'blks_read', 'blk_read_time', 'temp_files', 'temp_bytes'] as const

/** Sums over a range for each database, and how many seconds of it were sampled; databases that did nothing have no row. */
export async function databaseTotals(
  serverId: string,
  range: TimeRange,
): Promise<{ covered: Covered; seconds: number; databases: DatabaseTotals[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const server = await rowsOf(no, SERVER_DELTA, range)
  const { from } = await rowsOf(no, DATABASE_DELTA, range)
  const client = consoleDb().$client
  const [sampled, { rows }] = await Promise.all([
    client.query<{ seconds: number }>(`select coalesce(sum(seconds), 0)::float8 as seconds from ${server.from} d`, [no]),
    client.query<DatabaseTotals>(
      /* sql */ `
select n.datname, ${SUMS.map((name) => `coalesce(sum(d.${name}), 0)::float8 as ${name}`).join(', ')}
  from ${from} d join sampled_database n on n.server = $1 and n.datid = d.datid
 group by n.datname order by 3 desc, 1`,
      [no],
    ),
  ])
  return { covered: server.covered, seconds: sampled.rows[0]?.seconds ?? 0, databases: rows }
}
