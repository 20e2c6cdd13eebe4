'use client'
import { ChartTable } from './chart-table'
import { niceTicks } from './ticks'
import { corners, stretches, type TimeBuckets, type TimeEvent, type TimeSeries } from './time-axis'
import { TimePlot } from './time-plot'
import { useNarrow } from './use-narrow'

interface StackedAreaProps {
  buckets: TimeBuckets
  /** From the top down, as they stand in the legend. */
  series: TimeSeries[]
  label: string
  /** What the sum is called beside its number: "active". */
  sumWord: string
  format: (value: number) => string
  height?: number
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
  const runs = stretches(sums)
  // Bottom up: the upper edge of each series is what lies below it and itself.
  let below: (number | null)[] = sums.map((sum) => (sum === null ? null : 0))
  const layers = [...series].reverse().map(({ key, color, values }) => {
    const under = below
    const upper = under.map((value, index) => (value === null ? null : value + (values[index] ?? 0)))
    below = upper
    return { key, color, under, upper }
  })
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
            {layers.flatMap(({ key, color, under, upper }) =>
              runs.map((run) => {
                const points = (values: (number | null)[]) => corners(buckets, values, run).map(([at, value]) => `${x(at)},${y(value)}`)
                return (
                  <path
                    key={`${key} ${run[0]}`}
                    d={`M${points(upper).join('L')}L${points(under).reverse().join('L')}Z`}
                    fill={color}
                    fillOpacity={0.92}
                    stroke="var(--surface)"
                    strokeWidth={narrow && buckets.times.length > 60 ? 0 : 0.75}
                    vectorEffect="non-scaling-stroke"
                  />
                )
              }),
            )}
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
      <ChartTable buckets={buckets} series={series} format={format} label={label} />
    </>
  )
}
