import type { TimeBuckets } from '../charts/time-axis'
import type { DescribedIndex } from './described'

interface SizePoints {
  buckets: TimeBuckets
  /** Bytes; null before anything is known. */
  size: (number | null)[]
  /** What a rebuild would make of it; null where that was withheld. */
  live: (number | null)[]
  scans: (number | null)[]
}

type Sized = Pick<DescribedIndex['finding'], 'bytes' | 'bloatBytes'>

const MINUTE_MS = 60_000
const BUCKETS = 240

/**
 * Size, live size and scans of an index in buckets. A size holds until another one is known: a sample is written only when
 * the index has changed; that of `now` was just read. A sample is known by its hour: before the history of the server begins nothing
 * was. Null: there are not two moments to draw a line between.
 */
export function sizePoints(
  { history, measurements, finding, begin }: Pick<DescribedIndex, 'history' | 'measurements' | 'begin'> & { finding: Sized },
  now: number,
): SizePoints | null {
  const measured = measurements.map(({ measuredAt, bytes, rebuiltBytes }) => ({
    at: Date.parse(measuredAt),
    bytes,
    liveBytes: rebuiltBytes,
    scans: null,
  }))
  const { bytes, bloatBytes } = finding
  const live = bytes === null || bloatBytes === null ? null : Math.max(0, bytes - bloatBytes)
  const known = [...history, ...measured, { at: now, bytes, liveBytes: live, scans: null }].sort((a, b) => a.at - b.at)
  const first = known[0]
  if (!first || known.length < 2) return null
  const bucketMs = Math.max(1, Math.ceil((now - first.at) / BUCKETS / MINUTE_MS)) * MINUTE_MS
  const from = Math.floor(first.at / bucketMs) * bucketMs
  const times: number[] = []
  for (let at = from; at <= now; at += bucketMs) times.push(at)
  const began = Math.min(now, Math.max(first.at, begin ?? 0))
  const buckets = { from: began, to: now, times, bucketMs, sampled: { from: began, to: now } }
  const points: SizePoints = { buckets, size: [], live: [], scans: [] }
  let next = 0
  let size: number | null = null
  let liveSize: number | null = null
  for (const at of times) {
    let scans: number | null = null
    for (let point = known[next]; point && point.at < at + bucketMs; point = known[++next]) {
      size = point.bytes ?? size
      liveSize = point.bytes === null ? liveSize : point.liveBytes
      if (point.scans !== null) scans = (scans ?? 0) + point.scans
    }
    points.size.push(size)
    points.live.push(liveSize)
    points.scans.push(scans)
  }
  return points
}
