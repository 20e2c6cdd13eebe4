'use client'
import { ChartTable } from './chart-table'
import { niceBytes, niceTicks } from './ticks'
import { corners, stretches, type TimeBuckets, type TimeEvent, type TimeSeries } from './time-axis'
import { TimePlot } from './time-plot'

interface TimeLinesProps {
  buckets: TimeBuckets
  series: TimeSeries[]
  label: string
  format: (value: number) => string
  height?: number
  events?: TimeEvent[]
  onSelect?: (from: number, to: number) => void
  /** The top of the axis, where it is known: max_connections. */
  most?: number
  /** Fills below the first line. */
  filled?: boolean
  /** Values are bytes: the axis has round ones. */
  inBytes?: boolean
  /** Values are counted: the axis has whole numbers. */
  whole?: boolean
}

/** Lines from zero over time; a gap in the samples is a gap in the line. */
export function TimeLines({
  buckets,
  series,
  label,
  format,
  height = 132,
  events,
  onSelect,
  most,
  filled,
  inBytes,
  whole,
}: TimeLinesProps) {
  const highest = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), most ?? 0, 0)
  return (
    <>
      <TimePlot
        buckets={buckets}
        label={label}
        height={height}
        yTicks={inBytes ? niceBytes(highest, 3) : niceTicks(highest, 3, whole ? 1 : 0)}
        yTick={format}
        events={events}
        onSelect={onSelect}
        dotAt={(index) => series[0]?.values[index] ?? null}
        tip={(index) => ({
          rows: series.flatMap(({ key, label: name, color, values }) => {
            const value = values[index]
            return value == null ? [] : [{ key, label: name, color, value: format(value) }]
          }),
        })}
      >
        {(x, y) =>
          series.map(({ key, color, values }, place) =>
            stretches(values).map((run) => {
              const points = corners(buckets, values, run).map(([at, value]) => `${x(at)},${y(value)}`)
              return (
                <g key={`${key} ${run[0]}`}>
                  {filled && place === 0 && (
                    <path
                      d={`M${points[0]?.split(',')[0]},1000L${points.join('L')}L${points.at(-1)?.split(',')[0]},1000Z`}
                      fill={color}
                      fillOpacity={0.14}
                    />
                  )}
                  <path d={`M${points.join('L')}`} fill="none" stroke={color} strokeWidth={1.6} vectorEffect="non-scaling-stroke" />
                </g>
              )
            }),
          )
        }
      </TimePlot>
      <ChartTable buckets={buckets} series={series} format={format} label={label} />
    </>
  )
}
