import type { DailyValue } from './forecast'

/** So many whole days in a row must have grown faster: a load of one night is none. */
export const RECENT_DAYS = 3
/** What came before them: four weeks, so that what comes each week or at the end of a month is among it. */
const BEFORE_DAYS = 28
/** Fewer of them that were looked at say nothing. */
const LEAST_BEFORE = 14
/** Each of the recent days, against the greatest day before them. */
const TIMES = 2

/** How a size grew on the last whole days, and before; bytes a day. */
export interface Faster {
  recent: number[]
  added: number
  /** Of the days before: the most that one added, the median, and how many they were. */
  most: number
  usual: number
  days: number
}

/**
 * Whether each of the last whole days before `today` (whole days since 1970) added more than twice as much as any of the four weeks before.
 * null: not so, or too few days were looked at. A missed day divides what came until the next; among the last days none may be missed.
 */
export function fasterGrowth(values: readonly DailyValue[], today: number): Faster | null {
  const whole = values.filter(({ day }) => day < today).toSorted((a, b) => a.day - b.day)
  const added = whole.slice(1).map((value, at) => {
    const before = whole[at] as DailyValue
    return { day: value.day, over: value.day - before.day, bytes: (value.value - before.value) / (value.day - before.day) }
  })
  const first = today - RECENT_DAYS
  const recent = added.filter(({ day, over }) => day >= first && over === 1)
  const before = added.filter(({ day }) => day < first && day >= first - BEFORE_DAYS).map(({ bytes }) => bytes)
  if (recent.length < RECENT_DAYS || before.length < LEAST_BEFORE) return null
  const most = Math.max(0, ...before)
  if (recent.some(({ bytes }) => bytes <= TIMES * most)) return null
  return {
    recent: recent.map(({ bytes }) => bytes),
    added: recent.reduce((sum, { bytes }) => sum + bytes, 0),
    most,
    usual: before.toSorted((a, b) => a - b)[Math.floor(before.length / 2)] as number,
    days: before.length,
  }
}
