'use client'
import { niceTicks } from './ticks'

interface PointSeries {
  key: string
  label: string
  /** A CSS colour. */
  color: string
  hollow?: boolean
  points: { x: number; y: number; title: string }[]
}

interface MeasuredPointsProps {
  label: string
  /** px */
  height: number
  series: PointSeries[]
  xTick: (value: number) => string
  yTick: (value: number) => string
}

const GAP = 44

/** What was measured, by two numbers from zero: a dot for each measurement, and a line through the mean of those at one place. */
export function MeasuredPoints({ label, height, series, xTick, yTick }: MeasuredPointsProps) {
  const all = series.flatMap(({ points }) => points)
  const xTicks = niceTicks(Math.max(0, ...all.map(({ x }) => x)), 4)
  const yTicks = niceTicks(Math.max(0, ...all.map(({ y }) => y)), 3)
  const left = (x: number) => (x / (xTicks.at(-1) || 1)) * 100
  const top = (y: number) => 100 - (y / (yTicks.at(-1) || 1)) * 100
  return (
    <div role="img" aria-label={label} className="relative pb-5 text-[11px] text-axis" style={{ height, paddingLeft: GAP }}>
      <div className="relative h-full">
        {yTicks.map((tick) => (
          <span key={tick} aria-hidden className="absolute inset-x-0 border-t border-grid" style={{ top: `${top(tick)}%` }}>
            <span className="absolute right-full -translate-y-1/2 pr-2 whitespace-nowrap">{yTick(tick)}</span>
          </span>
        ))}
        {xTicks.map((tick) => (
          <span
            key={tick}
            aria-hidden
            className="absolute top-full pt-1 whitespace-nowrap first:translate-x-0 -translate-x-1/2 last-of-type:-translate-x-full"
            style={{ left: `${left(tick)}%` }}
          >
            {xTick(tick)}
          </span>
        ))}
        <svg aria-hidden viewBox="0 0 100 100" preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
          {series.map(({ key, color, hollow, points }) => (
            <polyline
              key={key}
              points={meansOf(points)
                .map(({ x, y }) => `${left(x)},${top(y)}`)
                .join(' ')}
              fill="none"
              stroke={color}
              strokeWidth={1.6}
              strokeDasharray={hollow ? '4 3' : undefined}
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        {series.map(({ key, color, hollow, points }) =>
          points.map(({ x, y, title }, at) => (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: measurements are in the order of time
              key={`${key} ${at}`}
              title={title}
              className="absolute size-[7px] -translate-1/2 rounded-full border-[1.5px]"
              style={{ left: `${left(x)}%`, top: `${top(y)}%`, borderColor: color, background: hollow ? 'var(--surface)' : color }}
            />
          )),
        )}
      </div>
    </div>
  )
}

function meansOf(points: { x: number; y: number }[]): { x: number; y: number }[] {
  const byX = Map.groupBy(points, ({ x }) => x)
  return [...byX].map(([x, at]) => ({ x, y: at.reduce((sum, { y }) => sum + y, 0) / at.length })).sort((one, other) => one.x - other.x)
}
