import { nextOpenings, openingAt, type WindowTimes } from './window-times'

/** One night of a policy; instants. */
export interface NightTimes {
  opensAt: Date
  closesAt: Date
  /** Nothing begins from here on. */
  until: Date
  /** Whether the window is open now; else it is the next opening. */
  open: boolean
}

/**
 * The opening of a window that is going on, else the next, as a policy uses it: until its own time of day, where that comes before the
 * window closes.
 */
export function nightAt(times: WindowTimes, until: string | null, at: Date): NightTimes {
  const opening = openingAt(times, at)
  return { ...opening, until: untilOf(times, until, opening) }
}

function untilOf(times: WindowTimes, until: string | null, { opensAt, closesAt }: { opensAt: Date; closesAt: Date }): Date {
  if (until === null) return closesAt
  const [hour, minute] = until.split(':').map(Number)
  const [first] = nextOpenings({ ...times, cron: `${minute} ${hour} * * *` }, opensAt, 1)
  return first && first < closesAt ? first : closesAt
}
