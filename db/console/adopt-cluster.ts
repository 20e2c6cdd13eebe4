import { and, eq, ne, or, sql } from 'drizzle-orm'
import { logRun, moveRun } from '../runs/runs'
import type { ClusterIdentity } from '../server/cluster'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import type { By } from './roles'
import { run, server } from './schema'
import { present } from './servers'
import type { ConsoleWriter } from './writer'

/** What the record of a server says of another cluster, when that is the one from now on. */
export const recordOf = ({ systemIdentifier, timeline, inRecovery }: ClusterIdentity) => ({
  systemIdentifier,
  timeline,
  otherIdentifier: null,
  otherSince: null,
  unknownSince: null,
  standbySince: inRecovery ? sql`clock_timestamp()` : null,
})

/**
 * An administrator's word, or the launcher's for the sample that it has made: the server is this cluster from now on. Runs that were
 * confirmed for another and have not begun are cancelled; one that is going on is for whoever looks after it to judge.
 * Errors: conflict when another answers than was shown; invalid_input when there is no such server.
 */
export async function adoptCluster(
  serverId: string,
  shown: string,
  found: ClusterIdentity,
  by: By,
): Promise<Result<{ cancelled: number }>> {
  if (found.systemIdentifier !== shown)
    return failed('conflict', `The address leads to ${found.systemIdentifier} now, which is not what was shown. Check again.`)
  return consoleDb().transaction(async (tx) => {
    const [before] = await tx.select().from(server).where(present(serverId)).for('update')
    if (!before) return failed('invalid_input', `There is no server "${serverId}"`)
    await tx
      .update(server)
      .set({ ...recordOf(found), changedAt: sql`clock_timestamp()` })
      .where(eq(server.id, serverId))
    const detail = { before: before.systemIdentifier, after: found.systemIdentifier, timeline: found.timeline, version: found.version }
    await writeAudit({ by, action: 'cluster.adopted', serverId, detail }, tx)
    return ok({ cancelled: await cancelFormer(serverId, found.systemIdentifier, by, tx) })
  })
}

/** Runs of a cluster that the server is no more: what has not begun never will. */
async function cancelFormer(serverId: string, systemIdentifier: string, by: By, tx: ConsoleWriter): Promise<number> {
  const another = or(ne(run.systemIdentifier, systemIdentifier), sql`${run.systemIdentifier} is null`)
  const former = await tx
    .select({ id: run.id, database: run.database, was: run.systemIdentifier })
    .from(run)
    .where(and(eq(run.serverId, serverId), eq(run.state, 'queued'), another))
  for (const { id, database, was } of former) {
    const runId = String(id)
    const message = `It was confirmed for the cluster ${was ?? 'that the server was before'}; the server is ${systemIdentifier} now. Nothing was sent.`
    const problem = { kind: 'another_cluster' as const, message }
    await moveRun(runId, 'cancelled', { endedAt: new Date(), problem }, { from: 'queued', db: tx })
    await logRun(runId, 'info', `cancelled: ${message}`, tx)
    await writeAudit({ by, action: 'run.cancelled', serverId, database, runId, detail: { whileIn: 'queued', problem } }, tx)
  }
  return former.length
}
