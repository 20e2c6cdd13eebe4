import { eq, max } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { forgetReads } from '../server/run-read'

/** The end of the last run of each server, as this process knows it. */
const known = new Map<string, number>()

/**
 * Drops what was read before the last run of the server ended: whoever looks after a rebuild sees what it gave, whichever
 * process carried it out and whoever asked for it.
 */
export async function forgetBeforeLastRun(serverId: string): Promise<void> {
  const [row] = await consoleDb()
    .select({ ended: max(run.endedAt) })
    .from(run)
    .where(eq(run.serverId, serverId))
  const ended = row?.ended?.getTime() ?? 0
  if (ended > (known.get(serverId) ?? 0)) forgetReads()
  known.set(serverId, ended)
}
