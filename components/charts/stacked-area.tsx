'use client'
import { area, stack, stackOrderReverse } from 'd3-shape'
import { niceTicks } from './ticks'
import { type Corner, corners, stretches, type TimeBuckets, type TimeEvent, type TimeSeries } from './time-axis'
import { TimePlot } from './time-plot'
import { TimeTable } from './time-table'
import { useNarrow } from './use-narrow'

interface StackedAreaProps {
  buckets: TimeBuckets
  /** From the top down, as they stand in the legend. */
  series: TimeSeries[]
  label: string
  /** What the sum is called beside its number: "active". */
  sumWord: string
  format: (value: number) => string
  /** px */
  height: number
  events?: TimeEvent[]
  onSelect?: (from: number, to: number) => void
  /** Drawn as a line across, where it lies within the axis: a limit. */
  limit?: { value: number; label: string }
}

const isSampled = (series: TimeSeries[], index: number) => series.some(({ values }) => values[index] != null)

/** Series one upon the other over time; a bucket that nobody sampled is a gap, never a zero. */
export function StackedArea({ buckets, series, label, sumWord, format, height, events, onSelect, limit }: StackedAreaProps) {
  const narrow = useNarrow()
  const sums = buckets.times.map((_, index) =>
    isSampled(series, index) ? series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) : null,
  )
  const yTicks = niceTicks(Math.max(...sums.map((sum) => sum ?? 0), 0), 3)
  const runs = stretches(sums).map((run) => corners(buckets, run))
  const layers = stack<unknown, number, TimeSeries>()
    .keys(series)
    .value((index, { values }) => values[index] ?? 0)
    .order(stackOrderReverse)(buckets.times.map((_, index) => index))
  return (
    <>
      <TimePlot
        buckets={buckets}
        label={label}
        height={height}
        yTicks={yTicks}
        yTick={format}
        events={events}
        onSelect={onSelect}
        dotAt={(index) => sums[index] ?? null}
        tip={(index) => ({
          sum: sums[index] == null ? undefined : `${format(sums[index])} ${sumWord}`,
          rows: series.flatMap(({ key, label: name, color, values }) =>
            values[index] ? [{ key, label: name, color, value: format(values[index]) }] : [],
          ),
        })}
      >
        {(x, y) => (
          <>
            {layers.map((layer) => {
              const edge = (side: 0 | 1) => (corner: Corner) => y(layer[corner[1]]?.[side] ?? 0)
              const draw = area<Corner>(([at]) => x(at), edge(0), edge(1))
              return (
                <path
                  key={layer.key.key}
                  d={runs.map((run) => draw(run)).join('')}
                  fill={layer.key.color}
                  fillOpacity={0.92}
                  stroke="var(--surface)"
                  strokeWidth={narrow && buckets.times.length > 60 ? 0 : 0.75}
                  vectorEffect="non-scaling-stroke"
                />
              )
            })}
            {limit && limit.value <= (yTicks.at(-1) ?? 0) && (
              <line
                x1={0}
                x2={1000}
                y1={y(limit.value)}
                y2={y(limit.value)}
                stroke="var(--bad-fill)"
                strokeDasharray="4 3"
                vectorEffect="non-scaling-stroke"
              />
            )}
          </>
        )}
      </TimePlot>
      <TimeTable buckets={buckets} series={series} format={format} label={label} />
    </>
  )
}
