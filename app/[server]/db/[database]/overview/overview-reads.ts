import { type Place, targetOf } from '@/app/place'
import { faultInWay } from '@/app/told'
import type { BestKnown, ChecksAnswer, ShownCheck } from '@/components/overview/shown-checks'
import type { Vitals } from '@/components/overview/vitals-messages'
import { reindexIndexRequest } from '@/db/commands/reindex-index/request'
import { vacuumTableRequest } from '@/db/commands/vacuum-table/request'
import { findServer, type Server } from '@/db/console/servers'
import { askLook } from '@/db/findings/ask-look'
import { type CheckState, isOverdue, readCheckedState } from '@/db/findings/read-findings'
import { connectionSeries, newestSample } from '@/db/history/activity'
import { historyBegin, toldRange } from '@/db/history/begin'
import { counterSeries, counterTotals, sizeSeries } from '@/db/history/counters'
import { isBreak, timeMarks } from '@/db/history/events'
import { sampledAt } from '@/db/history/state'
import { indexBloated } from '@/db/indexes/checks/index-bloated'
import { nextOfFindings } from '@/db/maintenance/next-maintenance'
import { whichCluster } from '@/db/replication/which-cluster'
import { pastRuns } from '@/db/runs/run-known'
import { failed, ok, type Result } from '@/db/server/problem'
import { deadRows } from '@/db/tables/checks/dead-rows'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** What a row of the finest step stands for. */
const SAMPLE_MS = 10_000
/** Steps of maintenance that the page shows. */
const BEST = 8
/** Points of a sparkline. */
const POINTS = 60

/**
 * What the checks found on this database and its server when they last looked, and what the console knows beside them: whether it still is the
 * cluster that it was. Nothing is asked of the server; where a check is overdue, or has never looked, the worker is asked to look.
 */
export async function readChecks(place: Place): Promise<Result<ChecksAnswer>> {
  const [target, server] = await Promise.all([targetOf(place), findServer(place.server)])
  if (!target.ok) return target
  if (!server) return failed('invalid_input', `There is no server "${place.server}"`)
  const asking = (await isOverdue(server, place.database)) && (await ask(place))
  const [{ checks, ended, asked }, rebuild, vacuum] = await Promise.all([
    readCheckedState(server, place.database),
    pastRuns(place.server, reindexIndexRequest.command, { concurrently: true }),
    pastRuns(place.server, vacuumTableRequest.command, { full: false }),
  ])
  const next = bestKnown(checks, { rebuild, vacuum })
  return ok({ checks: [ofCluster(server, target.value.user, checks), ...checks], ended, asked: asked || asking, next })
}

/** The checks whose findings are maintenance to rank. */
const MAINTENANCE = [indexBloated.name, deadRows.name]

/** From what the checks found: nothing is read for it. Where one of them cannot look, the list would pass for whole: then there is none. */
function bestKnown(checks: CheckState[], past: Parameters<typeof nextOfFindings>[1]): BestKnown | null {
  const looks = checks.filter(({ name }) => MAINTENANCE.includes(name))
  if (looks.some(({ problem }) => problem !== null)) return null
  const { steps, by } = nextOfFindings(
    looks.flatMap(({ findings }) => findings),
    past,
  )
  const moments = looks.map(({ lookedAt }) => lookedAt)
  return {
    steps: steps.slice(0, BEST),
    by,
    total: looks.some(({ total, findings }) => total > findings.length) ? null : steps.length,
    at: moments.includes(null) ? null : (moments.toSorted()[0] ?? null),
  }
}

/** A console database that takes no writes keeps nobody from what it knows. */
async function ask({ server: serverId, database }: Place): Promise<boolean> {
  try {
    await askLook({ serverId, database }, { all: false })
    return true
  } catch (error) {
    if (!faultInWay(error, 'overview')) throw error
    return false
  }
}

/** What the record says, which the worker renews whenever it looks. */
function ofCluster(server: Server, role: string, checks: CheckState[]): ShownCheck {
  const { findings, ...outcome } = whichCluster(server, null, role)
  const moments = checks.flatMap(({ lookedAt }) => lookedAt ?? [])
  return { ...outcome, findings, cadence: 'minute', lookedAt: moments.toSorted().at(-1) ?? null }
}

/** The vitals of a server over the last hours, from the samples. */
export async function readVitals({ server, database }: Place, now = Date.now()): Promise<Result<Vitals>> {
  const [newest, begin] = await Promise.all([newestSample(server, new Date(now)), historyBegin(server)])
  const since = (hours: number) => toldRange({ from: new Date(now - hours * HOUR_MS), to: new Date(now) }, begin).range
  const until = newest ? newest.at + SAMPLE_MS : now
  const [minute, connections, counters, recent, sizes, sizedAt, marks] = await Promise.all([
    counterTotals(server, { from: new Date(until - MINUTE_MS), to: new Date(until) }, database),
    connectionSeries(server, since(6), POINTS),
    counterSeries(server, since(6), { datname: database, points: POINTS }),
    connectionSeries(server, since(0.5), POINTS),
    sizeSeries(server, since(30 * 24)),
    sampledAt(server, 'sizes', new Date(now)),
    timeMarks(server, since(6), database),
  ])
  return ok({
    newest,
    minute,
    connections: connections.points,
    counters: counters.points,
    recent: recent.points,
    widths: { hours: connections.width, recent: recent.width },
    sizes: sizes.filter(({ datname }) => datname === database).map(({ at, bytes }) => ({ at, bytes })),
    sizedAt,
    marks: marks.filter((mark) => mark.kind === 'setting' || isBreak(mark)),
    from: since(6).from.getTime(),
    recentFrom: since(0.5).from.getTime(),
    begin,
    now,
  })
}
