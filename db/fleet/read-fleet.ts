import { listServers, type Server } from '../console/servers'
import type { FleetAsk, FleetShow } from '../domain/fleet-params'
import { clusterOf } from '../findings/cluster-of'
import { type NeedsSomebody, readChecked, readNeeds } from '../findings/needs'
import { RANK } from '../findings/read-findings'
import { activeByHour, hitNow, lagNow, ratesNow, sessionsNow, sizes } from './figures'
import type { FleetAnswer, FleetCluster, FleetFigures, FleetServer, FleetTotals } from './fleet-types'
import { byNeed, fits, groupClusters, isStale, pageOf, severityOf } from './rank'
import { readSampled, type SampledRow, standingOf } from './sampled'

const MOST_FIRST = 3
/** Enough to tell what a server suffers from; its pages have the rest. */
const EVIDENCE_CHARACTERS = 300

/** A server with the number of its series; null while it was never sampled. */
type Known = FleetServer & { no: number | null; cluster: string }

/**
 * The fleet as the worker last saw it, from the console database alone: no server is asked, so that one that hangs delays no page.
 * Errors: throws what the console database says.
 */
export async function readFleet(ask: FleetAsk, now = new Date()): Promise<FleetAnswer> {
  const servers = await listServers()
  const [needs, checked, sampled] = await Promise.all([readNeeds(servers, now), readChecked(servers), readSampled()])
  const needsOf = Map.groupBy(needs, ({ serverId }) => serverId)
  const all = servers
    .map((server) => ({
      ...known(server, needsOf.get(server.id) ?? [], sampled.get(server.id), now),
      checked: (checked.get(server.id)?.size ?? 0) > 0,
    }))
    .sort(byNeed)
  const [sums, order] = await Promise.all([totalsOf(all), orderOf(all, ask)])
  const fitting = groupClusters(order, ({ cluster }) => cluster).filter((members) => members.some((server) => fits(server, ask)))
  const { clusters, page, pages } = pageOf(fitting, ask.page)
  return {
    totals: sums,
    counts: countsOf(all),
    first: all.filter((server) => severityOf(server) === 'high').slice(0, MOST_FIRST),
    tags: [...new Set(all.flatMap(({ tags }) => tags))].sort(),
    majors: [...new Set(all.flatMap(({ version }) => (version ? [Number.parseInt(version, 10)] : [])))].sort((a, b) => b - a),
    clusters: await withFigures(clusters),
    found: fitting.reduce((sum, members) => sum + members.length, 0),
    page,
    pages,
  }
}

function known(server: Server, needs: NeedsSomebody[], row: SampledRow | undefined, now: Date): Omit<Known, 'checked'> {
  const { id, name, database, tags, otherIdentifier: otherCluster } = server
  const sum = (of: 'bad' | 'warn' | 'info') => needs.reduce((total, one) => total + one[of], 0)
  const worst = needs.map((one) => one.worst).sort((a, b) => RANK[a.severity] - RANK[b.severity])[0]
  const iso = (date: Date | null | undefined) => date?.toISOString() ?? null
  return {
    ...{ id, name, database, tags, otherCluster, no: row?.no ?? null, cluster: clusterOf(server) },
    version: row?.version ?? null,
    inRecovery: row?.in_recovery ?? false,
    standing: standingOf(otherCluster, row, now),
    sampledAt: iso(row?.seen_at),
    failing: row && row.failures > 0 ? { since: iso(row.failing_since), retryAt: iso(row.retry_at), problem: row.problem } : null,
    needs: { bad: sum('bad'), warn: sum('warn'), info: sum('info') },
    worst: worst ? { ...worst, evidence: worst.evidence.slice(0, EVIDENCE_CHARACTERS) } : null,
  }
}

function countsOf(all: readonly Known[]): Record<FleetShow, number> {
  const of = (severity: FleetShow) => all.filter((server) => severityOf(server) === severity).length
  return { all: all.length, high: of('high'), medium: of('medium'), none: of('none'), stale: all.filter(isStale).length }
}

const nosOf = (servers: readonly Known[]): number[] => servers.flatMap(({ no }) => no ?? [])

/** All servers in the order that is asked for; what is not known stands last. */
async function orderOf(all: Known[], { sort, dir }: Pick<FleetAsk, 'sort' | 'dir'>): Promise<Known[]> {
  const sign = dir === 'asc' ? 1 : -1
  if (sort === 'worst') return dir === 'desc' ? all : all.toReversed()
  if (sort === 'name') return all.toSorted((a, b) => sign * a.name.localeCompare(b.name))
  const values = await valuesFor(sort, all)
  return all.toSorted((a, b) => {
    const [left, right] = [values(a), values(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * (left - right)
  })
}

async function valuesFor(sort: 'active' | 'size' | 'version' | 'sampled', all: Known[]): Promise<(server: Known) => number | null> {
  if (sort === 'version') return ({ version }) => (version === null ? null : Number.parseFloat(version))
  if (sort === 'sampled') return ({ sampledAt }) => (sampledAt === null ? null : Date.parse(sampledAt))
  if (sort === 'active') {
    const sessions = await sessionsNow(nosOf(all))
    return ({ no }) => sessions.get(no ?? 0)?.active ?? null
  }
  const bytes = await sizes(nosOf(all))
  return ({ no }) => bytes.get(no ?? 0)?.bytes ?? null
}

async function totalsOf(all: Known[]): Promise<FleetTotals> {
  const here = nosOf(all.filter(({ standing }) => standing === 'sampled'))
  const [sessions, rates, lags, size] = await Promise.all([sessionsNow(here), ratesNow(here), lagNow(here), sizes(nosOf(all))])
  const sum = <T>(of: Iterable<T>, value: (one: T) => number) => [...of].reduce((total, one) => total + value(one), 0)
  const worst = [...lags].sort(([, a], [, b]) => b.lag - a.lag)[0]
  return {
    servers: all.length,
    clusters: new Set(all.map(({ cluster, id }) => cluster || id)).size,
    standbys: all.filter(({ inRecovery }) => inRecovery).length,
    sampled: here.length,
    active: sum(sessions.values(), ({ active }) => active),
    maxConnections: sum(sessions.values(), (one) => one.max_connections),
    transactions: rates.size === 0 ? null : sum(rates.values(), ({ transactions, seconds }) => transactions / seconds),
    walBytes: rates.size === 0 ? null : sum(rates.values(), ({ wal_bytes, seconds }) => wal_bytes / seconds),
    bytes: size.size === 0 ? null : sum(size.values(), ({ bytes }) => bytes),
    lag: worst ? { ms: worst[1].lag, name: all.find(({ no }) => no === worst[0])?.name ?? '' } : null,
  }
}

async function withFigures(clusters: Known[][]): Promise<FleetCluster[]> {
  const nos = nosOf(clusters.flat())
  const [sessions, hours, hits, size, lags] = await Promise.all([sessionsNow(nos), activeByHour(nos), hitNow(nos), sizes(nos), lagNow(nos)])
  const figures = (no: number): FleetFigures => {
    const bytes = size.get(no)
    return {
      active: sessions.get(no)?.active ?? null,
      activeByHour: hours.get(no) ?? [],
      hit: hits.get(no)?.hit ?? null,
      bytes: bytes?.bytes ?? null,
      growth: bytes?.before ? (bytes.bytes - bytes.before) / bytes.before : null,
      lag: lags.get(no)?.lag ?? null,
    }
  }
  return clusters.map((members) => ({
    key: members[0]?.id ?? '',
    severity: members.map(severityOf).sort((a, b) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b))[0] ?? 'none',
    members: members.map(({ no, cluster: _, ...server }) => ({ ...server, ...figures(no ?? 0) })),
  }))
}

const SEVERITIES = ['high', 'medium', 'none'] as const
