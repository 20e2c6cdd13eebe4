import type { CompareWith } from '@/db/domain/statement-params'
import type { TimeMark } from '@/db/history/events'
import type { Compared, ComparedRange } from '@/db/history/statement-list'
import { duration, plural } from '../format'
import { clock, day } from '../format-time'

export const AGAINST: Record<Exclude<CompareWith, 'since'>, string> = {
  before: 'the range before',
  day: 'a day before',
  week: 'a week before',
  range: 'another range',
}

/** Ranges whose sampled times differ by no more than this share are of one length. */
const EVEN = 0.05

const ms = ({ from, to }: Pick<ComparedRange, 'from' | 'to'>) => Date.parse(to) - Date.parse(from)

/** 23 Nov 13:00 to 14:05 UTC; the second day is named where it is another one. */
export function rangeWords({ from, to }: { from: string | number; to: string | number }): string {
  const [first, last] = [day(from, to), day(to, to)]
  return `${first} ${clock(from).slice(0, 5)} to ${last === first ? '' : `${last} `}${clock(to).slice(0, 5)} UTC`
}

/** 23 Nov 13:00 to 14:05 UTC: 1 h 5 min, all of it sampled */
export function sideWords(range: ComparedRange): string {
  const { sampled } = range
  const missing = ms(range) - sampled * 1000
  const how =
    sampled === 0 ? 'none of it sampled' : missing <= ms(range) * EVEN ? 'all of it sampled' : `${duration(sampled * 1000)} of it sampled`
  return `${rangeWords(range)}: ${duration(ms(range))}, ${how}`
}

/** True where calls of the one side cannot be held against those of the other as they are. */
export const isUneven = ({ before, after }: Compared): boolean =>
  Math.abs(before.sampled - after.sampled) > EVEN * Math.max(before.sampled, after.sampled)

/** What makes a comparison less sure than its numbers look. */
export function doubts(compared: Compared): string[] {
  const { before, after, breaks } = compared
  const overlap = Date.parse(before.to) - Date.parse(after.from)
  const evicted = before.evictions + after.evictions
  return [
    ...(isUneven(compared)
      ? ['The sampled parts of the two differ in length: calls and time are shown per hour, and rare statements may look new or gone.']
      : []),
    ...(overlap > 0
      ? [`The two overlap by ${duration(Math.min(overlap, ms(before), ms(after)))}: calls within it count on both sides.`]
      : []),
    ...(evicted > 0
      ? [
          `pg_stat_statements evicted entries ${times(evicted)}: calls since the preceding sample are lost, and rare statements may look new or gone.`,
        ]
      : []),
    ...(breaks.length > 0
      ? [
          `${plural(breaks.length, 'break in the counts', 'breaks in the counts')} (${breaks.slice(0, 3).map(markWords).join('; ')}${breaks.length > 3 ? '; …' : ''}): calls since the preceding sample are lost.`,
        ]
      : []),
  ]
}

const times = (n: number) => (n === 1 ? 'once' : `${n} times`)

/** 23 Nov 14:05:30 work_mem: 4MB → 64MB */
export const markWords = ({ at, kind, label }: TimeMark): string =>
  `${day(at)} ${clock(at)} ${kind === 'run' ? `run ${label}` : kind === 'setting' || kind === label ? label : `${kind}: ${label}`}`

/** Why there is nothing to compare. */
export function nothingWords(vs: CompareWith, chosen: boolean): string {
  if (vs === 'since') return 'The event is outside this range, or too close to its edge to have samples on both sides.'
  if (vs === 'range' && !chosen) return 'Choose the other range.'
  return `No sample reaches back to ${AGAINST[vs]}${vs === 'range' ? ', or it is too short' : ''}.`
}

/** Events that a range can be parted at, the latest first: those that are over, but no evictions, which change nothing. */
export const pickable = (marks: TimeMark[]): TimeMark[] =>
  marks
    .filter(({ kind, began }) => kind !== 'statements evicted' && (kind !== 'run' || began !== undefined))
    .filter(({ at }, index, all) => all.findIndex((other) => Math.trunc(other.at) === Math.trunc(at)) === index)
    .reverse()
