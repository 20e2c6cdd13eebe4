import type { Query } from '../../db/history/insert-rows'
import { insertRows } from '../../db/history/insert-rows'
import { keepPartitions } from '../../db/history/partitions'
import { readRetention } from '../../db/history/retention'
import { rollUp } from '../../db/history/roll-up'
import { CONNECTION_SAMPLE, DATABASE_SIZE, TABLE_SIZE } from '../../db/history/series'

const DAY_MS = 86_400_000
const SERIES = [CONNECTION_SAMPLE, DATABASE_SIZE, TABLE_SIZE]

export interface SizesOfDay {
  databases: { datid: number; bytes: number }[]
  tables?: { datid: number; relid: number; bytes: number }[]
}

/**
 * For tests and journeys: what a console would have kept of a server that it had sampled once a day until `now`: its session counts, and
 * sizes of databases and tables. `sizes` is asked for each day, the oldest first, by how many days ago it is. Rows are written and rolled up
 * as the worker does it, in one transaction, before which what had been rolled up of these series is taken back.
 */
export async function fillSizes(query: Query, server: number, days: number, sizes: (ago: number) => SizesOfDay, now = new Date()) {
  await query('begin')
  await query('lock table rolled_up in exclusive mode')
  for (const { name, steps } of SERIES) {
    await query('delete from rolled_up where server = $1 and series = $2', [server, name])
    for (const step of steps.slice(1)) await query(`delete from ${name}_${step} where server = $1`, [server])
  }
  for (let ago = days - 1; ago >= 0; ago--) {
    const at = new Date(now.getTime() - ago * DAY_MS)
    await keepPartitions(query, at, readRetention({}))
    const { databases, tables = [] } = sizes(ago)
    await insertRows(query, CONNECTION_SAMPLE, server, at, [{ samples: 1, total: 1, peak: 1, max_connections: 100 }])
    await insertRows(query, DATABASE_SIZE, server, at, databases)
    const rows = tables.map(({ datid, relid, bytes }) => ({ datid, relid, heap_bytes: bytes, toast_bytes: 0, index_bytes: 0 }))
    await insertRows(query, TABLE_SIZE, server, at, rows)
    await rollUp(query, server, at, SERIES) // before the partitions of the finest steps go
  }
  await query('commit')
}
