import { eq } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import type { Actor } from '../console/roles'
import { server } from '../console/schema'
import { changeServer, keepPassword, leadsElsewhere } from '../console/server-changes'
import type { NewServer } from '../console/server-input'
import { reachAddress } from '../console/servers'
import { askCluster } from '../server/ask-cluster'
import type { ClusterIdentity } from '../server/cluster'
import { ok, type Result } from '../server/problem'
import { closeRuns, type OpenRuns, openRunsOf } from './close-runs'

/** What stands in the way of another address, or of removing a server, and has to be agreed to as it is. */
export interface Standing extends OpenRuns {
  /** The cluster at the new address, when it is another than the recorded one. */
  cluster: { recorded: string; found: string; version: string } | null
}

/** What was agreed to of it. */
export type Agreed = OpenRuns & { cluster: string | null }

/**
 * Changes a server as changeServer does. Where it would lead elsewhere, the cluster there is compared with the recorded one before anything is
 * saved, and runs that are open are cancelled and waited for: both only as it was agreed to, else the answer is what to agree to. A new
 * address that cannot be reached, or tells no identifier, is saved: the recorded cluster stays, so that the first contact holds what waits.
 * Errors: as changeServer; conflict when a run does not end.
 */
export async function leadServer(
  id: string,
  changed: NewServer,
  agreed: Agreed | undefined,
  by: Actor,
): Promise<Result<{ id: string } | { ask: Standing }>> {
  const [row] = await consoleDb().select().from(server).where(eq(server.id, id))
  const address = row && keepPassword(row, changed.address)
  if (!row || !address?.ok || !leadsElsewhere(row, address.value)) return changeServer(id, changed, by)
  const met = await askCluster(await reachAddress(`new address of ${id}`, address.value), { fresh: true })
  const found = met.ok ? met.value : null
  const another = found && row.systemIdentifier !== null && found.systemIdentifier !== row.systemIdentifier ? found : null
  const closed = await closedFor(id, another && { recorded: row.systemIdentifier ?? '', found: another }, agreed, by)
  if (!closed.ok) return closed
  return closed.value ? ok({ ask: closed.value }) : changeServer(id, changed, by, another ?? undefined)
}

/** Null once nothing stands in the way any more, else what has to be agreed to. Errors: as closeRuns. */
export async function closedFor(
  id: string,
  another: { recorded: string; found: ClusterIdentity } | null,
  agreed: Agreed | undefined,
  by: Actor,
): Promise<Result<Standing | null>> {
  const open = await openRunsOf(id)
  const cluster = another && { recorded: another.recorded, found: another.found.systemIdentifier, version: another.found.version }
  const asks = open.queued.length + open.going.length > 0 || cluster !== null
  if (!asks) return ok(null)
  if (!agreed || agreed.cluster !== (cluster?.found ?? null)) return ok({ ...open, cluster })
  const closed = await closeRuns(id, agreed, by)
  return closed.ok ? ok(null) : closed
}
