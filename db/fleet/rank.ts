import type { FleetAsk, FleetShow } from '../domain/fleet-params'
import { FLEET_PAGE } from '../domain/fleet-params'
import type { FleetServer } from './fleet-types'

type Severity = Exclude<FleetShow, 'all' | 'stale'>

/** A server that does not answer, or that another cluster answers for, needs somebody before any finding does. */
export const severityOf = ({ standing, needs }: Pick<FleetServer, 'standing' | 'needs'>): Severity =>
  standing === 'unreachable' || standing === 'elsewhere' || needs.bad > 0 ? 'high' : needs.warn > 0 ? 'medium' : 'none'

export const isStale = ({ standing }: Pick<FleetServer, 'standing'>): boolean => standing !== 'sampled'

const STANDING_RANK = { elsewhere: 0, unreachable: 1, stale: 3, never: 3, sampled: 3 } as const
const SEVERITY_RANK = { high: 0, medium: 1, none: 2 } as const

/** Negative: `a` needs somebody before `b`. */
export const byNeed = (a: FleetServer, b: FleetServer): number =>
  SEVERITY_RANK[severityOf(a)] - SEVERITY_RANK[severityOf(b)] ||
  STANDING_RANK[a.standing] - STANDING_RANK[b.standing] ||
  b.needs.bad - a.needs.bad ||
  b.needs.warn - a.needs.warn ||
  a.name.localeCompare(b.name)

/** Servers of one system identifier together, the primary first; one that has told none stands by itself. */
export function groupClusters<T extends FleetServer>(servers: readonly T[], clusterOf: (server: T) => string): T[][] {
  const groups = Map.groupBy(servers, (server) => clusterOf(server) || `server ${server.id}`)
  return [...groups.values()].map((members) =>
    members.toSorted((a, b) => Number(a.inRecovery) - Number(b.inRecovery) || a.name.localeCompare(b.name)),
  )
}

/** Whether a server is asked for, by name, tag or worst finding, and by tags and version. */
export function fits(server: FleetServer, { q, tags, major, show }: Pick<FleetAsk, 'q' | 'tags' | 'major' | 'show'>): boolean {
  const text = q.trim().toLowerCase()
  const words = [server.name, ...server.tags, server.worst?.title ?? '']
  return (
    (text === '' || words.some((word) => word.toLowerCase().includes(text))) &&
    tags.every((tag) => server.tags.includes(tag)) &&
    (major === null || (server.version !== null && Number.parseInt(server.version, 10) === major)) &&
    (show === 'all' || (show === 'stale' ? isStale(server) : severityOf(server) === show))
  )
}

/** The clusters of one page, from 1; a page ends after the cluster that fills it. */
export function pageOf<T>(clusters: readonly T[][], page: number, size = FLEET_PAGE): { clusters: T[][]; page: number; pages: number } {
  const all: T[][][] = [[]]
  let held = 0
  for (const cluster of clusters) {
    if (held >= size) {
      all.push([])
      held = 0
    }
    all.at(-1)?.push(cluster)
    held += cluster.length
  }
  const shown = Math.min(Math.max(1, page), all.length)
  return { clusters: all[shown - 1] ?? [], page: shown, pages: all.length }
}
