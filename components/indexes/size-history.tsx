'use client'
import { CHART_HEIGHT, TimeLines } from '../charts/charts'
import { bytesShort, count } from '../format'
import { Legend } from '../ui/card'
import { SectionTitle } from '../ui/section-title'
import type { DescribedIndex } from './described'
import { historyEvents } from './history-events'
import { sizePoints } from './size-points'

/** Size, live size and scans of an index over time, as sampled and measured, with the runs and resets that explain a step. */
export function SizeHistory({ index, readAt }: { index: DescribedIndex; readAt: string }) {
  const points = sizePoints(index, Date.parse(readAt))
  if (!points) return null
  const { buckets, size, live, scans } = points
  const events = historyEvents(index.marks.filter(({ at }) => at >= buckets.from))
  return (
    <>
      <SectionTitle
        sub="hourly samples and measurements"
        aside={
          <>
            <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-warn-fill" />}>Size</Legend>
            <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-live" />}>Live</Legend>
          </>
        }
      >
        Size and bloat
      </SectionTitle>
      <TimeLines
        label="Size and live size over time"
        buckets={buckets}
        series={[
          { key: 'size', label: 'Size', color: 'var(--warn-fill)', values: size },
          { key: 'live', label: 'Live', color: 'var(--live)', values: live },
        ]}
        format={bytesShort}
        inBytes
        height={CHART_HEIGHT}
        events={events}
        filled
      />
      {scans.some((value) => value !== null) && (
        <>
          <SectionTitle sub="between two samples">Scans</SectionTitle>
          <TimeLines
            label="Scans over time"
            buckets={buckets}
            series={[{ key: 'scans', label: 'Scans', color: 'var(--live)', values: scans }]}
            format={(value) => count(Math.round(value))}
            whole
            events={events}
            height={96}
          />
        </>
      )}
    </>
  )
}
