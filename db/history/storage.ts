import { consoleDb } from '../console/client'
import type { DailyValue } from '../domain/forecast'
import { numberOf, pointsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, DATABASE_SIZE, TABLE_SIZE } from './series'
import { tableGrowth } from './tables'

const DAY = 86_400

/**
 * Bytes of all databases together at the end of each day on which the server was looked at. A size is written where it changed: one that
 * was known before a day holds on it. A day without any sample is left out, and so is the time before the first size was known.
 */
export async function dailySizes(serverId: string, range: TimeRange): Promise<DailyValue[]> {
  const no = (await numberOf(serverId)) ?? -1
  const sizes = await pointsOf(no, DATABASE_SIZE, range)
  const { rows } = await consoleDb().$client.query<SizeOfDay>(
    `${sizesByDay('datid', 'bytes', sizes.from)} where d.bytes is not null order by day, id, d.at desc`,
    [no],
  )
  return summedByDay(rows, await daysLooked(no, range))
}

/** As long as sizes by day are kept: one that has not changed since holds. */
const KEPT_DAYS = 400
/** So many growers of a database are looked at: who adds less than these adds little. */
const MOST_GROWERS = 20

/** Bytes of a database by day, and of each of its tables that grew most since a moment (with indexes and TOAST), as far back as they are kept. */
export async function dailyGrowth(
  serverId: string,
  database: string,
  since: Date,
  now = new Date(),
): Promise<{ database: DailyValue[]; tables: Map<number, DailyValue[]> }> {
  const no = (await numberOf(serverId)) ?? -1
  const range = { from: new Date(now.getTime() - KEPT_DAYS * DAY * 1000), to: now }
  const grown = await tableGrowth(serverId, database, { from: since, to: now }, MOST_GROWERS)
  const sizes = await pointsOf(no, DATABASE_SIZE, range)
  const tables = await pointsOf(no, TABLE_SIZE, range)
  const looked = await daysLooked(no, range)
  const { $client } = consoleDb()
  const whole = await $client.query<SizeOfDay>(
    `${sizesByDay('datid', 'bytes', sizes.from)} where ${OF_DATABASE} and d.bytes is not null order by day, id, d.at desc`,
    [no, database],
  )
  const each = await $client.query<SizeOfDay>(
    `${sizesByDay('relid', '(d.heap_bytes + d.toast_bytes + d.index_bytes)', tables.from)}
      where ${OF_DATABASE} and d.relid = any($3::oid[]) and d.heap_bytes is not null order by day, id, d.at desc`,
    [no, database, grown.map(({ relid }) => relid)],
  )
  const byTable = Map.groupBy(each.rows, ({ id }) => id)
  return {
    database: summedByDay(whole.rows, looked),
    tables: new Map([...byTable].map(([relid, rows]) => [relid, summedByDay(rows, looked)])),
  }
}

interface SizeOfDay {
  day: number
  id: number
  bytes: number
}

const OF_DATABASE = 'd.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2)'

/** The last size of each day, of each thing. */
const sizesByDay = (id: string, bytes: string, from: string): string =>
  `select distinct on (day, id) ${dayOf} as day, d.${id}::int8::float8 as id, ${bytes}::float8 as bytes from ${from} d`

const dayOf = `floor(extract(epoch from d.at) / ${DAY})::int`

async function daysLooked(no: number, range: TimeRange): Promise<number[]> {
  const looked = await pointsOf(no, CONNECTION_SAMPLE, range)
  const { rows } = await consoleDb().$client.query<{ day: number }>(`select distinct ${dayOf} as day from ${looked.from} d order by 1`, [
    no,
  ])
  return rows.map(({ day }) => day)
}

/** The sum of what is known of each thing on each day, in the order of days. */
export function summedByDay(rows: readonly SizeOfDay[], days: readonly number[]): DailyValue[] {
  const known = new Map<number, number>()
  const sorted = rows.toSorted((a, b) => a.day - b.day)
  let next = 0
  return days.flatMap((day) => {
    for (let row = sorted[next]; row && row.day <= day; row = sorted[++next]) known.set(row.id, row.bytes)
    return known.size === 0 ? [] : [{ day, value: [...known.values()].reduce((sum, bytes) => sum + bytes, 0) }]
  })
}
