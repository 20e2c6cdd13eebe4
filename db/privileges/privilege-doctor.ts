import { serverFacts } from '../server/facts'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { PrivilegeLine, Server } from './privilege-line'
import { checkpoints, extensionUpdates, slots } from './privileges-of-server'
import { changes, healthFunctions, maintenance, ownership, refreshes, resets, signals } from './privileges-to-act'
import { columnStatistics, exactBloat, otherSessions, pageSample, queryStatistics, settings, whichCluster } from './privileges-to-see'
import { type Privileges, privileges } from './reads/privileges'

/**
 * Looks at the rights of the target's role in its database, what is missing first; `parameters` are the settings that it is
 * to change. Errors: as the read.
 */
export async function privilegeDoctor(target: Target, parameters: readonly string[]): Promise<Result<PrivilegeLine[]>> {
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const read = await runRead(target, privileges, { parameters: [...parameters] })
  if (!read.ok) return read
  const [found] = read.value
  return ok(found ? privilegeLines(found, facts.value) : [])
}

const WEIGHT = { missing: 0, degraded: 1, fine: 2 }

/** Pure: what the rights mean for the console. */
export function privilegeLines(found: Privileges, server: Server): PrivilegeLine[] {
  const lines = [
    whichCluster(found, server),
    otherSessions(found, server),
    settings(found, server),
    exactBloat(found, server),
    pageSample(found),
    columnStatistics(found, server),
    queryStatistics(found, server),
    maintenance(found, server),
    ownership(found, server),
    refreshes(found, server),
    signals(found, server),
    changes(found, server),
    resets(found, server),
    healthFunctions(found, server),
    slots(found),
    checkpoints(found, server),
    extensionUpdates(found, server),
  ]
  return lines.sort((a, b) => WEIGHT[a.status] - WEIGHT[b.status])
}
