'use client'
import type { TimeMark } from '@/db/history/events'
import { TimeLines } from '../charts/time-lines'
import { count, plural } from '../format'
import { useLive } from '../live/use-live'
import { Card, CardHeader } from '../ui/card'
import { historyEvents } from './history-events'

/** Scans of all indexes of a database, as sampled; times in ms, width in seconds. */
export interface IndexUsage {
  from: number
  to: number
  width: number
  points: { at: number; scans: number; indexes: number }[]
  marks: TimeMark[]
}

const REFRESH_MS = 5 * 60_000

/** How much the indexes are used over time. Nothing is drawn before two samples have told a difference. */
export function UsageOverTime({ server, database }: { server: string; database: string }) {
  const { answer } = useLive<IndexUsage>('index-usage', { server, database }, { everyMs: REFRESH_MS })
  const first = answer?.ok ? answer.value.points[0] : undefined
  if (!answer?.ok || !first) return null
  const { to, width, points, marks } = answer.value
  const times: number[] = []
  for (let at = first.at; at < to; at += width * 1000) times.push(at)
  const hourly = new Map(points.map((point) => [point.at, (point.scans / width) * 3_600]))
  const used = Math.max(...points.map(({ indexes }) => indexes))
  return (
    <Card label="Index scans over time" className="mt-4">
      <CardHeader title="Index scans" sub={`an hour, by the hourly samples; up to ${plural(used, 'index', 'indexes')} in use at once`} />
      <div className="px-4 pt-2 pb-3">
        <TimeLines
          label="Index scans over time"
          buckets={{ from: first.at, to, times, bucketMs: width * 1000 }}
          series={[{ key: 'scans', label: 'Scans', color: 'var(--live)', values: times.map((at) => hourly.get(at) ?? null) }]}
          format={(value) => count(Math.round(value))}
          events={historyEvents(marks.filter(({ at }) => at >= first.at))}
          filled
        />
      </div>
    </Card>
  )
}
