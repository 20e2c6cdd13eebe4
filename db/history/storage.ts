import { consoleDb } from '../console/client'
import type { DailyValue } from '../domain/forecast'
import { numberOf, pointsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, DATABASE_SIZE } from './series'

const DAY = 86_400

/**
 * Bytes of all databases together at the end of each day on which the server was looked at. A size is written where it changed: one that
 * was known before a day holds on it. A day without any sample is left out, and so is the time before the first size was known.
 */
export async function dailySizes(serverId: string, range: TimeRange): Promise<DailyValue[]> {
  const no = (await numberOf(serverId)) ?? -1
  const sizes = await pointsOf(no, DATABASE_SIZE, range)
  const looked = await pointsOf(no, CONNECTION_SAMPLE, range)
  const { rows } = await consoleDb().$client.query<{ day: number; datid: number; bytes: number }>(
    /* sql */ `
select distinct on (day, datid) floor(extract(epoch from d.at) / ${DAY})::int as day, d.datid::int8::float8 as datid, d.bytes::float8 as bytes
  from ${sizes.from} d where d.bytes is not null order by day, datid, d.at desc`,
    [no],
  )
  const { rows: days } = await consoleDb().$client.query<{ day: number }>(
    `select distinct floor(extract(epoch from d.at) / ${DAY})::int as day from ${looked.from} d order by 1`,
    [no],
  )
  return summedByDay(
    rows,
    days.map(({ day }) => day),
  )
}

/** The sum of what is known of each database on each day, in the order of days. */
export function summedByDay(rows: readonly { day: number; datid: number; bytes: number }[], days: readonly number[]): DailyValue[] {
  const known = new Map<number, number>()
  const sorted = rows.toSorted((a, b) => a.day - b.day)
  let next = 0
  return days.flatMap((day) => {
    for (let row = sorted[next]; row && row.day <= day; row = sorted[++next]) known.set(row.datid, row.bytes)
    return known.size === 0 ? [] : [{ day, value: [...known.values()].reduce((sum, bytes) => sum + bytes, 0) }]
  })
}
