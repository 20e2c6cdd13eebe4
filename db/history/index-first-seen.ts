import { consoleDb } from '../console/client'
import { findServer, listServers, recordedTarget, type Server } from '../console/servers'
import type { IndexPast, Peer } from '../indexes/index-past'
import { failed } from '../server/problem'
import { sampledScans } from './sampled-scans'

const REMEDIES: IndexPast['remedies'] = {
  peers: 'Add it to Proctor, as a server of its own.',
  age: 'Proctor judges it when it has watched it for that long.',
}

/** What the console knows of the indexes of a database beside its server: since when it sees them, and the other servers of the cluster. */
export async function indexPast(serverId: string, database: string): Promise<IndexPast> {
  const server = await findServer(serverId)
  const unusedAfter = (server?.unusedAfterDays ?? 0) * 86_400
  const [peers, seen, sampled] = await Promise.all([
    server ? peersOf(server, database) : [],
    seenIndexes(serverId, database),
    sampledScans(serverId, database, new Date(Date.now() - unusedAfter * 1000)),
  ])
  return { unusedAfter, seen, sampled, vouched: null, peers, remedies: REMEDIES }
}

const clusterOf = ({ otherIdentifier, systemIdentifier }: Server): string | null => otherIdentifier ?? systemIdentifier

async function peersOf(server: Server, database: string): Promise<Peer[]> {
  const cluster = clusterOf(server)
  if (cluster === null) return []
  const others = (await listServers()).filter((other) => other.id !== server.id && clusterOf(other) === cluster)
  return Promise.all(others.map(async ({ id, name }) => ({ name, target: (await silent(id)) ?? (await recordedTarget(id, database)) })))
}

/** One that the worker gets no answer from is not waited for by every page. */
async function silent(serverId: string) {
  const { rows } = await consoleDb().$client.query<{ problem: string | null }>(
    /* sql */ `select problem->>'message' as problem from sampled_server where server_id = $1 and current and failures > 1`,
    [serverId],
  )
  return rows[0] ? failed('unreachable', rows[0].problem ?? 'it does not answer') : null
}

/** The last answers, by server and database: 30,000 rows do not travel for each page. */
const known = new Map<string, { stamp: string; seen: IndexPast['seen'] }>()

async function seenIndexes(serverId: string, database: string): Promise<IndexPast['seen']> {
  const key = JSON.stringify([serverId, database])
  const { $client } = consoleDb()
  const here = /* sql */ `
  from seen_index s
  join sampled_server n on n.no = s.server and n.server_id = $1 and n.current
  join sampled_database d on d.server = s.server and d.datid = s.datid and d.datname = $2`
  const stamps = await $client.query(
    `select coalesce(json_agg(x)::text, '') as stamp
       from (select n.no, s.datid, count(*), max(s.first_seen), sum(s.indexrelid) ${here} group by n.no, s.datid order by 1, 2) x`,
    [serverId, database],
  )
  const { stamp } = stamps.rows[0]
  const last = known.get(key)
  if (last !== undefined && last.stamp === stamp) return last.seen
  const { rows } = await $client.query(`select s.datid, s.indexrelid, s.first_seen ${here}`, [serverId, database])
  const seen: IndexPast['seen'] = new Map()
  for (const { datid, indexrelid, first_seen } of rows) {
    const ofDatabase = seen.get(Number(datid)) ?? new Map<number, string>()
    seen.set(Number(datid), ofDatabase.set(Number(indexrelid), first_seen.toISOString()))
  }
  known.set(key, { stamp, seen })
  return seen
}
