import type { Before, Done, Looked, ObjectIdentity, PreflightLine } from '../commands/define-command'
import type { Face } from '../commands/face'
import type { StoredPlan } from '../commands/plan'
import type { Problem } from '../server/problem'

/** A run's states; the allowed transitions stand in run-states.ts. */
export type RunState = 'queued' | 'running' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled' | 'lost'

/** One phase of a run, in PostgreSQL's real order. */
export interface RunPhase {
  name: string
  /** skipped: the run has succeeded without it, or so fast that nobody saw it; `note` says which. */
  state: 'done' | 'current' | 'ahead' | 'skipped'
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
  /** Of a plan in steps: the one that it is at, from 1 on, and the partition that it works on. */
  step?: { number: number; of: number; name: string }
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
  /** How long it has been seen to wait without a break, whoever watched, in ms; null when it does not. */
  waitingMs?: number | null
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
  /** Its application_name; not in runs from before a console had an id (db/server/run-marker.ts). */
  marker?: string
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

/** Files that no relation names, left by a crash in the midst of a rewrite or a build. */
export interface LeftFiles {
  /** The largest first; `path` as seen from the data directory, all segments and forks together. */
  files: { path: string; bytes: number; modified: string }[]
  /** How many more there are that an open transaction may have made. */
  undecided: number
  /** Why nobody could look, with what would change that. */
  problem: Problem | null
  /** What may be done about them, in sentences. */
  advice: string
  /** The query that lists them; null where all are listed. */
  sql: string | null
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
  /** Whether the object shows that it was done, of a command that works on a table; left out where nobody could look. */
  done?: Done
  /** The longest time for which others waited for a lock that the run held. */
  longestWaitMs: number
  /** How much of the duration the run itself waited for others. */
  waitedMs: number
  leftovers: Leftover[]
  /** Of a run whose session was lost; left out where there are none. */
  files?: LeftFiles
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
  /** How long a pause that is, in ms: where `at` is further away, somebody has set the clock back. */
  pauseMs?: number
  /** How long the tries and the pauses between them took until now, in ms. */
  spentMs?: number
  /** Who held the lock at the last look. */
  blockers: RunBlocker[]
}

/** What a page shows of a run. */
export interface Run {
  id: string
  batchId: string | null
  serverId: string
  database: string
  /** The cluster that it was planned on and may be carried out on; null: that could not be told. */
  systemIdentifier: string | null
  timeline: number | null
  /** It was planned on a standby. */
  onStandby: boolean
  command: string
  /** What a receipt says of its command beside numbers. */
  does?: Face['does']
  input: Record<string, unknown>
  object: ObjectIdentity
  plan: StoredPlan
  preflight: PreflightLine[]
  /** After so many minutes of waiting for others it is given up. */
  giveUpMinutes: number
  /** The maintenance window that it waits for, or started in. */
  windowId: string | null
  /** The night of the policy that planned it; null: a person did. */
  nightId: number | null
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
