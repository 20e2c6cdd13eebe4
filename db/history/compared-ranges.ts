import type { CompareWith } from '../domain/statement-params'
import type { TimeMark } from './events'
import { finestStep, type TimeRange } from './range'
import { STATEMENT_DELTA } from './series'

/** What a range is compared with, as the address has it. */
export interface CompareAsk {
  vs: CompareWith
  /** The other range, where it was chosen freely. */
  vfrom: Date | null
  vto: Date | null
  /** The moment of the event that parts the range into before and after. */
  since: Date | null
}

/** Two ranges, the earlier one first. */
interface RangePair {
  before: TimeRange
  after: TimeRange
}

const DAY_MS = 86_400_000
const { steps } = STATEMENT_DELTA

const floorTo = (at: Date, ms: number) => new Date(Math.floor(at.getTime() / ms) * ms)
const ceilTo = (at: Date, ms: number) => new Date(Math.ceil(at.getTime() / ms) * ms)
const stepMs = (range: TimeRange, now: Date) => finestStep(range, steps, now.getTime() / 1000) * 1000

interface Sampling {
  now: Date
  /** ms between two samples: one holds what happened since the last, so that much after an event may still be of before. */
  sampleMs: number
}

/** Null: no other range is chosen, the event is not within the range, or there is no whole bucket on a side of it. */
export function comparedRanges(range: TimeRange, ask: CompareAsk, marks: TimeMark[], { now, sampleMs }: Sampling): RangePair | null {
  if (ask.vs === 'since') return aroundEvent(range, eventAt(ask.since, marks), { now, sampleMs })
  const other = otherRange(range, ask)
  if (!other) return null
  const pair = other.from < range.from ? { before: other, after: range } : { before: range, after: other }
  return apart(pair, now)
}

/** The marks of the event that was chosen: several settings may have changed at once. */
export const eventAt = (since: Date | null, marks: TimeMark[]): TimeMark[] =>
  since === null ? [] : marks.filter(({ at }) => Math.trunc(at) === since.getTime())

function otherRange({ from, to }: TimeRange, { vs, vfrom, vto }: CompareAsk): TimeRange | null {
  if (vs === 'range') return vfrom && vto && vfrom < vto ? { from: vfrom, to: vto } : null
  const back = vs === 'before' ? to.getTime() - from.getTime() : vs === 'day' ? DAY_MS : 7 * DAY_MS
  return { from: new Date(from.getTime() - back), to: new Date(to.getTime() - back) }
}

/** A bucket is whole: where one range ends in the bucket in which the other begins, it counts for the later one only. */
function apart({ before, after }: RangePair, now: Date): RangePair | null {
  if (before.to > after.from) return { before, after }
  const edge = floorTo(after.from, Math.max(stepMs(before, now), stepMs(after, now)))
  const to = before.to < edge ? before.to : edge
  return before.from < to ? { before: { from: before.from, to }, after } : null
}

/** What was before the event began, and what came after it was over; the buckets in which it happened are of neither. */
function aroundEvent(range: TimeRange, event: TimeMark[], { now, sampleMs }: Sampling): RangePair | null {
  if (event.length === 0) return null
  const step = stepMs(range, now)
  const began = new Date(Math.min(...event.map((mark) => mark.began ?? mark.at)))
  const over = new Date(Math.max(...event.map(({ at }) => at)) + sampleMs)
  const before = { from: range.from, to: floorTo(began, step) }
  const after = { from: ceilTo(over, step), to: range.to }
  return before.from < before.to && after.from < after.to ? { before, after } : null
}
