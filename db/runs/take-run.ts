import { and, eq, inArray, sql } from 'drizzle-orm'
import { run } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import type { Run, RunState } from './run-types'
import { runOf } from './runs'

/** A run that a worker has, and the number by which its writes are told from those of whoever had it before. */
export interface TakenRun {
  run: Run
  taken: number
}

interface Taking {
  id: string
  /** The worker's id. */
  owner: string
  /** How often it had been taken when the worker looked: of two that looked at the same moment one takes it. */
  seen: number
  from: RunState[]
  to?: { state: RunState; startedAt: Date }
}

/** How often a run has been taken; undefined when there is none. */
export async function timesTaken(id: string, db: ConsoleWriter): Promise<number | undefined> {
  const [row] = await db
    .select({ taken: run.taken })
    .from(run)
    .where(eq(run.id, BigInt(id)))
  return row?.taken
}

/**
 * Makes a worker the owner of a run; undefined when another has taken it since, or its state is another by now. From here on
 * nobody who had it writes any more. Safe to repeat: who has taken it already, and did not get the answer, gets it again.
 */
export async function takeRun({ id, owner, seen, from, to }: Taking, db: ConsoleWriter): Promise<TakenRun | undefined> {
  const its = eq(run.id, BigInt(id))
  const [moved] = await db
    .update(run)
    .set({ ...to, owner, taken: sql`${run.taken} + 1`, written: 0 })
    .where(and(its, eq(run.taken, seen), inArray(run.state, from)))
    .returning()
  const [row] = moved
    ? [moved]
    : await db
        .select()
        .from(run)
        .where(and(its, eq(run.taken, seen + 1), eq(run.owner, owner), eq(run.written, 0)))
  return row && { run: runOf(row), taken: row.taken }
}
