'use client'
import { useState } from 'react'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ScrollRegion } from '../ui/scroll-region'
import { bucketWords, type TimeBuckets, type TimeSeries } from './time-axis'

interface ChartTableProps {
  buckets: TimeBuckets
  series: TimeSeries[]
  format: (value: number) => string
  label: string
}

/** The numbers of a chart, for whoever reads them better than a drawing. Made when it is opened. */
export function ChartTable({ buckets: { times, bucketMs, from, to }, series, format, label }: ChartTableProps) {
  const [open, setOpen] = useState(false)
  return (
    <details className="mt-1 text-label text-ink-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-max cursor-pointer rounded-[3px] pr-1 hover:text-ink">As a table</summary>
      {open && (
        <ScrollRegion label={`${label}, as a table`} className="mt-1 max-h-72 rounded-control border border-line">
          <table className="w-full">
            <thead className="sticky top-0">
              <tr>
                <HeadCell>Time (UTC)</HeadCell>
                {series.map(({ key, label: name }) => (
                  <HeadCell key={key} numeric className="max-w-48 truncate">
                    {name}
                  </HeadCell>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, index) => (
                <Row key={at}>
                  <Cell className="whitespace-nowrap">{bucketWords(at, bucketMs, to - from)}</Cell>
                  {series.map(({ key, values }) => (
                    <Cell key={key} numeric>
                      {values[index] == null ? '–' : format(values[index])}
                    </Cell>
                  ))}
                </Row>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  )
}
