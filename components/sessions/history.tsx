'use client'
import { CHART_HEIGHT, StackedArea } from '../charts/charts'
import { exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { historyWords } from '../time/history-words'
import { eventsOf } from '../time/mark-events'
import { RangePicker } from '../time/range-picker'
import { fixedRange, type TimeRange, type TimeRangeParams } from '../time/time-range'
import { Card, CardHeader, Legend } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'
import type { ActivityHistory } from './activity-types'

interface HistoryProps {
  server: string
  range: TimeRange
  onRange: (next: Partial<TimeRangeParams>) => void
  /** What the server rendered with, where it is of this range. */
  initial: LiveAnswer<ActivityHistory> | undefined
  paused: boolean
}

const EVERY_MS = 10_000
const number = (value: number) => (value < 10 ? value.toFixed(value === Math.round(value) ? 0 : 1) : exactCount(Math.round(value)))
const CONNECTIONS = [
  { key: 'active', label: 'active', color: 'var(--q1)' },
  { key: 'idleInTransaction', label: 'idle in transaction', color: 'var(--q3)' },
  { key: 'other', label: 'other', color: 'var(--q4)' },
  { key: 'idle', label: 'idle', color: 'var(--q0)' },
] as const

/** What sessions waited for, and how many connections there were, over time. */
export function History({ server, range, onRange, initial, paused }: HistoryProps) {
  const asked = range.preset ? { range: range.preset } : { from: range.from, to: range.to }
  const { answer } = useLive('activity-history', { server, ...asked }, { initial, everyMs: paused || !range.preset ? false : EVERY_MS })
  const select = (from: number, to: number) => onRange(fixedRange(from, to))
  const history = answer?.ok ? answer.value : undefined
  const waits = (history?.waits ?? []).map(({ label, values }, at) => ({
    key: label,
    label,
    values,
    color: label === 'rest' ? 'var(--q0)' : `var(--q${at + 1})`,
  }))
  const connections = CONNECTIONS.map((series) => ({ ...series, values: history?.connections[series.key] ?? [] })).filter(
    ({ key, values }) => key !== 'other' || values.some(Boolean),
  )
  const max = history?.maxConnections ?? null
  const events = eventsOf(history?.marks ?? [])
  return (
    <section aria-label="Over time" className="mb-4">
      <div className="mb-2.5 flex flex-wrap items-center gap-3">
        <h2 className="text-body font-semibold">Over time</h2>
        {history?.since != null && <span className="text-label text-ink-3">{historyWords(history.since)}</span>}
        <div className="ml-auto max-sm:ml-0">
          <RangePicker range={range} onChange={onRange} />
        </div>
      </div>
      {answer && !answer.ok && <ProblemPanel title="The samples could not be read" problem={answer.problem} />}
      {history && (
        <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
          <Card label="Wait events" className="flex flex-col pb-3">
            <CardHeader title="Wait events" sub="active sessions">
              {waits.map(({ key, label, color }) => (
                <Legend key={key} mark={<Square color={color} />}>
                  {label}
                </Legend>
              ))}
            </CardHeader>
            <div className="mt-auto px-4 pt-2">
              {history.maxConnections === null || waits.length === 0 ? (
                <Nothing sampled={history.maxConnections !== null} />
              ) : (
                <StackedArea
                  buckets={history.buckets}
                  series={waits}
                  label="Active sessions by wait event"
                  sumWord="active"
                  format={number}
                  height={CHART_HEIGHT}
                  events={events}
                  onSelect={select}
                />
              )}
            </div>
          </Card>
          <Card label="Connections by state" className="flex flex-col pb-3">
            <CardHeader
              title="Connections by state"
              sub={max === null ? undefined : `peak ${exactCount(history.peak)} of max_connections ${exactCount(max)}`}
            >
              {connections.map(({ key, label, color }) => (
                <Legend key={key} mark={<Square color={color} />}>
                  {label}
                </Legend>
              ))}
            </CardHeader>
            <div className="mt-auto px-4 pt-2">
              {max === null ? (
                <Nothing sampled={false} />
              ) : (
                <StackedArea
                  buckets={history.buckets}
                  series={connections}
                  label="Connections by state"
                  sumWord="connections"
                  format={number}
                  height={CHART_HEIGHT}
                  events={events}
                  limit={{ value: max, label: 'max_connections' }}
                  onSelect={select}
                />
              )}
            </div>
          </Card>
        </div>
      )}
    </section>
  )
}

const Square = ({ color }: { color: string }) => <i aria-hidden className="size-2.5 rounded-[2px]" style={{ background: color }} />

const Nothing = ({ sampled }: { sampled: boolean }) => (
  <p className="grid h-[132px] place-items-center text-center text-ink-3">
    {sampled ? 'No session was active in any sample of this range.' : 'No samples in this range. The worker takes one every 10 s.'}
  </p>
)
