import type { CommandRequest } from '../domain/command-request'
import type { DailyValue } from '../domain/forecast'
import type { PolicyRule } from '../domain/policy-rule'
import type { StatementEntry } from '../domain/statement-key'
import type { IndexPast } from '../indexes/index-past'
import type { Problem, Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Trust } from '../server/trust'

/** ISO 8601; `against` is the time before it with which it was compared. Instead of it null: since the server counts. */
export interface SeenRange {
  from: string
  to: string
  against?: { from: string; to: string }
}

/** What a finding is about. */
type Subject =
  | {
      kind: 'relation'
      what: 'index' | 'table'
      schemaname: string
      relname: string
      oid: number
      /** What of it, where one check can find several of one relation: a constraint, a column. */
      part?: string
    }
  /** backend_start in UTC with microseconds: tells this session from a later one with the same pid. */
  | { kind: 'session'; pid: number; backend_start: string }
  /** An entry of pg_stat_statements, and when it was so. */
  | ({ kind: 'statement'; seen: SeenRange | null } & StatementEntry)
  /** The server as a whole, or a part of it that has a name: a replication slot, a prepared transaction. */
  | { kind: 'server'; name: string | null }

/** What a finding's command gives, and what it moves for that: maintenance is ranked by the two. Bytes. */
export interface Gain {
  /** In a few words: 49% bloat. */
  why: string
  /** A rebuild gives them back to the file system, a VACUUM frees them for reuse within the table. */
  bytes: number
  gives: 'back' | 'for reuse'
  /** About what it reads and writes. */
  readBytes: number
  writeBytes: number
  /** What the time that past runs took per byte is counted in. */
  workBytes: number
}

/** One thing that is wrong, with what shows it. */
export type Finding = Subject & {
  /** A sentence that names the object. */
  title: string
  /** The rule and this object's numbers. */
  evidence: string
  trust: Trust
  /** info: worth knowing. warn: costs something every day. bad: acts against what somebody meant to have. */
  severity: 'info' | 'warn' | 'bad'
  /** Since when it is so, by the clock of the server (ISO 8601); left out where nobody knows. */
  since?: string
  /** The command of the console that fixes it; null where it has none. */
  fix: CommandRequest | null
  /** Of that command; left out where nobody can say, or where it is no maintenance. */
  gain?: Gain
  /** Another way out, where there are two. */
  also?: CommandRequest
  /** The statement that would fix it, to take along; null where that needs thought first. */
  sql: string | null
}

export type RelationFinding = Extract<Finding, { kind: 'relation' }>

/** What a statement took within some time that was sampled. */
export interface PastStatement extends StatementEntry {
  rolname: string
  query: string | null
  calls: number
  /** Σ and Σ² of execution times, in ms and ms². */
  total: number
  squares: number
  /** Blocks. */
  tempWritten: number
}

/** What a server counted within some time that was sampled: bytes, blocks, checkpoints. */
export interface PastCounters {
  /** How much of that time was sampled. */
  seconds: number
  wal_bytes: number
  checkpoints_timed: number
  checkpoints_req: number
  conflicts: number
  temp_files: number
  temp_bytes: number
  deadlocks: number
  blks_hit: number
  blks_read: number
}

/** Where a server's data directory is (null: hidden from the role), and when the server started, in s since the epoch. */
export interface DataPlace {
  directory: string | null
  started: number
}

/** A standby with recovery_min_apply_delay. */
export interface DelayedStandby {
  /** How its primary sees it: cluster_name, else walreceiver, unless primary_conninfo names it otherwise. */
  name: string
  /** primary_slot_name; null: none. */
  slot: string | null
  seconds: number
}

/** The newest night of a maintenance policy that is there and not paused, once it has ended. */
export interface EndedNight {
  /** The policy's id. */
  policy: string
  kind: PolicyRule['kind']
  outcome: 'done' | 'limit' | 'time' | 'stopped' | 'failed' | 'cancelled' | 'refused' | 'paused' | 'changed' | 'elsewhere'
  reason: string | null
  /** ISO 8601. */
  opensAt: string
  endedAt: string
  /** How many runs it had. */
  runs: number
}

/** What is known of a server beside what it tells now, for checks that look back. */
export interface Past {
  /** What the server and one of its databases counted (null: all of them). Left out where there is no console. */
  counters?: (database: string | null, from: Date, to: Date) => Promise<PastCounters>
  /** Until when each replication slot was last seen with a reader (ISO 8601), by its name. Left out where there is no console. */
  slotsRead?: () => Promise<Map<string, string>>
  /** Bytes of all databases together on each day. Left out where there is no console. */
  sizes?: (from: Date, to: Date) => Promise<DailyValue[]>
  /** Bytes of a database, and of those of its tables that grew most since a moment, on each day that is known. Left out where there is no console. */
  growth?: (database: string, since: Date) => Promise<{ database: DailyValue[]; tables: Map<number, DailyValue[]> }>
  /** The next transaction ID and multixact ID on each day; they go on where 32 bits wrap around. Left out where there is no console. */
  ids?: () => Promise<{ xids: DailyValue[]; mxids: DailyValue[] }>
  /** Last values of sequences of a database on each day, by their OID: of those that are half used up. Left out where there is no console. */
  sequences?: (database: string) => Promise<Map<number, DailyValue[]>>
  /** The volume of a data directory, in bytes: by its file system where that is on the console's machine, and as it was typed in. */
  volume?: (place: DataPlace | null) => Promise<{ measured: { bytes: number; free: number } | null; typed: number | null }>
  /** Standbys of the same cluster that replay later on purpose, as far as the console samples them. */
  delayed?: () => Promise<DelayedStandby[]>
  /** The last nights of the policies of a database; left out where there is no console. */
  nights?: (database: string) => Promise<EndedNight[]>
  /** What the console has sampled; left out where there is no console. */
  statements?: (database: string, from: Date, to: Date) => Promise<PastStatement[]>
  /** Left out: nobody has watched. */
  indexes?: (database: string) => Promise<IndexPast>
}

/**
 * How often the worker lets a check look. minute: for what comes and goes, and is cheap to see (sessions, settings, positions in the WAL).
 * hour: for what reads catalogs or statistics of a whole database.
 */
export type Cadence = 'minute' | 'hour'

/** One advisory: looks at reads, returns findings, worst first. Errors: as the reads it looks at. */
export interface Check<F extends Finding = Finding> {
  /** Kebab-case, as the file is called. */
  name: string
  about: string
  /** hour where it is left out. */
  cadence?: Cadence
  /** server: it finds the same whichever database it is asked in, so the worker asks in one. database where it is left out. */
  scope?: 'server' | 'database'
  look: (target: Target, past?: Past) => Promise<Result<F[]>>
}

/** What one check found, or why it could not look. */
export interface CheckOutcome {
  name: string
  about: string
  /** Worst first, at most MOST_FINDINGS of them. */
  findings: Finding[]
  /** How many there are in all. */
  total: number
  problem: Problem | null
}
