'use client'
import type { QueryList } from '@/db/history/statement-list'
import { StackedArea } from '../charts/charts'
import { duration } from '../format'
import { historyWords } from '../time/history-words'
import { eventsOf } from '../time/mark-events'
import { Card, CardHeader, Legend } from '../ui/card'
import { pickable, rangeWords } from './compare-messages'
import { sessions } from './query-messages'

const COLORS = ['var(--q1)', 'var(--q2)', 'var(--q3)', 'var(--q4)', 'var(--q5)', 'var(--q6)']

/** The colour of each statement that has one. */
export const colorsOf = ({ chart }: QueryList): Map<string, string> =>
  new Map((chart?.top ?? []).map(({ key }, index) => [key, COLORS[index] ?? 'var(--q0)']))

interface QueryChartProps {
  list: QueryList
  onSelect: (from: number, to: number) => void
  onOpen: (key: string) => void
  /** Compares what came after an event with what was before it. */
  onSince: (at: number) => void
}

/** The statements with the most time as average active sessions, one upon the other; dragging selects a range. */
export function QueryChart({ list, onSelect, onOpen, onSince }: QueryChartProps) {
  const { chart } = list
  if (!chart) return null
  const series = [
    ...chart.top.map(({ key, name, values }, index) => ({ key, label: name, color: COLORS[index] ?? 'var(--q0)', values })),
    { key: 'rest', label: 'rest', color: 'var(--q0)', values: chart.rest },
  ]
  const span = rangeWords(chart)
  const parts = new Set(pickable(list.marks).map(({ at }) => at))
  return (
    <Card className="mb-4 px-0 pb-2" label="Total time by statement">
      <CardHeader
        title="Total time by statement"
        sub={`average active sessions, ${duration(chart.bucketMs)}, ${chart.since === null ? span : historyWords(chart.since)}`}
      >
        {series.map(({ key, label, color }) => {
          const mark = <i key={key} aria-hidden className="size-2 rounded-[2px]" style={{ background: color }} />
          return key === 'rest' ? (
            <Legend key={key} mark={mark}>
              {label}
            </Legend>
          ) : (
            <button
              key={key}
              type="button"
              title={label}
              className="flex max-w-full rounded-[3px] hover:text-ink"
              onClick={() => onOpen(key)}
            >
              <Legend mark={mark}>{label}</Legend>
            </button>
          )
        })}
      </CardHeader>
      <div className="px-4 pt-2">
        <StackedArea
          buckets={chart}
          series={series}
          label={`Average active sessions by statement, ${span}`}
          sumWord="active"
          format={sessions}
          height={204}
          events={eventsOf(list.marks).map((event) =>
            parts.has(event.at) ? { ...event, onPick: () => onSince(Math.trunc(event.at)) } : event,
          )}
          onSelect={onSelect}
        />
      </div>
    </Card>
  )
}
