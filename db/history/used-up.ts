import { consoleDb } from '../console/client'
import type { DailyValue } from '../domain/forecast'
import { numberOf, pointsOf } from './range'
import type { Series } from './series'
import { ID_SAMPLE, SEQUENCE_SAMPLE } from './series-of-use'

const DAY_S = 86_400
const LOOK_BACK_DAYS = 90

/** The counters of IDs on each day on which they were sampled, the last of the day; those of 32 bits go on where they wrapped around. */
export async function dailyIds(serverId: string, now = new Date()): Promise<{ xids: DailyValue[]; mxids: DailyValue[] }> {
  const rows = await daily<{ day: number; xid: number; mxid: number }>(
    ID_SAMPLE,
    serverId,
    now,
    (day, from) =>
      `select distinct on (day) ${day} as day, next_xid::float8 as xid, next_mxid::float8 as mxid from ${from} d where next_xid is not null order by day, at desc`,
  )
  let turns = 0
  const mxids = rows.map(({ day, mxid }, at) => {
    if (mxid < (rows[at - 1]?.mxid ?? 0)) turns++
    return { day, value: mxid + turns * 2 ** 32 }
  })
  return { xids: rows.map(({ day, xid }) => ({ day, value: xid })), mxids }
}

/** Last values of the sequences of a database on each day, by their OID. */
export async function dailySequences(serverId: string, database: string, now = new Date()): Promise<Map<number, DailyValue[]>> {
  const rows = await daily<DailyValue & { seqrelid: number }>(
    SEQUENCE_SAMPLE,
    serverId,
    now,
    (day, from) => `
select distinct on (seqrelid, day) seqrelid::int8::float8 as seqrelid, ${day} as day, last_value::float8 as value
  from ${from} d
 where d.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2) and last_value is not null
 order by seqrelid, day, at desc`,
    [database],
  )
  const found = Map.groupBy(rows, ({ seqrelid }) => seqrelid)
  return new Map([...found].map(([seqrelid, values]) => [seqrelid, values.map(({ day, value }) => ({ day, value }))]))
}

async function daily<R extends object>(
  series: Series,
  serverId: string,
  now: Date,
  sql: (day: string, from: string) => string,
  values: unknown[] = [],
): Promise<R[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await pointsOf(no, series, { from: new Date(now.getTime() - LOOK_BACK_DAYS * DAY_S * 1000), to: now })
  const day = `floor(extract(epoch from at) / ${DAY_S})::int`
  const { rows } = await consoleDb().$client.query<R & Record<string, unknown>>(sql(day, from), [no, ...values])
  return rows
}
