import type { StatementChange } from '../statements/compare-statements'
import type { QueryRow, QuerySums } from '../statements/statement-rows'
import type { StatementNotice } from '../statements/statements-seen'
import type { TimeMark } from './events'

export interface ChangedQuery {
  key: string
  change: StatementChange
  row: QueryRow
}

export interface ComparedRange {
  from: string
  to: string
  /** Seconds of it that were sampled. */
  sampled: number
  /** How often the server threw out the least used entries. */
  evictions: number
}

/** What was compared with what, the earlier range first. */
export interface Compared {
  before: ComparedRange
  after: ComparedRange
  /** What parts them, where an event was chosen. */
  event: TimeMark[]
  /** Restarts and resets from the begin of the one to the end of the other. */
  breaks: TimeMark[]
}

/** The load over time: average active sessions by bucket. */
export interface LoadChart {
  from: number
  to: number
  times: number[]
  bucketMs: number
  /** From the first to the last sample within it. */
  sampled: { from: number; to: number }
  /** When the history began, where that is within the range that was asked for; else null. All in ms. */
  since: number | null
  /** Keys of the statements, the one with the most time first. */
  top: { key: string; name: string; values: (number | null)[] }[]
  rest: (number | null)[]
}

export interface QueryList {
  /** samples: what the worker stored. reset: what the server has counted since its last reset. */
  source: 'samples' | 'reset'
  /** What the numbers really cover. */
  from: string | null
  to: string
  /** Seconds of that time that were sampled; null for what the server counted itself. */
  sampled: number | null
  blockSize: number
  /** Everything that the filter lets through, and how many statements that is. */
  all: QuerySums
  count: number
  /** Time of all statements of the chosen databases in ms, counted as `all`, whatever else the filter leaves out: shares are of this. */
  databaseMs: number
  /** Statements that others called are counted too: `all` leaves them out, as their time is part of what called them. */
  nestedApart: boolean
  rows: QueryRow[]
  chart: LoadChart | null
  /** Where Proctor's own statements are known: their time in ms. */
  ownTime: number | null
  /** Null where there is no other range, or no sample of it. */
  compared: Compared | null
  /** Statements that changed from the earlier range to the later one, the costliest first; null as `compared`. */
  changes: ChangedQuery[] | null
  notices: StatementNotice[]
  marks: TimeMark[]
  filters: { users: string[]; databases: string[]; applications: string[] }
  /** When the first and the last sample of statements was taken; null for none. */
  firstSample: string | null
  lastSample: string | null
  /** Between two samples of statements, ms. */
  sampleEveryMs: number
  trackPlanning: boolean
  trackIoTiming: boolean
}

/** One statement by itself. */
export interface QueryDetail {
  row: QueryRow
  /** Formatted for reading, and as the server has it. */
  sql: string
  exact: string
  /** Longer on the server than what is kept of it. */
  cut: boolean
  chart: {
    from: number
    to: number
    times: number[]
    bucketMs: number
    sampled: { from: number; to: number }
    since: number | null
    mean: (number | null)[]
    callsPerSecond: (number | null)[]
    load: (number | null)[]
    read: (number | null)[]
    temp: (number | null)[]
  } | null
  waits: { type: string | null; event: string | null; share: number; sessions: number }[]
  examples: { at: number; query: string; running: number; applicationName: string; rolname: string }[]
  applications: { applicationName: string; seen: number }[]
  marks: TimeMark[]
}
