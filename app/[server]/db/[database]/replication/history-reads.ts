import type { ReplicationHistory } from '@/components/replication/replication-types'
import { PRESET_MS, type Preset } from '@/components/time/time-range'
import { historyBegin, sampledPart, toldRange } from '@/db/history/begin'
import { counterSeries } from '@/db/history/counters'
import { timeMarks } from '@/db/history/events'
import { lagSeries, slotSeries } from '@/db/history/replication'
import { SERVER_DELTA } from '@/db/history/series'
import { ok, type Result } from '@/db/server/problem'

/** Points of a chart. */
const POINTS = 120

/** WAL, checkpoints, lag and slots of a server within a time range, from the samples. */
export async function readReplicationHistory(
  server: string,
  asked: { range: Preset; from: number | null; to: number | null },
  now = Date.now(),
): Promise<Result<ReplicationHistory>> {
  const whole =
    asked.from !== null && asked.to !== null && asked.from < asked.to
      ? { from: new Date(asked.from), to: new Date(asked.to) }
      : { from: new Date(now - PRESET_MS[asked.range]), to: new Date(now) }
  const { range, since } = toldRange(whole, await historyBegin(server))
  const [sampled, counters, lag, slots, marks] = await Promise.all([
    sampledPart(server, SERVER_DELTA, range),
    counterSeries(server, range, { points: POINTS }),
    lagSeries(server, range, POINTS),
    slotSeries(server, range, POINTS),
    timeMarks(server, range),
  ])
  const bucketMs = counters.width * 1000
  const first = Math.floor(range.from.getTime() / bucketMs) * bucketMs
  const times = Array.from({ length: Math.ceil((range.to.getTime() - first) / bucketMs) }, (_, at) => first + at * bucketMs)
  const counted = new Map(counters.points.map((point) => [point.at, point]))
  const each = <T>(points: Map<number, T>, value: (point: T) => number | null) =>
    times.map((at) => {
      const point = points.get(at)
      return point === undefined ? null : value(point)
    })
  const byAt = <T extends { at: number }>(points: T[]) => new Map(points.map((point) => [point.at, point]))
  return ok({
    buckets: { from: range.from.getTime(), to: range.to.getTime(), times, bucketMs, sampled },
    since,
    wal: each(counted, ({ wal_bytes, seconds }) => (seconds > 0 ? wal_bytes / seconds : null)),
    checkpoints: {
      timed: each(counted, ({ checkpoints_timed }) => checkpoints_timed),
      requested: each(counted, ({ checkpoints_req }) => checkpoints_req),
    },
    lag: [...Map.groupBy(lag.points, ({ standby }) => standby)].map(([standby, points]) => ({
      standby,
      bytes: each(byAt(points), ({ replay_bytes }) => replay_bytes),
      // Where everything was replayed there is no time, and no lag.
      seconds: each(byAt(points), ({ replay_bytes, replay_time }) =>
        replay_time === null ? (replay_bytes === 0 ? 0 : null) : replay_time / 1000,
      ),
    })),
    retained: [...Map.groupBy(slots.points, ({ slot }) => slot)].map(([slot, points]) => ({
      slot,
      bytes: each(byAt(points), ({ retained_bytes }) => retained_bytes),
    })),
    marks,
  })
}
