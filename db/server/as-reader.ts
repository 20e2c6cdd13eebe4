import { DatabaseError } from 'pg'
import type { Ask } from './look'
import { failed, type Result } from './problem'
import type { Target } from './target'

/**
 * May look at all tables and do nothing else; every server of 14 and later has it (manual, Predefined Roles). A superuser may take
 * it, and a role that it was granted to.
 */
const FENCE = 'pg_read_all_data'
const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * Does `work` as a role that only reads where that may be taken, else (what it takes is more) as our own. A fence and no wall: code that
 * runs can undo a SET ROLE. Within a transaction that is rolled back in the end.
 */
export async function asReader<T>(ask: Ask, work: () => Promise<T>): Promise<T> {
  await ask('savepoint /* proctor */ before_role')
  try {
    await ask(`set /* proctor */ local role ${FENCE}`)
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === INSUFFICIENT_PRIVILEGE)) throw error
    await ask('rollback /* proctor */ to savepoint before_role')
    return work()
  }
}

/** Servers on which a statement of users' tables runs for us: it holds a connection for a minute, others have to look on. */
const analyzing = new Set<string>()

/** One such statement at a time on each server. Errors: conflict where another runs, and the work's own. */
export async function analyzedAlone<T>({ serverId }: Target, work: () => Promise<Result<T>>): Promise<Result<T>> {
  if (analyzing.has(serverId)) return failed('conflict', 'Another statement is run by EXPLAIN ANALYZE on this server; wait for it')
  analyzing.add(serverId)
  return work().finally(() => analyzing.delete(serverId))
}
