import { noteCluster, noteUnknown } from '../console/note-cluster'
import { findServer, serverTarget } from '../console/servers'
import { askCluster } from '../server/ask-cluster'
import { AnotherCluster, type ClusterIdentity, ClusterUnknown } from '../server/cluster'
import { ok, problemFrom, type Result } from '../server/problem'
import type { Target } from '../server/target'

/** Adds to the problem of another cluster what can be done about it. */
export const TWO_WAYS =
  'Nothing is planned or run there until the address leads back, or an administrator confirms on the page of the server that it is this cluster now.'

/**
 * Looks which cluster a server's address leads to, and writes it down: before anything is planned, confirmed or begun there. Null where the
 * role may not know and nothing was recorded.
 * Errors: another_cluster where it is another than recorded, or than `target` expects, or where a recorded one cannot be told any more; unreachable.
 */
export async function meetCluster(target: Target, { fresh = false }: { fresh?: boolean } = {}): Promise<Result<ClusterIdentity | null>> {
  const met = await askCluster(target, { fresh })
  if (!met.ok) return met
  if (met.value === null) {
    const recorded = await noteUnknown(target.serverId)
    return recorded || target.cluster ? { ok: false, problem: problemFrom(new ClusterUnknown(target.user, null)) } : ok(null)
  }
  const noted = await noteCluster(target.serverId, met.value)
  const expected = target.cluster?.systemIdentifier ?? noted.recorded
  if (expected === null || expected === met.value.systemIdentifier) return met
  return { ok: false, problem: { ...problemFrom(new AnotherCluster(expected, met.value)), hint: TWO_WAYS } }
}

/** For a server whose runs are held back: whether it is the one that they were confirmed for again. One that cannot be reached stays as it is noted. */
export async function lookAgain(serverId: string): Promise<void> {
  const known = await findServer(serverId)
  if (!known?.otherIdentifier && !known?.standbySince && !known?.unknownSince) return
  const target = await serverTarget(serverId)
  if (target.ok) await meetCluster(target.value, { fresh: true })
}
