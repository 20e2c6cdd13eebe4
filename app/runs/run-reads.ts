import type { RunAnswer } from '@/components/run/run-answer'
import type { RUN_SHOWS } from '@/components/runs/run-search'
import type { ListedRun } from '@/components/runs/runs-table'
import { serverNames } from '@/db/console/server-names'
import { findServer } from '@/db/console/servers'
import { isAttended } from '@/db/console/workers'
import { droppedLeftovers } from '@/db/runs/dropped-leftovers'
import { namedWindow } from '@/db/runs/held-back'
import { timesOfWindow } from '@/db/runs/maintenance-windows'
import { policyOfRun } from '@/db/runs/policies'
import { type QueuePlace, readQueue } from '@/db/runs/queue'
import type { RunState } from '@/db/runs/run-types'
import { auditOfRun, findRun, listRuns, readRunLog } from '@/db/runs/runs'
import { failed, ok, type Result } from '@/db/server/problem'

/** Whether anybody carries runs out. */
export const readWorkers = async (): Promise<Result<{ attended: boolean }>> => ok({ attended: await isAttended() })

/** A run with its log. Errors: invalid_input when there is no such run. */
export async function readRun(id: string): Promise<Result<RunAnswer>> {
  const run = await findRun(id)
  if (!run) return failed('invalid_input', `There is no run #${id}`)
  const oids = (run.receipt?.leftovers ?? []).map(({ oid }) => oid)
  const [log, auditId, names, batch, dropped, queue, window, policy, attended] = await Promise.all([
    readRunLog(id),
    auditOfRun(id),
    serverNames(),
    run.batchId === null ? [run] : listRuns({ batchId: run.batchId }),
    droppedLeftovers(run.serverId, run.database, oids),
    run.state === 'queued' ? readQueue() : new Map<string, QueuePlace>(),
    run.windowId === null ? null : timesOfWindow(run.windowId),
    policyOfRun(run.nightId),
    isAttended(),
  ])
  return ok({
    run,
    log,
    auditId,
    serverName: names.get(run.serverId) ?? run.serverId,
    sameCluster: run.systemIdentifier === null || run.systemIdentifier === (await findServer(run.serverId))?.systemIdentifier,
    batchSize: batch.length,
    dropped,
    queue: queue.get(id) ?? null,
    window: window && namedWindow(window),
    policy,
    attended,
  })
}

type Show = (typeof RUN_SHOWS)[number]

const STATES: Record<Show, RunState[] | undefined> = {
  all: undefined,
  going: ['queued', 'running', 'cancelling'],
  succeeded: ['succeeded'],
  failed: ['failed', 'lost'],
  cancelled: ['cancelled'],
}

interface RunsAsked {
  show: Show
  q: string
  server: string | null
  batch: string | null
  before: string | null
}

/** Runs, newest first, as the list shows them. */
export async function readRuns({ show, q, server, batch, before }: RunsAsked, limit: number): Promise<ListedRun[]> {
  const isUuid = batch !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(batch)
  if (batch !== null && !isUuid) return []
  const [runs, names, queue] = await Promise.all([
    listRuns(
      {
        states: STATES[show],
        search: q.slice(0, 200) || undefined,
        serverId: server ?? undefined,
        batchId: batch ?? undefined,
        before: before ?? undefined,
      },
      limit,
    ),
    serverNames(),
    readQueue(),
  ])
  return runs.map((run) => ({ run, serverName: names.get(run.serverId) ?? run.serverId, queue: queue.get(run.id) ?? null }))
}
