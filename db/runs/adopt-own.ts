import { adoptCluster } from '../console/adopt-cluster'
import { noteCluster } from '../console/note-cluster'
import { PROCTOR } from '../console/roles'
import { findServer, serverTarget } from '../console/servers'
import { askCluster } from '../server/ask-cluster'

/**
 * For the sample, whose cluster the launcher makes itself: one that was made anew is the server from now on, with a line in the audit. Runs
 * that were confirmed for the former one never run.
 */
export async function adoptOwn(serverId: string): Promise<void> {
  const target = await serverTarget(serverId)
  const met = target.ok ? await askCluster(target.value, { fresh: true }) : target
  if (!met.ok || !met.value) return // whoever looks next tells
  const { noted } = await noteCluster(serverId, met.value)
  if (noted === 'other' && (await findServer(serverId))?.source === 'embedded')
    await adoptCluster(serverId, met.value.systemIdentifier, met.value, PROCTOR)
}
