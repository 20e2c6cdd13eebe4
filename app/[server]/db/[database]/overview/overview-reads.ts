import { type Place, targetOf } from '@/app/place'
import { faultInWay } from '@/app/told'
import type { Vitals } from '@/components/overview/vitals-messages'
import type { CheckOutcome } from '@/db/checks/define-check'
import { runChecks } from '@/db/checks/run-checks'
import { findServer } from '@/db/console/servers'
import { connectionSeries, newestSample } from '@/db/history/activity'
import { historyBegin, toldRange } from '@/db/history/begin'
import { counterSeries, counterTotals, sizeSeries } from '@/db/history/counters'
import { isBreak, timeMarks } from '@/db/history/events'
import { pastOf } from '@/db/history/past'
import { sampledAt } from '@/db/history/state'
import { whichCluster } from '@/db/replication/which-cluster'
import { meetCluster } from '@/db/runs/meet-cluster'
import { failed, ok, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** What a row of the finest step stands for. */
const SAMPLE_MS = 10_000
/** Points of a sparkline. */
const POINTS = 60

/** Every check on this database and its server, and what the console knows beside them: whether it still is the cluster that it was. */
export async function readChecks(place: Place): Promise<Result<CheckOutcome[]>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const [cluster, checks] = await Promise.all([readCluster(target.value), runChecks(target.value, pastOf(place.server))])
  return ok([...cluster, ...checks])
}

/**
 * Looks which cluster answers, as the worker does before a run, and says what the record says after that. A console database that takes no
 * writes keeps nobody from the other checks.
 */
async function readCluster(target: Target): Promise<CheckOutcome[]> {
  const met = await meetCluster(target).catch((error: unknown) => {
    const fault = faultInWay(error, 'overview')
    if (!fault) throw error
    return failed('conflict', `The cluster that answers could not be recorded. ${fault.message}`)
  })
  const server = await findServer(target.serverId)
  return server ? [whichCluster(server, met.ok ? null : met.problem, target.user)] : []
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
