import { clock, day } from '../format-time'

/** What a chart over time shows: a value a series and bucket; null where nothing was sampled. */
export interface TimeSeries {
  key: string
  label: string
  /** A CSS colour. */
  color: string
  values: (number | null)[]
}

/** Something that happened, marked on the axis. */
export interface TimeEvent {
  /** ms since 1970. */
  at: number
  label: string
  tone: 'plain' | 'warn' | 'bad'
  href?: string
  /** Makes its mark a button that does this; it then leads nowhere. */
  onPick?: () => void
}

/** Where the buckets of a chart are; all in ms since 1970. Every bucket of the range is there, those without samples too. */
export interface TimeBuckets {
  from: number
  to: number
  /** The start of each bucket. */
  times: number[]
  bucketMs: number
  /** From the first to the last sample: nothing is drawn outside of it. */
  sampled: { from: number; to: number }
}

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]
const STEPS = [
  ...[1, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 30, 90, 365].map((n) => n * DAY),
]

/** Round moments of the range in UTC, at most `most` of them; a day's start says its day where the range spans more than one. */
export function timeTicks(from: number, to: number, most: number): { at: number; label: string }[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? 365 * DAY
  const ticks: { at: number; label: string }[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const dated = step >= DAY || (at % DAY === 0 && to - from > DAY)
    ticks.push({ at, label: dated ? day(at, to) : clock(at).slice(0, step < MINUTE ? 8 : 5) })
  }
  return ticks
}

/** From 11:40 to 11:45 as one says it; with the day where the range spans more than one. */
export function bucketWords(at: number, bucketMs: number, rangeMs: number): string {
  const cut = bucketMs < MINUTE ? 8 : 5
  const words = bucketMs >= DAY ? day(at, at) : `${clock(at).slice(0, cut)} to ${clock(at + bucketMs).slice(0, cut)}`
  return rangeMs > DAY && bucketMs < DAY ? `${day(at, at)}, ${words}` : words
}

/** First and last index of each stretch without a gap. */
export function stretches(values: (number | null)[]): [first: number, last: number][] {
  const found: [number, number][] = []
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    const last = found.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else found.push([index, index])
  }
  return found
}

/**
 * The corners of a line over the buckets from first to last: through their middles, flat to the outer edges, so that a
 * lone bucket is seen as well, but never before the first or beyond the last sample.
 */
export function corners(
  { times, bucketMs, from, to, sampled }: TimeBuckets,
  values: (number | null)[],
  [first, last]: [number, number],
): [at: number, value: number][] {
  const points: [number, number][] = []
  const valueAt = (index: number) => values[index] ?? 0
  const within = (at: number) => Math.min(to, sampled.to, Math.max(from, sampled.from, at))
  points.push([within(times[first] ?? from), valueAt(first)])
  for (let index = first; index <= last; index++) points.push([within((times[index] ?? 0) + bucketMs / 2), valueAt(index)])
  points.push([within((times[last] ?? 0) + bucketMs), valueAt(last)])
  return points
}

/** Events whose marks would cover each other, put together; `near` is a share of the range. */
export function clustered(events: TimeEvent[], from: number, to: number, near: number): TimeEvent[][] {
  const shown = events.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at)
  const groups: TimeEvent[][] = []
  for (const event of shown) {
    const group = groups.at(-1)
    if (group?.[0] && event.at - group[0].at < (to - from) * near) group.push(event)
    else groups.push([event])
  }
  return groups
}
