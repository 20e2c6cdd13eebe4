import type { TablePoint } from '@/db/history/tables'
import type { TimeBuckets } from '../charts/time-axis'
import type { Counted } from './table-answers'

/**
 * Buckets of what was counted, and the values of a column in each. Where the server was looked at and nothing was counted, sums are 0
 * and a gauge is as before; where it was not, both are a gap.
 */
export function countedBuckets(
  { covered, width, points, sampled }: Counted,
  begin: number | null,
  until: number,
): {
  buckets: TimeBuckets
  sums: (of: (point: TablePoint) => number) => (number | null)[]
  gauge: (of: (point: TablePoint) => number | null) => (number | null)[]
} | null {
  if (begin === null || points.length === 0) return null
  const bucketMs = width * 1000
  const to = Math.min(until, covered.to)
  const from = Math.max(covered.from, begin)
  if (from >= to) return null
  const times: number[] = []
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) times.push(at)
  const at = new Map(points.map((point) => [point.at, point]))
  const looked = new Set(sampled)
  return {
    buckets: { from, to, times, bucketMs, sampled: { from, to } },
    sums: (of) =>
      times.map((time) => {
        const point = at.get(time)
        return point ? of(point) : looked.has(time) ? 0 : null
      }),
    gauge: (of) => {
      let known: number | null = null
      return times.map((time) => {
        const point = at.get(time)
        known = (point ? of(point) : null) ?? known
        return point || looked.has(time) ? known : null
      })
    },
  }
}
