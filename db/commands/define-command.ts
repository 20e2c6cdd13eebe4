import { z } from 'zod'
import type { ServerFacts } from '../server/facts'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Face } from './face'
import type { Known } from './known'
import type { Plan, StoredPlan } from './plan'

/** One line of the preflight. A warning asks for the typed phrase; a stop has no override. */
export interface PreflightLine {
  name: string
  status: 'pass' | 'warn' | 'stop'
  title: string
  detail: string
}

/** A check's answer. */
export const line = (name: string, status: PreflightLine['status'], title: string, detail: string): Result<PreflightLine> =>
  ok({ name, status, title, detail })

/**
 * What identifies an object at the moment of planning. It is compared again at execution: a change is a
 * conflict. relfilenode changes when somebody rebuilt the object since; REINDEX CONCURRENTLY changes the oid
 * as well. 0 where there is no file (a partitioned index, a schema).
 */
export interface ObjectIdentity {
  oid: number
  schemaname: string
  relname: string
  relfilenode: number
  /** A digest of what it consists of, where it is a table or an index: after a failover another may have its name, OID and file. Of a collation its version. */
  definition?: string
  /** The table that is locked; runs on one table go one after another. The object itself when it is a table. */
  relid: number
}

/** What planning needs to know beside the input; read freshly each time a plan is made. */
export interface CommandFacts<F> {
  server: ServerFacts
  object: ObjectIdentity
  facts: F
  known: Known
}

/** What a command read about its object. */
export interface Found<F> {
  object: ObjectIdentity
  facts: F
  /** The indexes whose size after a rebuild the prediction would use. */
  indexes?: IndexFile[]
  pending?: PendingSetting[]
  /** Numbers that its own look compares with afterwards: those of right before the run. */
  noted?: Record<string, number>
  /** What of the input was chosen while planning: kept with the run, so that what was confirmed is what runs. */
  chosen?: Record<string, unknown>
}

/** A setting that waits for a restart, in PostgreSQL's words. */
export interface PendingSetting {
  name: string
  was: string
  wanted: string
}

/** What a restart gave. Moments as the server says them, in UTC. */
export interface Restart {
  startedBefore: string
  /** Null: it could not be asked any more. */
  startedAfter: string | null
  settings: (PendingSetting & { is: string | null; took: boolean })[]
}

/** What brings a former state back: its SQL, and the command that does it. */
export interface Undo {
  sql: string
  with: { command: string; input: Record<string, unknown> }
}

/** What a command's own look at the server adds to the receipt of its run. */
export interface Looked {
  /** Left out: whether it is done. */
  checkedAfter?: string
  restart?: Restart
  /** What undoes the part that was done, of a run that did not end well. */
  undo?: Undo
  /** Lines of the server's log. */
  notices?: string[]
}

/** An index and the file that it is in now. */
export interface IndexFile {
  indexrelid: number
  relfilenode: number
  /** Its table. */
  relid?: number
  schemaname?: string
  relname?: string
  /** What it is, but for its OID. */
  digest?: string
}

/** Whether a command's work is seen to be done: for a run whose session was lost. */
export type Done = 'yes' | 'no' | 'partly'

/** Which size the receipt compares: the relation's own file, all indexes of a table, or all that belongs to it. */
export type Measured = 'relation' | 'indexes' | 'total' | 'nothing'

/**
 * What may go on at a server beside it. heavy: reads or writes much, so that only few go on at the same time. light: never
 * waits for a heavy one, unless it is on the same table. signal: waits for nobody, since a run may be waiting for the very
 * session that it ends. alone: cuts all others off.
 */
export type Weight = 'heavy' | 'light' | 'signal' | 'alone'

export interface Command<I extends z.ZodObject = z.ZodObject, F = unknown> {
  /** verb-noun, as the file is called. */
  name: string
  about: string
  input: I
  face: Face
  measures: Measured
  weight: Weight
  /** Keys of the input that make another job of it: only past runs that have them alike say what it takes. */
  form?: (keyof z.output<I> & string)[]
  /** True: an index is as small afterwards as it can be, which is worth noting. */
  rebuilds?: true
  /** True: what its plan predicts rests on the bloat of its indexes, which is estimated before. */
  estimates?: true
  /** True: a new file is written, and the server's count of dead rows goes on as if it had not been. */
  rewrites?: (input: Record<string, unknown>) => boolean
  /** Reads what plan and preflight need. Errors: conflict when the object is gone. */
  facts: (target: Target, input: z.output<I>) => Promise<Result<Found<F>>>
  /** Pure. */
  plan: (input: z.output<I>, facts: CommandFacts<F>) => Result<Plan>
  /** The checks, each of which reads the server and returns its line or null when it does not apply. */
  preflight: PreflightCheck<F>[]
  /**
   * Does what is no SQL, the statements that begin with `\!`, once the others are through and the run's session is closed.
   * `phase` tells how far it is; when `stopping` fires it leaves everything as it is. Errors: it was not done.
   */
  act?: (target: Target, before: Before, phase: (name: string) => Promise<void>, stopping: AbortSignal) => Promise<Result<null>>
  /** For what a server may take and yet not follow: looks once its statements are through; a problem is the run's failure. */
  readBack?: (target: Target, before: Before) => Promise<Result<null>>
  /** Looks at the object itself, not at a session: was this done since `before` was read? */
  done: (target: Target, before: Before) => Promise<Result<Done>>
  /**
   * What the receipt says was found afterwards, counted from the objects themselves, however the run ended; `said` is what the
   * server told meanwhile. Left out: whether it is done. Errors: it could not look.
   */
  checked?: (target: Target, before: Before, said: string[]) => Promise<Result<string>>
  /** Whether an optional phase took place, by what the server told meanwhile; null: that does not tell. */
  happened?: (phase: string, said: string[]) => boolean | null
  /** Of what has no size: what the receipt says of it, however the run ended. */
  look?: (target: Target, before: Before, plan: StoredPlan) => Promise<Looked>
}

/** What was there before the run changed anything. */
export interface Before {
  /** By the clock of the server, in ms since 1970. */
  at: number
  object: ObjectIdentity
  /** What was asked for, as it was parsed. */
  input?: Record<string, unknown>
  bytes: number | null
  /** pg_stat n_dead_tup, of all partitions together; null for what is no table. */
  dead: string | null
  /** The files that the command replaces or works on: of the indexes, or of the table and its partitions. Older runs have no names. */
  files: { oid: number; relfilenode: number; relid?: number; schemaname?: string; relname?: string; digest?: string }[]
  /** The tables whose indexes it writes anew: how often their rows had been changed, and the files of their indexes. Left out: it writes none. */
  tables?: { oid: number; changes: string; files: number[] }[]
  /** Invalid copies that were there already: what an earlier run left is not this one's to drop. */
  leftovers?: number[]
  pending?: PendingSetting[]
  noted?: Record<string, number>
  /** The timeline of the server then; left out where it could not be told. */
  timeline?: number
}

export type PreflightCheck<F = unknown> = (target: Target, facts: CommandFacts<F>, plan: Plan) => Promise<Result<PreflightLine | null>>

/** The name of a replication slot, as the server allows it (manual, 26.2.6.1). */
export const slotName = z.string().regex(/^[a-z0-9_]{1,63}$/)

/** The OID of an object, in an input. */
export const objectOid = z.int().positive().max(4_294_967_295)

/** Names one thing that changes a server. */
export const defineCommand = <I extends z.ZodObject, F>(command: Command<I, F>): Command<I, F> => command
