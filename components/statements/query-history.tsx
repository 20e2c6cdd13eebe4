'use client'
import { useState } from 'react'
import type { QueryDetail } from '@/db/history/statement-list'
import { TimeLines } from '../charts/charts'
import { bytesShort } from '../format'
import { historyWords } from '../time/history-words'
import { eventsOf } from '../time/mark-events'
import { SectionTitle } from '../ui/section-title'
import { Segmented } from '../ui/segmented'
import { milliseconds, sessions } from './query-messages'

interface QueryHistoryProps {
  chart: NonNullable<QueryDetail['chart']>
  marks: QueryDetail['marks']
  blockSize: number
  onSelect: (from: number, to: number) => void
}

const perSecond = (value: number) => `${value < 9.95 ? Number(value.toPrecision(2)) : Math.round(value)}/s`

/** One statement over time, a measure at a time. */
export function QueryHistory({ chart, marks, blockSize, onSelect }: QueryHistoryProps) {
  const [shown, setShown] = useState<keyof typeof measures>('mean')
  const inBytes = (values: (number | null)[]) => values.map((value) => value && value * blockSize)
  const rate = (value: number) => `${bytesShort(value)}/s`
  const measures = {
    mean: { label: 'Mean', values: chart.mean, format: milliseconds },
    calls: { label: 'Calls', values: chart.callsPerSecond, format: perSecond },
    load: { label: 'Load', values: chart.load, format: sessions },
    read: { label: 'Read', values: inBytes(chart.read), format: rate },
    temp: { label: 'Temp', values: inBytes(chart.temp), format: rate },
  }
  const { label, values, format } = measures[shown]
  return (
    <>
      <SectionTitle
        sub={chart.since === null ? undefined : historyWords(chart.since)}
        aside={
          <Segmented
            label="Measure"
            value={shown}
            choices={Object.entries(measures).map(([value, measure]) => ({ value: value as typeof shown, label: measure.label }))}
            onChange={setShown}
          />
        }
      >
        Over time
      </SectionTitle>
      <TimeLines
        buckets={chart}
        series={[{ key: shown, label, color: 'var(--accent)', values }]}
        label={`${label} of this statement over time`}
        format={format}
        inBytes={format === rate}
        height={140}
        events={eventsOf(marks)}
        onSelect={onSelect}
        filled
      />
    </>
  )
}
