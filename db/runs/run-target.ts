import { recordedTarget } from '../console/servers'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Run } from './run-types'

/**
 * How the server of a run is reached, by whoever carries it out, cancels it or judges it afterwards: on no other cluster than the one that it
 * was confirmed for, whatever the server's record says by now. Errors: as serverTarget.
 */
export async function runTarget({ serverId, database, systemIdentifier }: Run): Promise<Result<Target>> {
  const target = await recordedTarget(serverId, database)
  if (!target.ok || systemIdentifier === null) return target
  return ok({ ...target.value, cluster: { systemIdentifier } })
}
