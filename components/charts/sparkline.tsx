import { spanOf } from './ticks'
import { stretches } from './time-axis'

interface SparklineProps {
  /** In equal steps of time; null where nothing is known. */
  values: (number | null)[]
  /** What it shows and over which window: "mean, 1 h". Left out: it only repeats what stands beside it. */
  label?: string
  color?: string
  /** Moments to mark, as shares of the whole: 0 is the begin. What happened then is said beside it. */
  marks?: number[]
  className?: string
}

const HIGH = 20

/** A trend of a word's size: lowest to highest value, flat where it hardly moves, a gap where nothing is known, a dot at its end. */
export function Sparkline({ values, label, color = 'var(--live)', marks = [], className = 'h-4 w-16' }: SparklineProps) {
  const known = values.filter((value) => value !== null)
  const [low, high] = spanOf(known)
  const wide = Math.max(1, values.length - 1)
  const y = (value: number) => (high === low ? HIGH / 2 : HIGH - 1 - ((value - low) / (high - low)) * (HIGH - 2))
  const place = (index: number) => `${((index / wide) * 100).toFixed(1)},${y(values[index] ?? 0).toFixed(1)}`
  const end = stretches(values).at(-1)?.[1]
  return (
    <span role="img" aria-label={label} aria-hidden={label === undefined} className={`relative inline-block ${className}`}>
      {marks.map((share) => (
        <i
          key={share}
          aria-hidden
          className="absolute inset-y-0 w-0 border-l border-dashed border-ink-3"
          style={{ left: `${share * 100}%` }}
        />
      ))}
      {end !== undefined && (
        <>
          <svg aria-hidden viewBox={`0 0 100 ${HIGH}`} preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
            <path
              d={stretches(values)
                .map(
                  ([first, last]) =>
                    `M${Array.from({ length: last - first + 1 }, (_, step) => place(first + step)).join('L')}${first === last ? 'h0' : ''}`,
                )
                .join('')}
              fill="none"
              stroke={color}
              strokeWidth={1.3}
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <i
            aria-hidden
            className="absolute -m-[2px] size-1 rounded-full"
            style={{ background: color, left: `${(end / wide) * 100}%`, top: `${(y(values[end] ?? 0) / HIGH) * 100}%` }}
          />
        </>
      )}
    </span>
  )
}
