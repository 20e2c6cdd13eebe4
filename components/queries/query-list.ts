import type { TimeMark } from '@/db/history/events'
import type { StatementChange } from '@/db/statements/compare-statements'
import type { Explained } from '@/db/statements/explain-statement'
import type { StatementNotice } from '@/db/statements/statements-seen'

/** What a statement took over a range. Times in ms, blocks in blocks of blockSize, WAL in bytes. */
export interface QuerySums {
  calls: number
  total: number
  rows: number
  plans: number
  planning: number
  hit: number
  read: number
  dirtied: number
  written: number
  tempRead: number
  tempWritten: number
  /** Time of reading and writing blocks, temporary ones included; 0 while track_io_timing is off. */
  io: number
  wal: number
  jit: number
}

/** One statement of a user in a database. */
export interface QueryRow extends QuerySums {
  /** queryid.userid.dbid.toplevel: what an address keeps of it. */
  key: string
  /** Proctor's number for it in the samples; null where it was read from the server. */
  statement: number | null
  queryid: string
  userid: number
  dbid: number
  toplevel: boolean
  rolname: string
  datname: string | null
  /** In one line and shortened; the whole of it is in the drawer. Null: never seen. */
  query: string | null
  /** Two or three words for a legend. */
  name: string
  mean: number
  stddev: number
  max: number | null
  /** The longest execution is known to lie within the range; else it is the longest since the server counts. */
  maxWithin: boolean
  firstSeen: string | null
  /** Mean by bucket of the sparkline; null without calls. */
  trend: (number | null)[]
}

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

export type { Explained }
