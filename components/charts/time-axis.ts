import { scaleUtc } from 'd3-scale'
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

const [SECOND, MINUTE, DAY] = [1000, 60_000, 86_400_000]

/** Round moments of the range in UTC, at most `most` of them; a day's start says its day where the range spans more than one. */
export function timeTicks(from: number, to: number, most: number): { at: number; label: string }[] {
  const scale = scaleUtc([from, to], [0, 1])
  // d3 takes a count as a hint, and may give twice as many; no label has a part of a second.
  const moments = (count: number) =>
    scale
      .ticks(count)
      .map(Number)
      .filter((at) => at % SECOND === 0)
  let ticks = moments(most)
  for (let count = most - 1; ticks.length > most && count > 0; count--) ticks = moments(count)
  const cut = ticks.some((at) => at % MINUTE !== 0) ? 8 : 5
  return ticks.map((at) => ({ at, label: at % DAY === 0 && to - from > DAY ? day(at, to) : clock(at).slice(0, cut) }))
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

/** A moment, and the index of the bucket whose value a line has there. */
export type Corner = [at: number, index: number]

/**
 * The corners of a line over the buckets from first to last: through their middles, flat to the outer edges, so that a
 * lone bucket is seen as well, but never before the first or beyond the last sample.
 */
export function corners({ times, bucketMs, from, to, sampled }: TimeBuckets, [first, last]: [number, number]): Corner[] {
  const points: Corner[] = []
  const within = (at: number) => Math.min(to, sampled.to, Math.max(from, sampled.from, at))
  points.push([within(times[first] ?? from), first])
  for (let index = first; index <= last; index++) points.push([within((times[index] ?? 0) + bucketMs / 2), index])
  points.push([within((times[last] ?? 0) + bucketMs), last])
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
