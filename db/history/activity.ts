import { consoleDb } from '../console/client'
import type { XminHolderKind } from '../console/schema-sampling'
import { bucketOf, type Covered, numberOf, pointsOf, rowsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, CONNECTION_STATES, tableOf, WAIT_SAMPLE } from './series'

interface WaitPoint {
  at: number
  /** Both null: on CPU, or at least waiting for nothing that PostgreSQL names. */
  type: string | null
  event: string | null
  /** Active sessions, averaged over the samples of the bucket. */
  sessions: number
}

/** Active sessions by what they waited for, over time; of one statement where a queryid is given. */
export async function waitSeries(
  serverId: string,
  range: TimeRange,
  { points, queryid, dbid }: { points?: number; queryid?: string; dbid?: number } = {},
): Promise<{ covered: Covered; width: number; points: WaitPoint[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, WAIT_SAMPLE, range, points)
  const taken = await pointsOf(no, CONNECTION_SAMPLE, range, points)
  const sql = /* sql */ `
with taken as (
  select ${bucketOf(width)} as bucket, sum(samples) as samples from ${taken.from} c group by 1
), seen as (
  select ${bucketOf(width)} as bucket, wait, sum(sessions) as sessions from ${from} d
   where ($2::int8 is null or queryid = $2) and ($3::oid is null or datid = $3)
   group by 1, 2
)
select seen.bucket * 1000 as at, nullif(w.type, '') as type, nullif(w.name, '') as event,
       seen.sessions::float8 / greatest(taken.samples, 1) as sessions
  from seen join taken using (bucket) join wait_event w on w.id = seen.wait
 order by 1, 4 desc`
  const { rows } = await consoleDb().$client.query<WaitPoint>(sql, [no, queryid ?? null, dbid ?? null])
  return { covered, width, points: rows }
}

/** What one statement was seen waiting for, over a range: samples of a session, and their share. */
export async function queryWaits(
  serverId: string,
  queryid: string,
  dbid: number,
  range: TimeRange,
): Promise<{ type: string | null; event: string | null; sessions: number; share: number }[]> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await rowsOf(no, WAIT_SAMPLE, range)
  const sql = /* sql */ `
select nullif(w.type, '') as type, nullif(w.name, '') as event, sum(d.sessions)::float8 as sessions,
       (sum(d.sessions) / sum(sum(d.sessions)) over ())::float8 as share
  from ${from} d join wait_event w on w.id = d.wait
 where d.queryid = $2::int8 and d.datid = $3
 group by 1, 2 order by 3 desc`
  return (await consoleDb().$client.query(sql, [no, queryid, dbid])).rows
}

export type ConnectionPoint = Record<(typeof CONNECTION_STATES)[number], number> & {
  at: number
  peak: number
  peak_active: number
  peak_idle_in_transaction: number
  max_connections: number
  /** Age of the oldest transaction that was seen, in seconds; null where there was none. */
  oldest_transaction: number | null
  /** Transactions. */
  oldest_xmin_age: number | null
}

/** Client sessions by state, averaged over a bucket, with the peaks in it. */
export async function connectionSeries(
  serverId: string,
  range: TimeRange,
  points?: number,
): Promise<{ covered: Covered; width: number; points: ConnectionPoint[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, CONNECTION_SAMPLE, range, points)
  const averages = CONNECTION_STATES.map((state) => `coalesce(sum(${state}), 0)::float8 / greatest(sum(samples), 1) as ${state}`)
  const sql = /* sql */ `
select ${bucketOf(width)} * 1000 as at, ${averages.join(', ')}, coalesce(max(peak), 0) as peak,
       coalesce(max(peak_active), 0) as peak_active, coalesce(max(peak_idle_in_transaction), 0) as peak_idle_in_transaction,
       max(max_connections) as max_connections, max(oldest_transaction) as oldest_transaction,
       max(oldest_xmin_age)::float8 as oldest_xmin_age
  from ${from} d group by 1 order by 1`
  return { covered, width, points: (await consoleDb().$client.query<ConnectionPoint>(sql, [no])).rows }
}

/** One look at the sessions, `at` in ms since the epoch. */
export interface NewestSample {
  at: number
  total: number
  idle_in_transaction: number
  max_connections: number
  /** Connections that are kept for superusers and other roles (manual, 20.3.1). */
  reserved: number
  oldest_transaction: number | null
}

/** The latest sample, not averaged; null where the finest step holds none any more. What lies ahead of the clock is from before it was set back. */
export async function newestSample(serverId: string, now = new Date()): Promise<NewestSample | null> {
  const { rows } = await consoleDb().$client.query<NewestSample>(
    /* sql */ `
select extract(epoch from d.at)::float8 * 1000 as at, coalesce(d.total, 0)::float8 as total,
       coalesce(d.idle_in_transaction, 0)::float8 as idle_in_transaction, d.max_connections, d.oldest_transaction,
       (select coalesce(sum(value::int), 0)::int from setting_seen
         where server = s.no and name in ('superuser_reserved_connections', 'reserved_connections')) as reserved
  from sampled_server s join ${tableOf(CONNECTION_SAMPLE, CONNECTION_SAMPLE.steps[0] as number)} d on d.server = s.no
 where s.server_id = $1 and s.current and d.at <= $2 order by d.at desc limit 1`,
    [serverId, now],
  )
  return rows[0] ?? null
}

/** The most client sessions at once within a range; null where nothing was sampled. */
export async function peakConnections(
  serverId: string,
  range: TimeRange,
): Promise<{ peak: number; max_connections: number; at: number } | null> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await rowsOf(no, CONNECTION_SAMPLE, range)
  const { rows } = await consoleDb().$client.query(
    `select coalesce(peak, 0) as peak, max_connections, extract(epoch from at)::float8 * 1000 as at from ${from} d order by 1 desc, at desc limit 1`,
    [no],
  )
  return rows[0] ?? null
}

export interface XminHolder {
  kind: XminHolderKind
  identity: string
  detail: Record<string, string | number | null>
  /** When its transaction began or was prepared; null for a slot and a standby. */
  since: string | null
  firstSeen: string
  lastSeen: string
  /** The greatest age of its xmin that was seen, in transactions. */
  age: number
}

/** Who held the oldest xmin of its kind at some time within a range, the latest first. */
export async function xminHolders(serverId: string, { from, to }: TimeRange): Promise<XminHolder[]> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select h.kind, h.identity, h.detail, h.since, h.first_seen as "firstSeen", h.last_seen as "lastSeen", h.age::float8 as age
  from xmin_holder h join sampled_server s on s.no = h.server
 where s.server_id = $1 and s.current and h.last_seen >= $2 and h.first_seen < $3
 order by h.last_seen desc, h.age desc limit 500`,
    [serverId, from, to],
  )
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return rows.map((row) => ({ ...row, since: iso(row.since), firstSeen: iso(row.firstSeen), lastSeen: iso(row.lastSeen) }))
}
