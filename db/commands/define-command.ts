import type { z } from 'zod'
import type { ServerFacts } from '../target/facts'
import type { Result } from '../target/problem'
import type { Target } from '../target/target'
import type { Trust } from '../target/trust'

/** PostgreSQL's names of table-level locks (manual, 13.3.1), weakest first. */
export type LockMode =
  | 'AccessShareLock'
  | 'RowShareLock'
  | 'RowExclusiveLock'
  | 'ShareUpdateExclusiveLock'
  | 'ShareLock'
  | 'ShareRowExclusiveLock'
  | 'ExclusiveLock'
  | 'AccessExclusiveLock'

/** Everything that a DBA must see before a command may run. Pure data: it travels to the browser and back. */
export interface Plan {
  /** What the dialog's heading says: Rebuild idx_progress_analytics. */
  title: string
  /** The exact SQL, one statement an entry, run in this order on one session. SET statements included. */
  statements: string[]
  /** Table locks that the statements take, strongest first. */
  locks: { mode: LockMode; relation: string; waits: string }[]
  /** What it does, a sentence each. */
  effect: string[]
  /** What a cancel leaves behind. */
  cancel: string
  /** What has to be typed where confirmation asks for typing: the object's name. */
  phrase: string
  /** True: the phrase is asked for even when nothing warns (AccessExclusiveLock on a table in use, a drop). */
  alwaysTyped: boolean
  /** SQL that would bring the former state back; null where there is nothing to undo. */
  undo: string | null
  prediction: Prediction | null
}

export interface Prediction {
  bytesBefore: number
  bytesAfter: number | null
  trust: Trust
  /** From past runs on this server; null while there are none. */
  seconds: { from: number; to: number } | null
  walBytes: number | null
  /** How many past runs seconds and walBytes rest on. */
  runs: number
}

/** One line of the preflight. A warning asks for the typed phrase; a stop has no override. */
export interface PreflightLine {
  name: string
  status: 'pass' | 'warn' | 'stop'
  title: string
  detail: string
}

/**
 * What identifies an object at the moment of planning. It is compared again at execution: a change is a
 * conflict. relfilenode changes when somebody rebuilt the object since.
 */
export interface ObjectIdentity {
  oid: number
  schemaname: string
  relname: string
  relfilenode: number
}

/** What planning needs to know beside the input; read freshly each time a plan is made. */
export interface CommandFacts<F> {
  server: ServerFacts
  object: ObjectIdentity
  facts: F
}

export type Risk = 'low' | 'medium' | 'high'

export interface Command<I extends z.ZodObject = z.ZodObject, F = unknown> {
  /** verb-noun, as the file is called. */
  name: string
  about: string
  since?: number
  risk: Risk
  input: I
  /** False: cannot run inside a transaction block, nor through a transaction pooler. */
  transaction: boolean
  /** Reads what plan and preflight need. Errors: conflict when the object is gone. */
  facts: (target: Target, server: ServerFacts, input: z.output<I>) => Promise<Result<{ object: ObjectIdentity; facts: F }>>
  /** Pure. */
  plan: (input: z.output<I>, facts: CommandFacts<F>) => Result<Plan>
  /** The checks, each of which reads the server and returns its line or null when it does not apply. */
  preflight: PreflightCheck<F>[]
}

export type PreflightCheck<F = unknown> = (target: Target, facts: CommandFacts<F>, plan: Plan) => Promise<PreflightLine | null>

/** Names one thing that changes a server. */
export const defineCommand = <I extends z.ZodObject, F>(command: Command<I, F>): Command<I, F> => command
