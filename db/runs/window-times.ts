import { type CronExpression, CronExpressionParser } from 'cron-parser'
import cronstrue from 'cronstrue'
import { failed, ok, type Result } from '../server/problem'

/** When a window is open: from each occurrence of the cron expression in the zone, for so many minutes of real time. */
export interface WindowTimes {
  /** Five fields, without seconds. */
  cron: string
  /** A name of the IANA time zone database. */
  timeZone: string
  /** 1 … 1440. */
  minutes: number
}

/** An opening of a window; instants. */
interface Opening {
  opensAt: Date
  closesAt: Date
  /** Whether it is open now; else it is the next. */
  open: boolean
}

/**
 * Occurrences after an instant. Only ever forwards: around a change of the clocks cron-parser's prev() names other instants
 * than its next(). A local time that is skipped counts as the one an hour later, one that comes twice as the first.
 */
const occurrences = ({ cron, timeZone }: WindowTimes, after: Date): CronExpression =>
  CronExpressionParser.parse(cron, { tz: timeZone, currentDate: after })

const MINUTE_MS = 60_000

/** Whether the window is open at an instant: its end is no part of it. */
export function isOpen(times: WindowTimes, at: Date): boolean {
  const from = new Date(at.getTime() - times.minutes * MINUTE_MS)
  return occurrences(times, from).next().getTime() <= at.getTime()
}

/** The opening that is going on, as far as its latest occurrence reaches; else the next one. */
export function openingAt(times: WindowTimes, at: Date): Opening {
  const length = times.minutes * MINUTE_MS
  const found = occurrences(times, new Date(at.getTime() - length))
  let opensAt = found.next().getTime()
  const open = opensAt <= at.getTime()
  for (let next = opensAt; open && next <= at.getTime(); next = found.next().getTime()) opensAt = next
  return { opensAt: new Date(opensAt), closesAt: new Date(opensAt + length), open }
}

/** The next openings after an instant. */
export const nextOpenings = (times: WindowTimes, after: Date, count: number): Date[] =>
  occurrences(times, after)
    .take(count)
    .map((one) => one.toDate())

/** At 02:00, only on Sunday, Europe/Prague, for 2 h */
export function windowWords({ cron, timeZone, minutes }: WindowTimes): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const length = [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ')
  return `${cronstrue.toString(cron, { use24HourTimeFormat: true })}, ${timeZone}, for ${length}`
}

/** The zone, if Intl knows it; else UTC: PostgreSQL also takes POSIX rules, which say nothing of its name. */
export function knownZone(zone: string | undefined): string {
  // Intl tells a wrong zone by throwing only; its list of names leaves out UTC and the older ones.
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone || 'UTC' })
    return zone || 'UTC'
  } catch {
    return 'UTC'
  }
}

/** Reads what somebody typed. Errors: invalid_input, with what is wrong in words. */
export function readWindowTimes({ cron, timeZone, minutes }: WindowTimes): Result<WindowTimes> {
  const times = { cron: cron.trim().replaceAll(/\s+/g, ' '), timeZone: timeZone.trim(), minutes }
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) return failed('invalid_input', 'A window is 1 to 1,440 minutes long')
  if (times.cron.split(' ').length !== 5)
    return failed('invalid_input', 'A cron expression has five fields: minute, hour, day of the month, month, day of the week')
  if (knownZone(times.timeZone) !== times.timeZone) return failed('invalid_input', `There is no time zone "${times.timeZone}"`)
  // Both packages tell a wrong expression by throwing only.
  try {
    nextOpenings(times, new Date(), 3)
    windowWords(times)
    return ok(times)
  } catch (error) {
    return failed('invalid_input', `Not a cron expression: ${error instanceof Error ? error.message : String(error)}`)
  }
}
