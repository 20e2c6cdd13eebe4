'use client'
import { TimeLines } from '../charts/charts'
import type { TimeEvent } from '../charts/time-axis'
import { count } from '../format'
import type { TableHistory } from './table-answers'
import { countedBuckets } from './table-points'

/** Dead rows of the last day against the threshold, with each bucket in which a VACUUM ended marked. */
export function DeadRowsChart({
  history,
  threshold,
  now,
  readAt,
}: {
  history: TableHistory | undefined
  threshold: number | null
  now: number
  readAt: string
}) {
  const told = history && countedBuckets(history.day, history.begin, Date.parse(readAt))
  if (!history) return <p className="py-3 text-cell text-ink-3">Reading …</p>
  if (!told) return <p className="py-2 text-cell text-ink-3">Dead rows over time: nothing was sampled yet.</p>
  const dead = told.gauge((point) => point.dead)
  if (dead.length > 0) dead[dead.length - 1] = now
  const vacuums = told.sums(({ vacuums: runs }) => runs)
  const runs = told.buckets.times.flatMap((at, index): TimeEvent[] =>
    (vacuums[index] ?? 0) > 0 ? [{ at: at + told.buckets.bucketMs / 2, label: 'VACUUM ended', tone: 'plain' }] : [],
  )
  return (
    <TimeLines
      label="Dead rows of the last day, and the threshold of autovacuum"
      buckets={told.buckets}
      series={[
        { key: 'dead', label: 'Dead rows', color: 'var(--warn-fill)', values: dead },
        ...(threshold === null
          ? []
          : [
              {
                key: 'threshold',
                label: 'Threshold',
                color: 'var(--ink-3)',
                values: dead.map((value) => (value === null ? null : threshold)),
              },
            ]),
      ]}
      format={(value) => count(Math.round(value))}
      whole
      height={96}
      events={runs}
      filled
    />
  )
}
