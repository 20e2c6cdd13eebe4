'use client'
import { useState } from 'react'
import { ScrollRegion } from '../ui/scroll-region'
import { ChartTable } from './chart-table'
import { bucketWords, type TimeBuckets, type TimeSeries } from './time-axis'

interface TimeTableProps {
  buckets: TimeBuckets
  series: TimeSeries[]
  format: (value: number) => string
  label: string
}

/** The table of a chart over time, below it. Made when it is opened. */
export function TimeTable({ buckets: { times, bucketMs, from, to }, series, format, label }: TimeTableProps) {
  const [open, setOpen] = useState(false)
  const words = (value: number | null | undefined) => (value == null ? '–' : format(value))
  return (
    <details className="mt-1 text-label text-ink-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-max cursor-pointer rounded-[3px] pr-1 hover:text-ink">As a table</summary>
      {open && (
        <ScrollRegion label={`${label}, as a table`} className="mt-1 max-h-72 rounded-control border border-line">
          <ChartTable
            head={['Time (UTC)', ...series.map(({ label: name }) => name)]}
            rows={times.map((at, index) => ({
              key: at,
              cells: [bucketWords(at, bucketMs, to - from), ...series.map(({ values }) => words(values[index]))],
            }))}
            nameClass="whitespace-nowrap"
          />
        </ScrollRegion>
      )}
    </details>
  )
}
