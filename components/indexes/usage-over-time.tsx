'use client'
import { CHART_HEIGHT, TimeLines } from '../charts/charts'
import { count, plural } from '../format'
import { useLive } from '../live/use-live'
import { historyEvents } from './history-events'
import { usagePoints } from './usage-points'

const REFRESH_MS = 5 * 60_000

/** How much the indexes are used over time; two samples are needed to tell a difference. */
export function UsageOverTime({ server, database }: { server: string; database: string }) {
  const { answer } = useLive('index-usage', { server, database }, { everyMs: REFRESH_MS })
  const first = answer?.ok ? answer.value.points[0] : undefined
  if (!answer) return null
  if (!answer.ok) return <p className="grid h-full place-items-center text-ink-3">Not read: {answer.problem.message}</p>
  if (!first) return <p className="grid h-full place-items-center text-ink-3">No data yet: two hourly samples are needed.</p>
  const { points, marks } = answer.value
  const { buckets, values } = usagePoints(answer.value, first.at)
  const used = Math.max(...points.map(({ indexes }) => indexes))
  return (
    <div className="pt-1.5">
      <TimeLines
        label={`Index scans an hour, by the hourly samples; up to ${plural(used, 'index', 'indexes')} in use at once`}
        height={CHART_HEIGHT - 28}
        buckets={buckets}
        series={[{ key: 'scans', label: 'Scans an hour', color: 'var(--live)', values }]}
        whole
        format={(value) => count(Math.round(value))}
        events={historyEvents(marks.filter(({ at }) => at >= buckets.from))}
        filled
      />
    </div>
  )
}
