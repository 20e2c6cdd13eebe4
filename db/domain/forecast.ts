/** A value a day; `day` counts whole days since 1970. */
export interface DailyValue {
  day: number
  value: number
}

/** A line through daily values, per day: the median slope, and between which the true one lies in 80 of 100 cases. */
export interface Trend {
  slope: number
  low: number
  high: number
  /** From the last day on. */
  from: DailyValue
  /** How many days it was made of, and the day after the last step. */
  days: number
  since: number
}

export type Forecast =
  | { kind: 'trend'; trend: Trend }
  | { kind: 'none'; reason: 'young' | 'step'; days: number; needs: number; stepDay: number | null }

/** Below it a week's rhythm passes for growth. */
export const LEAST_DAYS = 14
/** Quantile of the normal distribution for an interval of 80 %. */
const Z = 1.2816
/** A day that changes the value by this share, and by so many times what days change it by, is a step: a bulk load, a purge. */
const STEP_SHARE = 0.2
const STEP_TIMES = 10

/**
 * The Theil–Sen slope: the median of the slopes between all pairs of days, which up to 29 % of outliers do not move. Its interval are Sen's
 * order statistics by Kendall's variance (P. K. Sen, 1968). A step restarts it. None below LEAST_DAYS days.
 */
export function forecast(values: readonly DailyValue[]): Forecast {
  const sorted = values.toSorted((a, b) => a.day - b.day)
  const step = lastStep(sorted)
  const part = step === null ? sorted : sorted.filter(({ day }) => day >= step)
  const [first, last] = [part[0], part.at(-1)]
  if (!first || !last || part.length < LEAST_DAYS)
    return { kind: 'none', reason: step === null ? 'young' : 'step', days: part.length, needs: LEAST_DAYS, stepDay: step }
  const slopes = part.flatMap((a, at) => part.slice(at + 1).map((b) => (b.value - a.value) / (b.day - a.day))).sort((a, b) => a - b)
  const n = part.length
  const half = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const at = (place: number) => slopes[Math.min(slopes.length - 1, Math.max(0, place))] ?? 0
  const trend = {
    slope: median(slopes),
    low: at(Math.floor((slopes.length - half) / 2)),
    high: at(Math.ceil((slopes.length + half) / 2)),
    from: last,
    days: n,
    since: first.day,
  }
  return { kind: 'trend', trend }
}

/** Days until a value is reached: at the median slope, at the earliest and at the latest of the interval; null: not by it. */
export function daysUntil(
  { slope, low, high, from }: Trend,
  limit: number,
): { median: number | null; early: number | null; late: number | null } {
  const by = (rate: number) => (rate > 0 ? Math.max(0, (limit - from.value) / rate) : null)
  return { median: by(slope), early: by(high), late: by(low) }
}

/** The day from which on the values go on without a step; null: there is none. */
function lastStep(values: readonly DailyValue[]): number | null {
  const changes = values.slice(1).map((value, at) => {
    const before = values[at] as DailyValue
    return {
      day: value.day,
      size: Math.abs(value.value - before.value) / (value.day - before.day),
      share: Math.abs(value.value - before.value) / Math.max(1, before.value),
    }
  })
  const usual = median(changes.map(({ size }) => size).sort((a, b) => a - b))
  return changes.findLast(({ size, share }) => share >= STEP_SHARE && size > STEP_TIMES * usual)?.day ?? null
}

function median(sorted: readonly number[]): number {
  const half = sorted.length / 2
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? (sorted[Math.floor(half)] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}
