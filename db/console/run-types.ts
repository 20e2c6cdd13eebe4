import type { Before, Looked, ObjectIdentity, Plan, PreflightLine } from '../commands/define-command'
import type { Problem } from '../server/problem'

/** A run's states; the allowed transitions stand in run-states.ts. */
export type RunState = 'queued' | 'running' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled' | 'lost'

/** One phase of a run, in PostgreSQL's real order. */
export interface RunPhase {
  name: string
  state: 'done' | 'current' | 'ahead'
  startedAt: string | null
  endedAt: string | null
  note: string | null
}

/** One bar: blocks, tuples, lockers … done of total. */
export interface RunBar {
  name: string
  done: number
  total: number
  unit: 'blocks' | 'rows' | 'bytes' | 'indexes' | 'lockers' | 'partitions'
}

/** A backend that the run waits for. */
/** A session that is waited for. */
export interface RunBlocker {
  /** 0: a prepared transaction, which has no session. */
  pid: number
  backendStart: string
  usename: string | null
  applicationName: string | null
  clientAddr: string | null
  state: string | null
  xactSeconds: number | null
  query: string | null
  /** Where it waits itself: who stands at the end of the chain behind it, and holds them all up. */
  roots?: Omit<RunBlocker, 'roots'>[]
}

/** Written about twice a second while the run is going on. */
export interface RunProgress {
  at: string
  phases: RunPhase[]
  bars: RunBar[]
  waitingFor: RunBlocker[]
  /** Sessions that wait for a lock which the run holds. */
  blocking: number
  /** WAL of the whole server since the run started: an upper bound of its own. */
  walBytes: number | null
  bytesNow: number | null
  /** Longest time that others have waited for the run, and that it waited for others, in ms. */
  longestWaitMs: number
  waitedMs: number
  /** Since when it has waited without a break, whoever watched; null when it does not. */
  waitingSince?: string | null
  /** The session that carries it out, by which it is found again; null before it is open. */
  backend: Backend | null
  /** What was there before anything was changed; null before that was read. */
  before: Before | null
}

/** A session, told apart from a later one with the same pid. */
export interface Backend {
  pid: number
  /** backend_start in UTC, with microseconds. */
  backendStart: string
}

/** An index that a failed or cancelled concurrent build left behind. */
export interface Leftover {
  oid: number
  schemaname: string
  relname: string
  bytes: number
  /** What it is and what may be done, in a sentence. */
  advice: string
}

/** What a finished run gave. Sizes in bytes of the object that was named, exact by pg_relation_size. */
export interface RunReceipt {
  bytesBefore: number | null
  bytesAfter: number | null
  /** Dead rows before and after, for VACUUM. */
  deadBefore: string | null
  deadAfter: string | null
  durationMs: number
  walBytes: number | null
  checkedAfter: string
  /** The longest time for which others waited for a lock that the run held. */
  longestWaitMs: number
  /** How much of the duration the run itself waited for others. */
  waitedMs: number
  leftovers: Leftover[]
  /** Names of invalid copies that the run made and dropped itself when it was given up. */
  dropped?: string[]
  /** NOTICE, INFO and WARNING lines of the server; of a restart that failed, those of its log. */
  notices: string[]
  restart?: Looked['restart']
  /** Of a run that did not end well: what undoes the part that was done. */
  undo?: Looked['undo']
}

/** Tries of a run that a lock_timeout ended before anything was changed. */
export interface RunRetry {
  /** How many ended so. */
  tries: number
  /** When the first of them began; null: its window closed over them, and the next opening counts anew. */
  since: string | null
  /** The next one begins no earlier. */
  at: string
  /** Who held the lock at the last look. */
  blockers: RunBlocker[]
}

/** What a page shows of a run. */
export interface Run {
  id: string
  batchId: string | null
  serverId: string
  database: string
  command: string
  input: Record<string, unknown>
  object: ObjectIdentity
  plan: Plan
  preflight: PreflightLine[]
  /** After so many minutes of waiting for others it is given up. */
  giveUpMinutes: number
  /** The maintenance window that it waits for, or started in. */
  windowId: string | null
  state: RunState
  /** What happened to its tries until now; null when none was held up. */
  retry: RunRetry | null
  confirmedBy: string
  confirmedAt: string
  startedAt: string | null
  endedAt: string | null
  backendPid: number | null
  progress: RunProgress | null
  receipt: RunReceipt | null
  problem: Problem | null
}

export interface RunLogLine {
  id: string
  at: string
  level: 'info' | 'wait' | 'error'
  message: string
}
