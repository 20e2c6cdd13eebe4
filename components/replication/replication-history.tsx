'use client'
import { useQueryStates } from 'nuqs'
import { type ReactNode, useState } from 'react'
import { CHART_HEIGHT, StackedArea, TimeLines } from '../charts/charts'
import type { TimeSeries } from '../charts/time-axis'
import { bytesShort, exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { historyWords } from '../time/history-words'
import { eventsOf } from '../time/mark-events'
import { RangePicker } from '../time/range-picker'
import { fixedRange, timeRangeOf } from '../time/time-range'
import { Card, CardHeader, Legend } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'
import { Segmented } from '../ui/segmented'
import { seconds } from './replication-messages'
import { replicationParams } from './replication-params'
import type { ReplicationHistory as History } from './replication-types'

const EVERY_MS = 10_000
/** So many lines are told apart in a chart. */
const MOST_LINES = 6

const rate = (value: number) => `${bytesShort(value)}/s`
const counted = (value: number) => (Number.isInteger(value) ? exactCount(value) : value.toFixed(1))
const colorOf = (at: number) => `var(--q${at + 1})`

interface HistoryProps {
  server: string
  /** By the clock of the console (ISO 8601), when `initial` was read. */
  initial: LiveAnswer<History>
}

/** WAL, checkpoints, lag and what slots keep, over time: what was sampled, and nothing between. */
export function ReplicationHistory({ server, initial }: HistoryProps) {
  const [params, setParams] = useQueryStates(replicationParams)
  const [rendered] = useState({ range: params.range, from: params.from, to: params.to })
  const range = timeRangeOf(params, Date.parse(initial.at))
  const asked = range.preset ? { range: range.preset } : { from: range.from, to: range.to }
  const same = rendered.range === params.range && rendered.from === params.from && rendered.to === params.to
  const { answer } = useLive(
    'replication-history',
    { server, ...asked },
    { initial: same ? initial : undefined, everyMs: range.preset ? EVERY_MS : false },
  )
  const history = answer?.ok ? answer.value : undefined
  return (
    <section aria-label="Over time" className="mb-4">
      <div className="mb-2.5 flex flex-wrap items-center gap-3">
        <h2 className="text-body font-semibold">Over time</h2>
        {history?.since != null && <span className="text-label text-ink-3">{historyWords(history.since)}</span>}
        <div className="ml-auto max-sm:ml-0">
          <RangePicker range={range} onChange={(next) => void setParams(next)} />
        </div>
      </div>
      {answer && !answer.ok && <ProblemPanel title="The samples could not be read" problem={answer.problem} />}
      {history && (
        <Charts
          history={history}
          lag={params.lag}
          onLag={(lag) => void setParams({ lag })}
          onSelect={(from, to) => void setParams(fixedRange(from, to))}
        />
      )}
    </section>
  )
}

interface ChartsProps {
  history: History
  lag: 'seconds' | 'bytes'
  onLag: (lag: 'seconds' | 'bytes') => void
  onSelect: (from: number, to: number) => void
}

function Charts({ history, lag, onLag, onSelect }: ChartsProps) {
  const { buckets, wal, checkpoints, retained } = history
  const frame = { buckets, height: CHART_HEIGHT, events: eventsOf(history.marks), onSelect }
  const lags = history.lag.slice(0, MOST_LINES).map((one, at) => line(one.standby, one[lag], at))
  const slots = retained.slice(0, MOST_LINES).map((one, at) => line(one.slot, one.bytes, at))
  const counts = [
    { ...line('requested', checkpoints.requested, 2), color: 'var(--q3)' },
    { ...line('by time', checkpoints.timed, 0), color: 'var(--q1)' },
  ]
  const minutes = Math.round(buckets.bucketMs / 60_000)
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      <Chart title="WAL" sub="bytes a second" series={[]} sampled={wal.some((value) => value !== null)}>
        <TimeLines {...frame} series={[line('WAL', wal, 0)]} label="Bytes of WAL a second" format={rate} inBytes filled />
      </Chart>
      <Chart
        title="Checkpoints"
        sub={`per ${minutes >= 1 ? `${minutes} min` : `${buckets.bucketMs / 1000} s`}`}
        series={counts}
        sampled={checkpoints.timed.some((value) => value !== null)}
      >
        <StackedArea {...frame} series={counts} label="Checkpoints, requested and by time" sumWord="checkpoints" format={counted} />
      </Chart>
      {lags.length > 0 && (
        <Chart
          title="Replay lag"
          sub={lag === 'seconds' ? 's, the worst of each point' : 'bytes, the most of each point'}
          series={lags}
          sampled
          choice={
            <Segmented
              label="Lag in"
              value={lag}
              choices={[
                { value: 'seconds', label: 'Seconds' },
                { value: 'bytes', label: 'Bytes' },
              ]}
              onChange={onLag}
            />
          }
        >
          <TimeLines
            {...frame}
            series={lags}
            label={`Replay lag of standbys in ${lag}`}
            format={lag === 'seconds' ? seconds : bytesShort}
            inBytes={lag === 'bytes'}
          />
        </Chart>
      )}
      {slots.length > 0 && (
        <Chart title="Retained WAL" sub="the most of each point, per slot" series={slots} sampled>
          <TimeLines {...frame} series={slots} label="WAL that slots retain" format={bytesShort} inBytes />
        </Chart>
      )}
    </div>
  )
}

const line = (name: string, values: (number | null)[], at: number): TimeSeries => ({ key: name, label: name, color: colorOf(at), values })

interface ChartProps {
  title: string
  sub: string
  /** What the legend names. */
  series: TimeSeries[]
  sampled: boolean
  choice?: ReactNode
  children: ReactNode
}

function Chart({ title, sub, series, sampled, choice, children }: ChartProps) {
  return (
    <Card label={`${title} over time`} className="flex flex-col pb-3">
      <CardHeader title={title} sub={sub}>
        {series.map(({ key, label, color }) => (
          <Legend key={key} mark={<i aria-hidden className="size-2.5 rounded-[2px]" style={{ background: color }} />}>
            {label}
          </Legend>
        ))}
        {choice}
      </CardHeader>
      <div className="mt-auto px-4 pt-2">
        {sampled ? (
          children
        ) : (
          <p className="grid h-[132px] place-items-center text-center text-ink-3">
            No samples in this range. The worker takes one every 10 s.
          </p>
        )}
      </div>
    </Card>
  )
}
