import { clock, day } from '../format-time'

/** Why a chart shows less than the range that was chosen. `since` in ms. */
export const historyWords = (since: number, now = Date.now()): string =>
  `all that there is: sampled since ${day(since, now) === day(now, now) ? '' : `${day(since, now)} `}${clock(since).slice(0, 5)} UTC`
