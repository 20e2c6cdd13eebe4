import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { type Actor, refusal } from '../console/roles'
import { failed, ok, type Result } from '../server/problem'
import { cancelRunSession } from './marker'
import { runTarget } from './run-target'
import type { Run } from './run-types'
import { findRun, logRun, moveRun } from './runs'

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
  if (!found) return failed('invalid_input', `There is no run ${runId}`)
  const run = await moveToCancelled(found, actor)
  if (!run) {
    // Asked for already: by somebody else, or by a click whose answer was lost.
    const now = await findRun(runId)
    return now && ['cancelling', 'cancelled'].includes(now.state) ? ok(now) : failed('conflict', `Run ${runId} is over: ${now?.state}`)
  }
  const backend = run.progress?.backend
  const target = await runTarget(run)
  if (backend && target.ok) await cancelRunSession(target.value, runId, backend)
  return ok(run)
}

/** Its state, its log's line and the audit's: all of it, or nothing. Undefined: it is over, or asked for already. */
const moveToCancelled = ({ id: runId, serverId, database }: Run, actor: Actor): Promise<Run | undefined> =>
  consoleDb().transaction(async (db) => {
    // Tried in this order: a run that starts between the two is cancelled as a running one.
    const queued = await moveRun(runId, 'cancelled', { endedAt: new Date() }, { from: 'queued', db })
    const run = queued ?? (await moveRun(runId, 'cancelling', {}, { db }))
    if (!run) return undefined
    await logRun(runId, 'info', `cancel asked for by ${actor.email}`, db)
    const detail = { whileIn: queued ? 'queued' : 'running' }
    await writeAudit({ by: actor, action: 'run.cancelled', serverId, database, runId, detail }, db)
    return run
  })
