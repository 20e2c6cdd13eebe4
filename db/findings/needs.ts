import { and, desc, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Finding } from '../checks/define-check'
import { CHECKS } from '../checks/registry'
import { consoleDb } from '../console/client'
import { checkLook, finding } from '../console/schema-findings'
import type { Server } from '../console/servers'
import { clusterOf } from './cluster-of'
import { RANK } from './read-findings'

/** What needs somebody at one database, or on a server as a whole (''). */
export interface NeedsSomebody {
  serverId: string
  database: string
  /** Checks with something open that nobody has snoozed, by the worst that each found. */
  bad: number
  warn: number
  info: number
  /** The worst, the oldest of those. */
  worst: { title: string; evidence: string; severity: Finding['severity']; database: string }
}

/** The open findings of servers, of their current clusters and of checks that there are, which nobody has snoozed; the newest first. */
async function openFindings(servers: readonly Server[], now: Date) {
  if (servers.length === 0) return []
  const rows = await consoleDb()
    .select({
      serverId: finding.serverId,
      cluster: finding.cluster,
      database: finding.database,
      check: finding.check,
      severity: finding.severity,
      title: sql<string>`${finding.found} ->> 'title'`,
      evidence: sql<string>`coalesce(${finding.found} ->> 'evidence', '')`,
      openedAt: finding.openedAt,
      snoozedUntil: finding.snoozedUntil,
    })
    .from(finding)
    .where(
      and(
        isNull(finding.endedAt),
        inArray(
          finding.serverId,
          servers.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(desc(finding.openedAt))
  const clusters = new Map(servers.map((server) => [server.id, clusterOf(server)]))
  const known = new Set(CHECKS.map(({ name }) => name))
  return rows.filter(
    ({ serverId, cluster, check, snoozedUntil }) =>
      cluster === clusters.get(serverId) && known.has(check) && !(snoozedUntil && snoozedUntil > now),
  )
}

/** Of every server, or of one: what is open there, as its pages say it. Errors: throws what the console database says. */
export async function readNeeds(servers: readonly Server[], now = new Date()): Promise<NeedsSomebody[]> {
  const counted = await openFindings(servers, now)
  return [...Map.groupBy(counted, ({ serverId, database }) => JSON.stringify([serverId, database])).values()].flatMap((here) => {
    const sorted = here.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || Number(a.openedAt) - Number(b.openedAt))
    const [first] = sorted
    if (!first) return []
    const worstOfChecks = [...Map.groupBy(sorted, ({ check }) => check).values()].flatMap(([worst]) => worst ?? [])
    const count = (severity: Finding['severity']) => worstOfChecks.filter((one) => one.severity === severity).length
    return {
      serverId: first.serverId,
      database: first.database,
      bad: count('bad'),
      warn: count('warn'),
      info: count('info'),
      worst: { title: first.title, evidence: first.evidence, severity: first.severity, database: first.database },
    }
  })
}

/** How many findings are open, by server, check and severity. Errors: throws what the console database says. */
export async function openByCheck(servers: readonly Server[], now = new Date()) {
  const groups = Map.groupBy(await openFindings(servers, now), ({ serverId, check, severity }) =>
    JSON.stringify([serverId, check, severity]),
  )
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows
    return first ? [{ serverId: first.serverId, check: first.check, severity: first.severity, findings: rows.length }] : []
  })
}

/** The databases of each server that some check has looked at, by the server's id. */
export async function readChecked(servers: readonly Server[]): Promise<Map<string, Set<string>>> {
  const rows = await consoleDb()
    .selectDistinct({ serverId: checkLook.serverId, cluster: checkLook.cluster, database: checkLook.database })
    .from(checkLook)
    .where(isNotNull(checkLook.lookedAt))
  return new Map(
    servers.map((server) => {
      const here = rows.filter(({ serverId, cluster }) => serverId === server.id && cluster === clusterOf(server))
      return [server.id, new Set(here.map(({ database }) => database))]
    }),
  )
}
