import { checkAgain, lateNow, type Ready, refusedNow } from '../runs/check-again'
import { countLines } from '../runs/confirm'
import { markerOf, twinAtServer } from '../runs/marker'
import { runTarget } from '../runs/run-target'
import type { Backend, Run, RunProgress } from '../runs/run-types'
import { findRun } from '../runs/runs'
import type { Problem, Result } from '../server/problem'
import { openSession, type Session } from '../server/session'
import type { Target } from '../server/target'
import { act, CANCELLED } from './act'
import { monotonic } from './clock'
import { dropCopies } from './drop-copy'
import { changedSince, isElsewhere, promotedTo, whoAnswers } from './elsewhere'
import { endAfterWork, endBeforeWork, type Outcome } from './finish'
import { firstPhases } from './phases'
import { putBack } from './put-back'
import { reconcile } from './reconcile'
import type { Swapped } from './replaced'
import type { RunHold } from './run-hold'
import { send } from './send'
import { tryAgain } from './try-again'
import { giveUpMsOf, type Watcher, watchRun } from './watch'
import { withCause } from './with-cause'

/**
 * Carries a claimed run out, from the last check to the receipt. Expected problems end the run; what throws is a bug. When the
 * worker stops or somebody else has the run, it is left as it is: its backend goes on, and whoever comes next finds it.
 */
export async function executeRun(confirmed: Run, hold: RunHold, giveUpMs?: number): Promise<void> {
  let run = confirmed
  const refused = await hold.patiently(() => refusedNow(run))
  if (refused) return endBeforeWork(run, hold, { state: 'failed', problem: refused, refused: true })
  const late = await hold.patiently(() => lateNow(run))
  if (late) return endBeforeWork(run, hold, { state: 'failed', problem: late })
  const found = await hold.patiently(() => runTarget(run))
  if (!found.ok) return endBeforeWork(run, hold, { state: 'failed', problem: found.problem })
  const stopBefore = (problem: Problem) =>
    isElsewhere(problem) ? putBack(run, hold, found.value, problem) : endBeforeWork(run, hold, { state: 'failed', problem })
  const met = await hold.patiently(() => whoAnswers(run, found.value))
  if (!met.ok) return stopBefore(met.problem)
  const target = met.value ? { ...found.value, cluster: met.value } : found.value
  const ready = await hold.patiently(() => checkAgain(run, target))
  if (!ready.ok) return stopBefore(ready.problem)
  if (await isCancelled(run, hold)) return endBeforeWork(run, hold, { state: 'cancelled' })
  // Of a plan that an older console stored, what it did not know of it. The steps are those of now, whose statements are the ones that were
  // confirmed: an index that somebody has rebuilt since has another OID.
  const { plan } = ready.value.planned
  run = { ...run, plan: { ...plan, ...run.plan, steps: plan.steps } }
  const promoted = promotedTo(run, ready.value.planned.cluster)
  if (promoted) await hold.log('info', promoted)
  await hold.log('info', `checked again: ${countLines(ready.value.planned.preflight)}`)

  const notices: string[] = []
  const marker = await markerOf(run.id)
  const session = await openSession(target, marker, (line) => notices.push(line))
  if (!session.ok) return stopBefore(session.problem)
  const backend = { pid: session.value.pid, backendStart: session.value.backendStart, marker }
  try {
    const changed = changedSince(ready.value.planned.cluster, session.value.cluster) ?? (await twinAtServer(run, target, backend))
    if (changed) return await stopBefore(changed)
    const progress = await begin(run, hold, backend, ready.value)
    await workOn(run, hold, { target, session: session.value, backend, ready: ready.value, progress, notices, giveUpMs })
  } finally {
    await session.value.close()
  }
}

/** The answer of a backend that is idle again arrives within these 10 s, or never: the connection is dead on the way. */
const LOOKS_UNTIL_DEAF = 20

interface Work {
  target: Target
  session: Session
  backend: Backend
  ready: Ready
  progress: RunProgress
  notices: string[]
  giveUpMs?: number
}

async function workOn(run: Run, hold: RunHold, { target, session, backend, ready, progress, notices, giveUpMs }: Work): Promise<void> {
  const { left } = hold
  const began = monotonic()
  const sending = { now: false }
  const watcher = watchRun(run, hold, target, {
    backend,
    first: progress,
    giveUpMs,
    isSending: () => sending.now,
    idleLooks: LOOKS_UNTIL_DEAF,
  })
  const leave = () => session.abandon()
  left.addEventListener('abort', leave)
  watcher.ended.then((why) => why === 'gone' && session.abandon()).catch(leave)
  const swapped: Swapped[] = []
  const sent = await send(run, hold, target, session, watcher, {
    sending,
    before: ready.before,
    swapped,
    giveUpMs: giveUpMs ?? giveUpMsOf(run),
  }).finally(() => watcher.stop())
  const last = await watcher.stop()
  const { command, before } = ready
  const dropped = watcher.gaveUp() ? await dropCopies(run, hold, target, session, before) : []
  left.removeEventListener('abort', leave)
  await session.close()
  if (left.aborted) return
  if (!sent.ok && isLost(sent.problem)) return reconcile({ ...run, progress: last }, hold, target, { notices, giveUpMs })
  const acted = sent.ok ? await act(run, hold, target, ready, last) : { result: sent, progress: last }
  if (left.aborted) return
  const { result, progress: now } = acted
  const work = { target, command, before, progress: now, notices, dropped, swapped }
  const seen = result.ok && command.readBack ? await command.readBack(target, before) : result
  if (result.ok && !seen.ok && isLost(seen.problem) && !command.act)
    return reconcile({ ...run, progress: now }, hold, target, { notices, giveUpMs })
  const outcome = await outcomeOf(run, hold, seen, watcher)
  if (outcome.state !== 'failed') return endAfterWork(run, hold, outcome, work)
  const problem = await withCause(run, target, before, outcome.problem)
  const ended = {
    ...work,
    problem,
    blockers: watcher.heldUpBy(),
    giveUpMs: giveUpMs ?? giveUpMsOf(run),
    tookMs: monotonic() - began,
  }
  const end = await tryAgain(run, hold, ended)
  if (end) await endAfterWork(run, hold, end, work)
}

/** The session is gone, not the run: only the object itself knows how far it came. */
const isLost = ({ kind }: Problem): boolean => kind === 'unreachable'

const isCancelled = async ({ id }: Run, hold: RunHold): Promise<boolean> =>
  (await hold.patiently(() => findRun(id)))?.state === 'cancelling'

/** Writes down by what the run is found again, before anything is sent. */
async function begin(run: Run, hold: RunHold, backend: Backend, { before }: Ready): Promise<RunProgress> {
  const at = new Date().toISOString()
  const progress: RunProgress = {
    at,
    phases: firstPhases(run.plan.phases ?? [], run.startedAt ?? at, at),
    bars: [],
    waitingFor: [],
    blocking: 0,
    walBytes: null,
    bytesNow: null,
    longestWaitMs: 0,
    waitedMs: 0,
    backend,
    before,
  }
  const lines = [{ level: 'info' as const, message: `session opened, pid ${backend.pid}` }]
  await hold.write({ patch: { progress, backendPid: backend.pid }, lines })
  return progress
}

async function outcomeOf(run: Run, hold: RunHold, result: Result<unknown>, watcher: Watcher): Promise<Outcome> {
  if (result.ok) return { state: 'succeeded' }
  const { problem } = result
  const gaveUp = watcher.gaveUp()
  if (gaveUp) return { state: 'failed', problem: gaveUp }
  // Its statements went through where it was confirmed for; that they took effect is not seen from here.
  if (isElsewhere(problem)) return { state: 'lost', problem }
  // Which of statement_timeout and a cancel it was, only the message says.
  if (problem.sqlstate === CANCELLED && (await isCancelled(run, hold))) return { state: 'cancelled' }
  return { state: 'failed', problem }
}
