import { formatMoment } from '../domain/format'

/** Over what a fact was seen. */
export interface Window {
  /** ms since 1970. */
  from: number
  to: number
  /** How much of it was looked at: less than all of it where sampling paused. */
  seconds: number
  /** Looks at the server. */
  samples: number
  /** The setting whose change it begins with: what was seen before says nothing of its present value. */
  since?: string
}

/** What was seen of a server. A fact overrules a formula where it was seen for long enough; all of it may be missing. */
export interface Measured {
  /** Bytes of all databases, now. */
  dataBytes?: number
  /** Temporary files of all databases. */
  spills?: { files: number; bytes: number; statements: Spilling | null; window: Window }
  /** The most sessions that were seen open at once. */
  peak?: { connections: number; window: Window }
  /** Checkpoints by time and by request, and the WAL of that time. */
  checkpoints?: { timed: number; requested: number; walBytes: number; window: Window }
  /** Tables that waited for autovacuum: at twice their threshold, and unvacuumed for an hour. */
  backlog?: { mean: number; most: number; deadRows: number; window: Window }
}

/** Statements that wrote temporary blocks, from pg_stat_statements. */
export interface Spilling {
  statements: number
  calls: number
  /** Nine of ten of these calls wrote so many blocks or fewer, by the mean of their statement. */
  blocks: number
}

const DAY = 86_400

/** Shorter histories overrule nothing: it takes a day until every hour of a daily rhythm was seen once. Our own choice. */
const ENOUGH_SECONDS = DAY
/** From here on every day of the week was seen. */
const SURE_SECONDS = 7 * DAY

/** A fact that was seen for long enough; undefined for any other. */
export const enough = <F extends { window: Window }>(fact: F | undefined): F | undefined =>
  fact && fact.window.seconds >= ENOUGH_SECONDS ? fact : undefined

/** 5 h, 34 days. */
export const formatWindow = (seconds: number): string =>
  seconds >= 2 * DAY
    ? `${Math.round(seconds / DAY)} days`
    : seconds >= 7200
      ? `${Math.floor(seconds / 3600)} h`
      : `${Math.max(1, Math.round(seconds / 60))} min`

/** 12,345 */
export const count = (amount: number): string => Math.round(amount).toLocaleString('en-US')

const moment = (ms: number): string => formatMoment(new Date(ms).toISOString())

/** What was seen, when, by how many looks, and how sure that is; or that it was not seen for long enough. */
export function formatFact({ from, to, seconds, samples, since }: Window, words: string): string {
  const begun = since ? ` since ${since} was changed` : ''
  if (seconds < ENOUGH_SECONDS) return `Seen for ${formatWindow(seconds)}${begun}: ${words}. It takes a day to overrule the formula.`
  const sure = seconds >= SURE_SECONDS ? 'Sure: a week or more.' : 'Fairly sure: less than a week.'
  return `Measured: ${words}, ${moment(from)} to ${moment(to)}${begun}, ${count(samples)} samples over ${formatWindow(seconds)}. ${sure}`
}
