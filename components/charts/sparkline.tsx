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

/** What moves by less than this share of its size is flat. */
const LEAST_SPAN = 0.1
/** The box that it is drawn in. Of the values themselves, which may be tiny, browsers draw a line that is too thick. */
const [WIDE, HIGH] = [100, 20]

/**
 * A trend of a word's size: lowest to highest value, flat where it hardly moves, a gap where nothing is known, a dot at its end. A
 * table has hundreds of these, drawn by the server; d3 would be 11 kB more for two divisions on the first load of its page.
 */
export function Sparkline({ values, label, color = 'var(--live)', marks = [], className = 'h-4 w-16' }: SparklineProps) {
  const runs = runsOf(values)
  const end = runs.at(-1)?.at(-1)
  const line = {
    fill: 'none',
    stroke: color,
    strokeLinecap: 'round',
    vectorEffect: 'non-scaling-stroke',
  } as const
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
        <svg
          aria-hidden
          viewBox={`0 0 ${WIDE} ${HIGH}`}
          preserveAspectRatio="none"
          className="absolute inset-x-0 top-px h-[calc(100%-2px)] w-full overflow-visible"
        >
          {runs.map((run) => (
            <polyline key={run[0]} points={run.length === 1 ? `${run[0]} ${run[0]}` : run.join(' ')} strokeWidth={1.3} {...line} />
          ))}
          <polyline points={`${end} ${end}`} strokeWidth={4} {...line} />
        </svg>
      )}
    </span>
  )
}

/** The points of each stretch without a gap: as high as the values move, at least as a tenth of their size. */
function runsOf(values: (number | null)[]): string[][] {
  const known = values.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const span = Math.max(high - low, Math.max(Math.abs(low), Math.abs(high)) * LEAST_SPAN) || 1
  const top = (low + high + span) / 2
  const steps = Math.max(1, values.length - 1)
  const runs: string[][] = []
  let run: string[] = []
  for (const [at, value] of values.entries()) {
    if (value === null) {
      run = []
      continue
    }
    if (run.length === 0) runs.push(run)
    run.push(`${((at / steps) * WIDE).toFixed(1)},${(((top - value) / span) * HIGH).toFixed(1)}`)
  }
  return runs
}
