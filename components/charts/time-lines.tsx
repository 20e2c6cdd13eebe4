'use client'
import { area, line } from 'd3-shape'
import { niceBytes, niceTicks } from './ticks'
import { type Corner, corners, stretches, type TimeBuckets, type TimeEvent, type TimeSeries } from './time-axis'
import { TimePlot } from './time-plot'
import { TimeTable } from './time-table'

interface TimeLinesProps {
  buckets: TimeBuckets
  series: TimeSeries[]
  label: string
  format: (value: number) => string
  /** px */
  height: number
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
export function TimeLines({ buckets, series, label, format, height, events, onSelect, most, filled, inBytes, whole }: TimeLinesProps) {
  const highest = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), most ?? 0, 0)
  return (
    <>
      <TimePlot
        buckets={buckets}
        label={label}
        height={height}
        yTicks={inBytes ? niceBytes(highest, 3) : niceTicks(highest, 3, whole)}
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
          series.map(({ key, color, values }, place) => {
            const yOf = ([, index]: Corner) => y(values[index] ?? 0)
            const runs = stretches(values).map((run) => corners(buckets, run))
            const stroke = line<Corner>(([at]) => x(at), yOf)
            const below = area<Corner>(([at]) => x(at), y(0), yOf)
            return (
              <g key={key}>
                {filled && place === 0 && <path d={runs.map((run) => below(run)).join('')} fill={color} fillOpacity={0.14} />}
                <path
                  d={runs.map((run) => stroke(run)).join('')}
                  fill="none"
                  stroke={color}
                  strokeWidth={1.6}
                  vectorEffect="non-scaling-stroke"
                />
              </g>
            )
          })
        }
      </TimePlot>
      <TimeTable buckets={buckets} series={series} format={format} label={label} />
    </>
  )
}
