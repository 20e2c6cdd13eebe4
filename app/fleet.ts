import type { FleetServer } from '@/components/fleet/fleet'
import { listServers, type Server, serverTarget } from '@/db/console/servers'
import { databases } from '@/db/databases/reads/databases'
import { samplingState } from '@/db/history/state'
import { serverFacts } from '@/db/server/facts'
import { runRead } from '@/db/server/run-read'
import { readIndexList } from './[server]/db/[database]/indexes/index-reads'
import { indexesOf } from './shell'

/** Indexes are looked at in so many databases of a server, the largest first: the page must not be the load. */
const LOOKED_AT = 4

/** Every server of the settings with what its databases ask for. A server that does not answer is a row like the others. */
export const readFleet = async (): Promise<FleetServer[]> => Promise.all((await listServers()).map(readServer))

async function readServer({ id, name, database: first, otherIdentifier: otherCluster }: Server): Promise<FleetServer> {
  const sampling = await samplingState(id)
  const resting = sampling && sampling.failures > 0 ? { failingSince: sampling.failingSince, retryAt: sampling.retryAt } : null
  const known = { id, name, href: indexesOf(id, first), otherCluster, version: null, inRecovery: false, databases: [], resting }
  const target = await serverTarget(id)
  if (!target.ok) return { ...known, problem: target.problem }
  const facts = await serverFacts(target.value)
  if (!facts.ok) return { ...known, problem: facts.problem }
  const { version, inRecovery } = facts.value
  const found = await runRead(target.value, databases, {})
  if (!found.ok) return { ...known, version, inRecovery, problem: found.problem }
  const rows = await Promise.all(
    found.value.map(async ({ datname, bytes }, at) => {
      const list = at < LOOKED_AT || datname === first ? await readIndexList({ server: id, database: datname }, { limit: 1 }) : null
      return { datname, bytes, href: indexesOf(id, datname), summary: list?.ok ? list.value.summary : null }
    }),
  )
  return { ...known, version, inRecovery, problem: null, databases: rows }
}
