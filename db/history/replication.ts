import type { DelayedStandby } from '../checks/define-check'
import { consoleDb } from '../console/client'
import { bucketOf, type Covered, numberOf, pointsOf, rowsOf, type TimeRange } from './range'
import { SLOT_SAMPLE, STANDBY_SAMPLE } from './series'

/** The worst of a bucket. Times are in ms, and null where nothing was left to replay. */
interface LagPoint {
  at: number
  standby: string
  replay_bytes: number | null
  replay_time: number | null
}

/** The most that a slot kept in a bucket, and whether it had a reader at any time of it. */
interface SlotPoint {
  at: number
  slot: string
  retained_bytes: number
  active: boolean
}

/** How far standbys were behind, over time. */
export async function lagSeries(
  serverId: string,
  range: TimeRange,
  points?: number,
): Promise<{ covered: Covered; width: number; points: LagPoint[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, STANDBY_SAMPLE, range, points)
  const { rows } = await consoleDb().$client.query<LagPoint>(
    /* sql */ `
select ${bucketOf(width)} * 1000 as at, standby, max(replay_bytes)::float8 as replay_bytes, max(replay_time)::float8 as replay_time
  from ${from} d group by 1, 2 order by 1, 2`,
    [no],
  )
  return { covered, width, points: rows }
}

/** What slots kept of the WAL, over time. */
export async function slotSeries(
  serverId: string,
  range: TimeRange,
  points?: number,
): Promise<{ covered: Covered; width: number; points: SlotPoint[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, SLOT_SAMPLE, range, points)
  const { rows } = await consoleDb().$client.query<SlotPoint>(
    /* sql */ `
select ${bucketOf(width)} * 1000 as at, slot, max(retained_bytes)::float8 as retained_bytes, max(active) = 1 as active
  from ${from} d group by 1, 2 order by 1, 2`,
    [no],
  )
  return { covered, width, points: rows }
}

const DAYS_BACK = 30

/** Until when each slot was last sampled with a reader (ISO 8601), to the length of a bucket; a slot that never was has no entry. */
export async function slotsReadUntil(serverId: string, now = new Date()): Promise<Map<string, string>> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await rowsOf(no, SLOT_SAMPLE, { from: new Date(now.getTime() - DAYS_BACK * 86_400_000), to: now })
  const { rows } = await consoleDb().$client.query<{ slot: string; until: Date }>(
    `select slot, least(max(at + step * interval '1 s'), $2::timestamptz) as until from ${from} d where active = 1 group by slot`,
    [no, now],
  )
  return new Map(rows.map(({ slot, until }) => [slot, until.toISOString()]))
}

/** Standbys of the cluster that a server belongs to, which the console samples and which replay later on purpose. */
export async function delayedStandbys(serverId: string): Promise<DelayedStandby[]> {
  const { rows } = await consoleDb().$client.query<DelayedStandby>(
    /* sql */ `
select coalesce(nullif(n.value, ''), 'walreceiver') as name, nullif(s.value, '') as slot, d.value::float8 / 1000 as seconds
  from sampled_server own
  join sampled_server o on o.system_identifier = own.system_identifier and o.no <> own.no and o.current and o.in_recovery
  join setting_seen d on d.server = o.no and d.name = 'recovery_min_apply_delay' and d.unit = 'ms' and d.value ~ '^[1-9][0-9]*$'
  left join setting_seen n on n.server = o.no and n.name = 'cluster_name'
  left join setting_seen s on s.server = o.no and s.name = 'primary_slot_name'
 where own.server_id = $1 and own.current
 order by 1, 2`,
    [serverId],
  )
  return rows
}
