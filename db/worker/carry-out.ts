import type { Run, RunProgress } from '../console/run-types'
import { findRun, logRun, noteProgress } from '../console/runs'
import { serverTarget } from '../console/servers'
import type { Problem, Result } from '../server/problem'
import { openSession, type Session } from '../server/session'
import { act, CANCELLED, isShell } from './act'
import { checkAgain, type Ready, refusedNow } from './check-again'
import { countLines } from './confirm'
import { dropCopies } from './drop-copy'
import { endAfterWork, endBeforeWork, type Outcome } from './finish'
import { markerOf } from './marker'
import { patiently } from './patient'
import { firstPhases } from './phases'
import { reconcile } from './reconcile'
import { tryAgain } from './try-again'
import { giveUpMsOf, type Watcher, watchRun } from './watch'

/**
 * Carries a claimed run out, from the last check to the receipt. Expected problems end the run; what throws is a bug.
 * When `stopping` fires, the run is left as it is: its backend goes on, and whoever comes next finds it by its marker.
 */
export async function carryOut(run: Run, stopping: AbortSignal, giveUpMs?: number): Promise<void> {
  const refused = await patiently(() => refusedNow(run))
  if (refused) return endBeforeWork(run, { state: 'failed', problem: refused, refused: true })
  const target = await patiently(() => serverTarget(run.serverId, run.database))
  if (!target.ok) return endBeforeWork(run, { state: 'failed', problem: target.problem })
  const ready = await patiently(() => checkAgain(run, target.value))
  if (!ready.ok) return endBeforeWork(run, { state: 'failed', problem: ready.problem })
  if (await isCancelled(run)) return endBeforeWork(run, { state: 'cancelled' })
  await patiently(() => logRun(run.id, 'info', `checked again: ${countLines(ready.value.planned.preflight)}`))

  const notices: string[] = []
  const session = await openSession(target.value, markerOf(run.id), (line) => notices.push(line))
  if (!session.ok) return endBeforeWork(run, { state: 'failed', problem: session.problem })
  const progress = await begin(run, session.value, ready.value)
  const watcher = watchRun(run, target.value, session.value, progress, giveUpMs)
  const leave = () => session.value.abandon()
  stopping.addEventListener('abort', leave)
  watcher.ended.then((why) => why === 'gone' && session.value.abandon()).catch(leave)
  const sent = await send(run, session.value, watcher)
  const last = await watcher.stop()
  const { command, before } = ready.value
  const dropped = watcher.gaveUp() ? await dropCopies(run, target.value, session.value, before) : []
  stopping.removeEventListener('abort', leave)
  await session.value.close()
  if (stopping.aborted) return
  if (!sent.ok && isLost(sent.problem)) return reconcile({ ...run, progress: last }, target.value, stopping, { notices, giveUpMs })
  const acted = sent.ok ? await act(run, target.value, ready.value, last, stopping) : { result: sent, progress: last }
  if (stopping.aborted) return
  const { result, progress: now } = acted
  const work = { target: target.value, command, before, progress: now, notices, dropped }
  const seen = result.ok && command.readBack ? await command.readBack(target.value, before) : result
  const outcome = await outcomeOf(run, seen, watcher)
  if (outcome.state !== 'failed') return endAfterWork(run, outcome, work)
  const ended = { ...work, problem: outcome.problem, blockers: watcher.heldUpBy(), giveUpMs: giveUpMs ?? giveUpMsOf(run) }
  const end = await tryAgain(run, ended)
  if (end) await endAfterWork(run, end, work)
}

/** The session is gone, not the run: only the object itself knows how far it came. */
const isLost = ({ kind }: Problem): boolean => kind === 'unreachable'

const isCancelled = async ({ id }: Run): Promise<boolean> => (await patiently(() => findRun(id)))?.state === 'cancelling'

/** Writes down by what the run is found again, before anything is sent. */
async function begin(run: Run, { pid, backendStart }: Session, { before }: Ready): Promise<RunProgress> {
  const at = new Date().toISOString()
  const progress: RunProgress = {
    at,
    phases: firstPhases(run.plan.statements, run.startedAt ?? at, at),
    bars: [],
    waitingFor: [],
    blocking: 0,
    walBytes: null,
    bytesNow: null,
    longestWaitMs: 0,
    waitedMs: 0,
    backend: { pid, backendStart },
    before,
  }
  await patiently(() => noteProgress(run.id, progress))
  await patiently(() => logRun(run.id, 'info', `session opened, pid ${pid}`))
  return progress
}

/** Each statement by itself: some of them refuse to run within a transaction block, which several in one message are. */
async function send(run: Run, session: Session, watcher: Watcher): Promise<Result<unknown>> {
  let result: Result<unknown> = { ok: true, value: null }
  for (const statement of run.plan.statements.filter((one) => !isShell(one))) {
    if (watcher.cancelling()) return { ok: false, problem: { kind: 'timeout', message: 'Cancelled', sqlstate: CANCELLED } }
    if (!statement.startsWith('SET ')) await patiently(() => logRun(run.id, 'info', firstLine(statement)))
    result = await session.execute(statement)
    if (!result.ok) return result
  }
  return result
}

const firstLine = (statement: string): string => {
  const [line = ''] = statement.split('\n')
  return line.length > 300 || line !== statement ? `${line.slice(0, 300)} …` : line
}

async function outcomeOf(run: Run, result: Result<unknown>, watcher: Watcher): Promise<Outcome> {
  if (result.ok) return { state: 'succeeded' }
  const { problem } = result
  const gaveUp = watcher.gaveUp()
  if (gaveUp) return { state: 'failed', problem: gaveUp }
  // Which of statement_timeout and a cancel it was, only the message says.
  if (problem.sqlstate === CANCELLED && (await isCancelled(run))) return { state: 'cancelled' }
  return { state: 'failed', problem }
}
