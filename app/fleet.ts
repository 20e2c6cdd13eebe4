import type { FleetServer } from '@/components/fleet/fleet'
import { listServers, type Server, serverTarget } from '@/db/console/servers'
import { databases } from '@/db/databases/reads/databases'
import { type NeedsSomebody, readChecked, readNeeds } from '@/db/findings/read-findings'
import { samplingState } from '@/db/history/state'
import { serverFacts } from '@/db/server/facts'
import { runRead } from '@/db/server/run-read'
import { indexesOf, overviewOf } from './shell'

/**
 * Every server of the settings with what its databases ask for, as the checks found it when they last looked. A server that does not answer is a
 * row like the others.
 */
export async function readFleet(): Promise<FleetServer[]> {
  const servers = await listServers()
  const [needs, checked] = await Promise.all([readNeeds(servers), readChecked(servers)])
  return Promise.all(
    servers.map((server) =>
      readServer(
        server,
        needs.filter(({ serverId }) => serverId === server.id),
        checked.get(server.id) ?? new Set(),
      ),
    ),
  )
}

async function readServer(server: Server, needs: NeedsSomebody[], checked: Set<string>): Promise<FleetServer> {
  const { id, name, database: first, otherIdentifier: otherCluster } = server
  const needsOf = (database: string) => needs.find((one) => one.database === database) ?? null
  const sampling = await samplingState(id)
  const resting = sampling && sampling.failures > 0 ? { failingSince: sampling.failingSince, retryAt: sampling.retryAt } : null
  const asked = { needs: needsOf(''), overviewHref: overviewOf(id, first) }
  const known = { id, name, href: indexesOf(id, first), otherCluster, version: null, inRecovery: false, databases: [], resting, ...asked }
  const target = await serverTarget(id)
  if (!target.ok) return { ...known, problem: target.problem }
  const facts = await serverFacts(target.value)
  if (!facts.ok) return { ...known, problem: facts.problem }
  const { version, inRecovery } = facts.value
  const found = await runRead(target.value, databases, {})
  if (!found.ok) return { ...known, version, inRecovery, problem: found.problem }
  const rows = found.value.map(({ datname, bytes }) => ({
    ...{ datname, bytes, href: indexesOf(id, datname), overviewHref: overviewOf(id, datname) },
    ...{ checked: checked.has(datname), needs: needsOf(datname) },
  }))
  return { ...known, version, inRecovery, problem: null, databases: rows }
}
