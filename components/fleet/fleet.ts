import type { IndexSummary } from '@/db/indexes/index-finding'
import type { Problem } from '@/db/server/problem'
import { exactCount } from '../format'

export interface FleetDatabase {
  datname: string
  bytes: number | null
  href: string
  /** The indexes, where they have been looked at. */
  summary: IndexSummary | null
}

export interface FleetServer {
  id: string
  name: string
  href: string
  /** 18.4; null where the server does not answer. */
  version: string | null
  inRecovery: boolean
  /** The system identifier of the cluster that its address leads to, when that is not the recorded one. */
  otherCluster: string | null
  /** Why it does not answer, or what could not be read. */
  problem: Problem | null
  databases: FleetDatabase[]
  /** The worker got no answer for its samples and leaves it alone for a while; null while it is sampled. */
  resting: { failingSince: string | null; retryAt: string | null } | null
}

/** Indexes that ask for a rebuild or a drop, as far as they have been looked at. */
export const asking = ({ databases }: FleetServer): number =>
  databases.reduce((sum, { summary }) => sum + (summary ? askingOf(summary) : 0), 0)

const askingOf = ({ counts }: IndexSummary): number => counts.bloated + counts.unused + counts.redundant + counts.invalid

/** Servers that do not answer first, then by how much asks for work, then by name. */
export const worstFirst = (servers: FleetServer[]): FleetServer[] =>
  [...servers].sort(
    (a, b) =>
      Number(b.otherCluster !== null) - Number(a.otherCluster !== null) ||
      Number(a.version !== null) - Number(b.version !== null) ||
      asking(b) - asking(a) ||
      a.name.localeCompare(b.name),
  )

/** Must I act? */
export function fleetSentence(servers: FleetServer[]): string {
  const elsewhere = servers.filter(({ otherCluster }) => otherCluster !== null)
  const silent = servers.filter(({ version }) => version === null).length
  const toDo = servers.reduce((sum, server) => sum + asking(server), 0)
  if (servers.length === 0) return 'No servers yet.'
  if (elsewhere.length > 0)
    return elsewhere.length === 1
      ? `The address of ${elsewhere[0]?.name} leads to another cluster.`
      : `The addresses of ${exactCount(elsewhere.length)} servers lead to other clusters.`
  if (silent > 0) {
    if (servers.length === 1) return 'The server does not answer.'
    return `${exactCount(silent)} of ${exactCount(servers.length)} servers ${silent === 1 ? 'does' : 'do'} not answer.`
  }
  if (toDo > 0) return `${exactCount(toDo)} ${toDo === 1 ? 'index' : 'indexes'} should be rebuilt or dropped.`
  return servers.length === 1 ? 'The server answers, and no index needs action.' : 'Every server answers, and no index needs action.'
}

/** What was looked at. */
export function fleetEvidence(servers: FleetServer[]): string {
  const databases = servers.flatMap(({ databases: all }) => all)
  const seen = databases.filter(({ summary }) => summary !== null)
  const indexes = seen.reduce((sum, { summary }) => sum + (summary?.total ?? 0), 0)
  if (servers.length === 0) return 'Set DATABASE_URL, or leave the sample on, and start the console again.'
  const of = `${exactCount(seen.length)} of ${exactCount(databases.length)} ${databases.length === 1 ? 'database' : 'databases'}`
  return `${exactCount(servers.length)} ${servers.length === 1 ? 'server' : 'servers'}; ${exactCount(indexes)} indexes checked in ${of}.`
}
