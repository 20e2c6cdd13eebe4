import type { TimeBuckets } from '../charts/time-axis'
import type { IndexUsage } from './answers'

/**
 * Scans an hour in buckets. What a sample tells was scanned before it, since the one before: so all stands a step earlier, and the line ends
 * with the last sample. Null where no sample tells.
 */
export function usagePoints(
  { begin, width, step, points }: Pick<IndexUsage, 'begin' | 'width' | 'step' | 'points'>,
  first: number,
): { buckets: TimeBuckets; values: (number | null)[] } {
  const [bucketMs, stepMs] = [width * 1000, step * 1000]
  const to = points.at(-1)?.last ?? first
  const from = Math.min(to, Math.max(first - stepMs, begin ?? 0))
  const hourly = new Map(points.map(({ at, scans }) => [at - stepMs, (scans / width) * 3_600]))
  const times: number[] = []
  for (let at = first - stepMs; at < to; at += bucketMs) times.push(at)
  return { buckets: { from, to, times, bucketMs, sampled: { from, to } }, values: times.map((at) => hourly.get(at) ?? null) }
}
