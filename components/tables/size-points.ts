import type { SizePoint } from '@/db/history/tables'
import type { TimeBuckets, TimeSeries } from '../charts/time-axis'

/** Bytes of a table's files now; null where a lock hides them. */
interface SizeNow {
  heap: number
  toast: number
  indexes: number
}

const MINUTE_MS = 60_000
const BUCKETS = 180

/**
 * Heap with TOAST, and indexes, in buckets, of a table or of all its partitions together. A size holds until another is known, as samples are
 * written only where one changed; `now` was just read. Null: there are not two moments to draw a line between.
 */
export function sizePointsOf(
  samples: readonly SizePoint[],
  now: SizeNow | null,
  to: number,
  begin: number | null,
): { buckets: TimeBuckets; series: TimeSeries[] } | null {
  const first = samples[0]?.at
  if (first === undefined || first >= to) return null
  const began = Math.min(to, Math.max(first, begin ?? 0))
  const bucketMs = Math.max(1, Math.ceil((to - began) / BUCKETS / MINUTE_MS)) * MINUTE_MS
  const times: number[] = []
  for (let at = Math.floor(began / bucketMs) * bucketMs; at <= to; at += bucketMs) times.push(at)
  const files: (number | null)[] = []
  const indexes: (number | null)[] = []
  const known = new Map<number, SizePoint>()
  let next = 0
  for (const at of times) {
    for (let point = samples[next]; point && point.at < at + bucketMs; point = samples[++next]) known.set(point.relid, point)
    const last = at + bucketMs > to ? now : null
    const sum = (of: (point: SizePoint) => number) =>
      known.size === 0 ? null : [...known.values()].reduce((total, point) => total + of(point), 0)
    files.push(last ? last.heap + last.toast : sum(({ heap, toast }) => heap + toast))
    indexes.push(last ? last.indexes : sum(({ indexes: bytes }) => bytes))
  }
  return {
    buckets: { from: began, to, times, bucketMs, sampled: { from: began, to } },
    series: [
      { key: 'indexes', label: 'Indexes', color: 'var(--live-2)', values: indexes },
      { key: 'heap', label: 'Heap and TOAST', color: 'var(--live)', values: files },
    ],
  }
}
