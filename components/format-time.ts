/** How moments are printed. All times are those of the named zone, UTC unless told otherwise. */

const NONE = '–'
const DAY_MS = 86_400_000

type Moment = string | number | Date | null | undefined

/** Made once for each zone and form: making one costs far more than printing with it. */
const formats = new Map<string, Intl.DateTimeFormat>()
const FORMATS = 200

function parts(at: Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${zone} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options })
  if (formats.size < FORMATS) formats.set(key, format)
  return format.format(at)
}

/** 14:02:07 */
export const clock = (at: Moment, zone = 'UTC'): string =>
  at ? parts(new Date(at), zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }) : NONE

/** 20 Oct; with the year when it is not the present one. */
export function day(at: Moment, now: Moment = Date.now(), zone = 'UTC'): string {
  if (!at) return NONE
  const year = (moment: Moment) => parts(new Date(moment ?? 0), zone, { year: 'numeric' })
  const shown = parts(new Date(at), zone, { day: 'numeric', month: 'short' }).replace('Sept', 'Sep')
  return year(at) === year(now) ? shown : `${shown} ${year(at)}`
}

/** 20 Oct 2026 06:12 UTC */
export function moment(at: Moment, zone = 'UTC'): string {
  if (!at) return NONE
  const date = new Date(at)
  const shown = parts(date, zone, { day: 'numeric', month: 'short', year: 'numeric' }).replace('Sept', 'Sep')
  return `${shown} ${parts(date, zone, { hour: '2-digit', minute: '2-digit' })} ${zone}`
}

/** Sun 29 Nov 02:00; with the year when it is not the present one. */
export function appointment(at: Moment, zone = 'UTC', now: Moment = Date.now()): string {
  if (!at) return NONE
  const date = new Date(at)
  const weekday = parts(date, zone, { weekday: 'short' })
  return `${weekday} ${day(at, now, zone)} ${parts(date, zone, { hour: '2-digit', minute: '2-digit' })}`
}

/** 4 s ago, 9 min ago; from an hour on 11:42, within a week Sun 18:31, then 22 Nov. */
export function ago(at: Moment, now: Moment = Date.now(), zone = 'UTC'): string {
  if (!at) return NONE
  const then = new Date(at)
  const present = new Date(now ?? 0)
  const seconds = Math.max(0, Math.round((present.getTime() - then.getTime()) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  const date = (moment: Date) => parts(moment, zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
  const time = parts(then, zone, { hour: '2-digit', minute: '2-digit' })
  if (date(then) === date(present)) return time
  if (present.getTime() - then.getTime() < 6 * DAY_MS) return `${parts(then, zone, { weekday: 'short' })} ${time}`
  return day(then, present, zone)
}

/** For a sentence with since: 13:48, within a week Sun 18:31, then 22 Nov. */
export function sinceWords(at: Moment, now: Moment = Date.now(), zone = 'UTC'): string {
  if (!at) return NONE
  const words = ago(at, now, zone)
  return words.endsWith(' ago') ? clock(at, zone).slice(0, 5) : words
}

/** A span in days, hours or minutes for a heading: 34 days, 5 h, 12 min. */
export function span(from: Moment, to: Moment = Date.now()): string {
  if (!from) return NONE
  const ms = Math.max(0, new Date(to ?? 0).getTime() - new Date(from).getTime())
  const days = Math.floor(ms / DAY_MS)
  if (days >= 2) return `${days} days`
  const hours = Math.floor(ms / 3_600_000)
  if (hours >= 1) return `${hours} h`
  return `${Math.floor(ms / 60_000)} min`
}

/** No use within the window: > 34 d, > 5 h. Never "never": the statistics cannot know. */
export const beyond = (from: Moment, to: Moment = Date.now()): string => `> ${span(from, to).replace(/ days$/, ' d')}`
