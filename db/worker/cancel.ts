import { writeAudit } from '../console/audit'
import { type Actor, refusal } from '../console/roles'
import type { Run } from '../console/run-types'
import { findRun, logRun, moveRun } from '../console/runs'
import { serverTarget } from '../console/servers'
import { failed, ok, type Result } from '../server/problem'
import { cancelSession } from '../server/session'
import { markerOf } from './marker'

/**
 * Cancels a run: one that is queued never starts; of one that is going on the very backend (pid and backend_start) gets
 * a cancel request, by the worker again until it has ended.
 * Errors: insufficient_privilege (a viewer; written into the audit), invalid_input (no such run), conflict (it is over).
 */
export async function cancelRun(runId: string, actor: Actor): Promise<Result<Run>> {
  const problem = refusal(actor, 'operator')
  if (problem) {
    await writeAudit({ by: actor, action: 'run.refused', detail: { cancel: runId, problem } })
    return { ok: false, problem }
  }
  const found = await findRun(runId)
  // Tried in this order: a run that starts between the two is cancelled as a running one.
  const run =
    found && ((await moveRun(runId, 'cancelled', { endedAt: new Date() }, { from: 'queued' })) ?? (await moveRun(runId, 'cancelling')))
  if (!run) {
    if (!found) return failed('invalid_input', `There is no run ${runId}`)
    return found.state === 'cancelling' ? ok(found) : failed('conflict', `Run ${runId} is over: ${found.state}`)
  }
  await logRun(runId, 'info', `cancel asked for by ${actor.email}`)
  const { serverId, database } = run
  await writeAudit({
    by: actor,
    action: 'run.cancelled',
    serverId,
    database,
    runId,
    detail: { whileIn: run.state === 'cancelled' ? 'queued' : 'running' },
  })
  const backend = run.progress?.backend
  const target = await serverTarget(serverId, database)
  if (backend && target.ok) await cancelSession(target.value, backend, markerOf(runId))
  return ok(run)
}
