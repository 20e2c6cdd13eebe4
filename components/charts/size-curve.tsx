'use client'
import { line } from 'd3-shape'

export interface CurvePoint {
  x: number
  y: number
  /** Of the point, for those who cannot see where it is. */
  words: string
  measured: boolean
  strong?: boolean
}

interface SizeCurveProps {
  /** By x; the first one is measured. */
  points: CurvePoint[]
  label: string
  formatX: (value: number) => string
  formatY: (value: number) => string
  /** The top of the axis. */
  most: number
  /** px */
  height: number
}

/** An estimate by size: one point that was measured, and a dashed line to those that were estimated. */
export function SizeCurve({ points, label, formatX, formatY, most, height }: SizeCurveProps) {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first.x === last.x) return null
  const least = first.y - (most - first.y) * 0.25
  const x = (value: number) => ((value - first.x) / (last.x - first.x)) * 100
  const y = (value: number) => ((most - value) / Math.max(Number.EPSILON, most - least)) * 100
  const path = line<CurvePoint>(
    (point) => x(point.x),
    (point) => y(point.y),
  )
  return (
    <figure aria-label={label} className="grid grid-cols-[auto_1fr] gap-x-2 text-tick text-ink-3">
      <div className="flex flex-col justify-between text-right" aria-hidden>
        <span>{formatY(most)}</span>
        <span>{formatY(least)}</span>
      </div>
      <div className="relative mx-1.5 border-b border-l border-line" style={{ height }}>
        <svg aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
          <path
            d={path(points) ?? ''}
            fill="none"
            stroke="var(--accent)"
            strokeWidth={1.6}
            strokeDasharray="4 3"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        {points.map((point) => (
          <span
            key={point.x}
            role="img"
            aria-label={point.words}
            title={point.words}
            className={`absolute size-2 -translate-x-1/2 -translate-y-1/2 rounded-full border-[1.6px] ${point.measured ? 'border-live bg-live' : point.strong ? 'border-accent bg-accent' : 'border-accent bg-surface'}`}
            style={{ left: `${x(point.x)}%`, top: `${y(point.y)}%` }}
          />
        ))}
      </div>
      <span />
      <div className="flex justify-between pt-0.5" aria-hidden>
        <span>{formatX(first.x)}, now</span>
        <span>{formatX(last.x)}</span>
      </div>
    </figure>
  )
}
