import type { Trust } from '../server/trust'
import type { Patience, Work } from './work'

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
export interface Plan extends Work {
  /** What the dialog's heading says: Rebuild idx_progress_analytics. */
  title: string
  /** Table locks that the statements take, strongest first. */
  locks: { mode: LockMode; relation: string; waits: string }[]
  /** What it does, a sentence each. */
  effect: string[]
  /** What a cancel leaves behind. */
  cancel: string
  /** True: when the run is given up after too long a wait, the invalid index that it made is dropped. `cancel` says so. */
  dropsCopy?: boolean
  /** The index that it leaves invalid under its own name when it ends half-way: what it builds, or what it drops. */
  halfway?: string
  /** Of a plan that goes partition by partition: the indexes that it builds one after another. A statement that a lock_timeout ended is sent again. */
  parts?: string[]
  /** Of a plan in steps: what each statement is for, but for the SETs. */
  steps?: Step[]
  /** Of a plan in steps: after so many minutes of work no further one is begun, and the run ends well. */
  limitMinutes?: number
  /** Of a rebuild in steps: bytes of the largest copy that exists at one time; null where that is not known. */
  copyBytes?: number | null
  /**
   * It writes files of indexes anew: `beside` by REINDEX CONCURRENTLY, after which another OID has the name of the index, and its counters;
   * else under the OID that it has. Left out: it writes none.
   */
  writesIndexes?: 'anew' | 'beside'
  /** The options that it sets, by name, as it sends them; null: it resets one. */
  sets?: Record<string, string | null>
  /** What has to be typed where confirmation asks for typing: the object's name. */
  phrase: string
  /** True: the phrase is asked for even when nothing warns (AccessExclusiveLock on a table in use, a drop). */
  alwaysTyped: boolean
  /** SQL that would bring the former state back; null where there is nothing to undo. */
  undo: string | null
  /** The command that does what `undo` says, for a button; left out where its statements are there to be copied only. */
  undoWith?: { command: string; input: Record<string, unknown> }
  prediction: Prediction | null
  /** What users notice meanwhile, where that is not a matter of locks. */
  meanwhile?: string
  /** Whose functions it calls: those of the indexes, or those of extended statistics and of a view, too. */
  calls?: 'indexes' | 'all'
  /** True: the old copy and the new one are on disk until it ends. */
  twoCopies?: true
  /** How long it may wait for others; filled in by the registry. Null: it waits for nobody. */
  patience?: Patience | null
}

/** One statement of a plan in steps: for a partition, or for an index. */
export interface Step {
  /** The partition, or the index. */
  name: string
  /** What is worked on: an index, a table, or all indexes of a table. */
  oid?: number
  /** The partition's OID. Where what is rebuilt is no part of the run's object any more, or has another name, the step is left out, and the log says so. */
  partition?: number
  /** True: where the relation of `oid` is gone, or has another name, it is left out. */
  unlessGone?: true
  /** What has to plan the same statement right before it, with a preflight that does not stop it. */
  again?: { command: string; input: Record<string, unknown> }
  /** True: what comes after it would be wrong without it, so that the run ends where it is left out. */
  required?: boolean
}

/** A plan as it was stored with its run: one of an older console lacks what `Work` holds beside the statements. */
export type StoredPlan = Omit<Plan, Exclude<keyof Work, 'statements'>> & Partial<Work>

/** The indexes that a run may leave invalid under their own names. */
export const halfwayNames = ({ halfway, parts = [] }: Pick<Plan, 'halfway' | 'parts'>): string[] => [
  ...(halfway ? [halfway] : []),
  ...parts,
]

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
