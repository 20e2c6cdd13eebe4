import { and, eq, inArray, sql } from 'drizzle-orm'
import { consoleDb } from './client'
import { run, worker } from './schema'

/** The key of a run's advisory lock, with the run's id as $1. */
export const RUN_LOCK = `hashtextextended('proctor run ' || $1, 0)`

/** A worker that others see, and how often it has shown that it lives. */
export interface SeenWorker {
  id: string
  beat: number
}

/** Shows that a worker lives. */
export const BEAT = /* sql */ `
insert /* proctor:beat */ into worker (id, beat) values ($1, 1)
on conflict (id) do update set beat = worker.beat + 1`

/** The other workers that have runs which are going on; -1: it was thrown out and took one all the same. */
export const OTHERS = /* sql */ `
select /* proctor:other-workers */ distinct r.owner as id, coalesce(w.beat, -1)::float8 as beat
  from run r left join worker w on w.id = r.owner
 where r.state in ('running', 'cancelling') and r.owner <> $1`

/**
 * Takes the runs from a worker that sleeps: nobody owns them then, and its session, which holds their locks, is ended. When it
 * wakes up, its writes are refused. False when it has shown meanwhile that it lives; then nothing is changed.
 */
export const evict = ({ id, beat }: SeenWorker): Promise<boolean> =>
  consoleDb().transaction(async (tx) => {
    const its = eq(worker.id, id)
    const [alive] = beat < 0 ? await tx.select().from(worker).where(its) : []
    const [gone] = await tx
      .delete(worker)
      .where(and(its, eq(worker.beat, beat)))
      .returning()
    if (alive || (beat >= 0 && !gone)) return false
    const taken = await tx
      .update(run)
      .set({ owner: null, taken: sql`${run.taken} + 1` })
      .where(and(eq(run.owner, id), inArray(run.state, ['running', 'cancelling'])))
      .returning({ id: run.id })
    for (const { id: runId } of taken)
      await tx.execute(sql`
        select /* proctor:end-sleeper */ pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and objsubid = 1 and granted and pid <> pg_backend_pid()
           and database = (select oid from pg_database where datname = current_database())
           and (classid::int8 << 32 | objid::int8) = hashtextextended('proctor run ' || ${String(runId)}, 0)`)
    return true
  })

/** A worker that stops takes its name away. */
export const forgetWorker = (id: string): Promise<unknown> => consoleDb().delete(worker).where(eq(worker.id, id))
