import type { NeedsSomebody } from '@/db/findings/read-findings'
import type { Problem } from '@/db/server/problem'
import { exactCount } from '../format'

/** Checks that found something which nobody has snoozed, by the worst that each found. */
export type Needs = Pick<NeedsSomebody, 'bad' | 'warn' | 'info' | 'worst'>

export interface FleetDatabase {
  datname: string
  bytes: number | null
  href: string
  overviewHref: string
  /** Some check has looked at it. */
  checked: boolean
  /** null: nothing is open. */
  needs: Needs | null
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
  /** What concerns the server as a whole. */
  needs: Needs | null
  overviewHref: string
  databases: FleetDatabase[]
  /** The worker got no answer for its samples and leaves it alone for a while; null while it is sampled. */
  resting: { failingSince: string | null; retryAt: string | null } | null
}

/** Problems that need somebody, on the server and in its databases. */
export const asking = ({ needs, databases }: Pick<FleetServer, 'needs' | 'databases'>): number =>
  [needs, ...databases.map((database) => database.needs)].reduce((sum, one) => sum + (one ? one.bad + one.warn : 0), 0)

const urgent = ({ needs, databases }: FleetServer): number =>
  [needs, ...databases.map((database) => database.needs)].reduce((sum, one) => sum + (one?.bad ?? 0), 0)

/** Servers that do not answer first, then by how many problems are of high severity, then by all that need somebody, then by name. */
export const worstFirst = (servers: FleetServer[]): FleetServer[] =>
  [...servers].sort(
    (a, b) =>
      Number(b.otherCluster !== null) - Number(a.otherCluster !== null) ||
      Number(a.version !== null) - Number(b.version !== null) ||
      urgent(b) - urgent(a) ||
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
  if (toDo > 0) {
    const where =
      servers.length === 1
        ? ''
        : ` on ${exactCount(servers.filter((server) => asking(server) > 0).length)} of ${exactCount(servers.length)} servers`
    return `${exactCount(toDo)} ${toDo === 1 ? 'problem needs' : 'problems need'} attention${where}.`
  }
  if (servers.every(({ databases }) => databases.every(({ checked }) => !checked))) return 'Not checked yet.'
  return servers.length === 1
    ? 'The server answers, and no problems need attention.'
    : 'Every server answers, and no problems need attention.'
}

/** What was looked at. */
export function fleetEvidence(servers: FleetServer[]): string {
  const databases = servers.flatMap(({ databases: all }) => all)
  const seen = databases.filter(({ checked }) => checked)
  if (servers.length === 0) return 'Set DATABASE_URL, or leave the sample on, and start the console again.'
  const of = `${exactCount(seen.length)} of ${exactCount(databases.length)} ${databases.length === 1 ? 'database' : 'databases'}`
  return `${exactCount(servers.length)} ${servers.length === 1 ? 'server' : 'servers'}; ${of} checked.`
}
