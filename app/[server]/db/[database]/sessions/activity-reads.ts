import { type Place, targetOf } from '@/app/place'
import type { ActivityAnswer, ActivityHistory, SessionDetail } from '@/components/sessions/activity-types'
import { PRESET_MS, type Preset } from '@/components/time/time-range'
import { connectionSeries, waitSeries, xminHolders } from '@/db/history/activity'
import { historyBegin, sampledPart, toldRange } from '@/db/history/begin'
import { timeMarks } from '@/db/history/events'
import { CONNECTION_SAMPLE } from '@/db/history/series'
import { failed, ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import { readActivity } from '@/db/sessions/activity'
import { IDLE_SECONDS } from '@/db/sessions/checks/idle-in-transaction'
import { LONG_SECONDS } from '@/db/sessions/checks/long-transaction'
import { NEAR_SHARE } from '@/db/sessions/checks/near-max-connections'
import { sessionDetail } from '@/db/sessions/reads/sessions'

/** What the sessions of a server do now. Names of relations are those of the database of the place. */
export async function readActivityOf(place: Place): Promise<Result<ActivityAnswer>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const activity = await readActivity(target.value)
  if (!activity.ok) return activity
  const limits = { longSeconds: LONG_SECONDS, idleSeconds: IDLE_SECONDS, nearShare: NEAR_SHARE }
  return ok({ ...activity.value, limits, seenSince: await firstSeen(place.server, activity.value.holders) })
}

const [DAYS_BACK, STILL_MS] = [30, 300_000]

/** Since when the samples have seen a slot or a standby hold the horizon, where the server itself does not tell; by kind and name. */
async function firstSeen(server: string, holders: ActivityAnswer['holders']): Promise<Record<string, string>> {
  const untold = holders.filter(({ seconds, kind }) => seconds === null && kind !== 'backend')
  if (untold.length === 0) return {}
  const now = Date.now()
  const seen = await xminHolders(server, { from: new Date(now - DAYS_BACK * 86_400_000), to: new Date(now) })
  const episodes = seen.filter(({ lastSeen }) => now - Date.parse(lastSeen) < STILL_MS)
  return Object.fromEntries(
    untold.flatMap(({ kind, name }) => {
      const found = episodes.find((one) => one.kind === kind && (one.identity === name || one.identity.startsWith(`${name} `)))
      return found ? [[`${kind} ${name}`, found.firstSeen]] : []
    }),
  )
}

/** What a list leaves out of one session. Errors: conflict when it has ended. */
export async function readSession({ pid, ...place }: Place & { pid: number }): Promise<Result<SessionDetail>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const rows = await runRead(target.value, sessionDetail, { pid })
  if (!rows.ok) return rows
  return rows.value[0] ? ok(rows.value[0]) : failed('conflict', `The session of pid ${pid} has ended`)
}

/** Points of a chart, and how many waits are told apart in it. */
const POINTS = 120
const MOST_WAITS = 6

/** What active sessions waited for, and connections by state, from the samples. */
export async function readActivityHistory(
  server: string,
  asked: { range: Preset; from: number | null; to: number | null },
  now = Date.now(),
): Promise<Result<ActivityHistory>> {
  const whole =
    asked.from !== null && asked.to !== null && asked.from < asked.to
      ? { from: new Date(asked.from), to: new Date(asked.to) }
      : { from: new Date(now - PRESET_MS[asked.range]), to: new Date(now) }
  const { range, since } = toldRange(whole, await historyBegin(server))
  const [sampledFromTo, waits, connections, marks] = await Promise.all([
    sampledPart(server, CONNECTION_SAMPLE, range),
    waitSeries(server, range, { points: POINTS }),
    connectionSeries(server, range, POINTS),
    timeMarks(server, range),
  ])
  const bucketMs = connections.width * 1000
  const first = Math.floor(range.from.getTime() / bucketMs) * bucketMs
  const times = Array.from({ length: Math.ceil((range.to.getTime() - first) / bucketMs) }, (_, at) => first + at * bucketMs)
  const sampled = new Map(connections.points.map((point) => [point.at, point]))
  const inState = (name: 'active' | 'idle' | 'idle_in_transaction' | 'idle_aborted' | 'other') =>
    times.map((at) => sampled.get(at)?.[name] ?? null)
  const byWait = Map.groupBy(waits.points, ({ type, event }) => (type === null ? 'CPU' : `${type}: ${event}`))
  const weight = (name: string) => (byWait.get(name) ?? []).reduce((sum, { sessions }) => sum + sessions, 0)
  const names = [...byWait.keys()].sort((a, b) => weight(b) - weight(a))
  const valuesOf = (wanted: string[]) => {
    const sums = new Map<number, number>()
    for (const name of wanted) for (const { at, sessions } of byWait.get(name) ?? []) sums.set(at, (sums.get(at) ?? 0) + sessions)
    return times.map((at) => (sampled.has(at) ? (sums.get(at) ?? 0) : null))
  }
  const top = names.slice(0, MOST_WAITS)
  const rest = names.slice(MOST_WAITS)
  return ok({
    buckets: { from: range.from.getTime(), to: range.to.getTime(), times, bucketMs, sampled: sampledFromTo },
    since,
    waits: [
      ...top.map((label) => ({ label, values: valuesOf([label]) })),
      ...(rest.length > 0 ? [{ label: 'rest', values: valuesOf(rest) }] : []),
    ],
    connections: {
      active: inState('active'),
      idleInTransaction: inState('idle_in_transaction').map((value, at) =>
        value === null ? null : value + (inState('idle_aborted')[at] ?? 0),
      ),
      idle: inState('idle'),
      other: inState('other'),
    },
    maxConnections: connections.points.at(-1)?.max_connections ?? null,
    peak: Math.max(0, ...connections.points.map(({ peak }) => peak)),
    marks,
  })
}
