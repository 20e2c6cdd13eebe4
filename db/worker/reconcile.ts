import { setTimeout as sleep } from 'node:timers/promises'
import type { Before } from '../commands/define-command'
import { COMMANDS } from '../commands/registry'
import type { Run } from '../console/run-types'
import { findRun, logRun } from '../console/runs'
import { ok, type Problem } from '../server/problem'
import { runRead } from '../server/run-read'
import { openSession } from '../server/session'
import type { Target } from '../server/target'
import { dropCopies } from './drop-copy'
import { endAfterWork, endBeforeWork, type Outcome } from './finish'
import { markerOf } from './marker'
import { patiently } from './patient'
import { runSession } from './run-sample'
import { watchRun } from './watch'

/** How long a server may be away before a run on it is called lost. */
const UNREACHABLE_MS = 15 * 60_000
/** An idle session under our marker has done its work, or never began; its end of the line is dead. */
const IDLE_LOOKS = 3

interface Former {
  /** What the server said to the session that was lost. */
  notices?: string[]
  /** Instead of the run's own limit; for tests. */
  giveUpMs?: number
  /** How long the server may be away, instead of UNREACHABLE_MS; for tests. */
  awayMs?: number
}

/**
 * A run whose session this process does not have (any more): the worker was killed, or the connection was cut. Finds its
 * backend by the marker and watches it to its end; then looks at the object itself, and ends the run by what it sees.
 */
export async function reconcile(run: Run, target: Target, stopping: AbortSignal, former: Former = {}): Promise<void> {
  const command = COMMANDS.get(run.command)
  const { progress } = run
  if (!command || !progress?.before) {
    const problem: Problem = { kind: 'conflict', message: 'The worker ended before anything was sent to the server. Confirm it again.' }
    return endBeforeWork(run, { state: 'failed', problem })
  }
  const { before } = progress
  const seen = await untilOver({ ...run, progress }, target, stopping, former)
  if (stopping.aborted) return
  const now = (await patiently(() => findRun(run.id))) ?? run
  const last = now.progress ?? progress
  if (!seen.ok) return endBeforeWork(run, { state: 'lost', problem: seen.problem })
  const dropped = seen.gaveUp ? await dropOver(run, target, before) : []
  const done = await command.done(target, before)
  const read = done.ok && done.value === 'yes' && command.readBack ? await command.readBack(target, before) : ok(null)
  const outcome = ((): Outcome => {
    if (!done.ok)
      return {
        state: 'lost',
        problem: { ...done.problem, message: `Nobody saw its end, and it cannot be looked up: ${done.problem.message}` },
      }
    if (done.value === 'yes') return read.ok ? { state: 'succeeded' } : { state: 'failed', problem: read.problem }
    if (seen.gaveUp) return { state: 'failed', problem: seen.gaveUp }
    if (now.state === 'cancelling') return { state: 'cancelled' }
    const cause = seen.restarted > before.at ? 'The server was restarted' : 'Its session was lost'
    const message = done.value === 'partly' ? `${cause} when it was done in part` : `${cause} before it was done`
    return { state: 'failed', problem: { kind: 'unreachable', message } }
  })()
  await endAfterWork(now, outcome, { target, command, before, progress: last, notices: former.notices ?? [], dropped })
}

/** The run's own session is gone or deaf: the copy is dropped on another under the same marker. */
async function dropOver(run: Run, target: Target, before: Before): Promise<string[]> {
  const session = await openSession(target, markerOf(run.id), () => undefined)
  if (!session.ok) return []
  const dropped = await dropCopies(run, target, session.value, before)
  await session.value.close()
  return dropped
}

type Seen = { ok: true; restarted: number; gaveUp: Problem | null } | { ok: false; problem: Problem }

/** Waits until no backend has the run's marker. Errors: the server stays away for too long. */
async function untilOver(
  run: Run & { progress: NonNullable<Run['progress']> },
  target: Target,
  stopping: AbortSignal,
  { giveUpMs, awayMs = UNREACHABLE_MS }: Former,
): Promise<Seen> {
  let idle = 0
  let awaySince: number | null = null
  let gaveUp: Problem | null = null
  for (; !stopping.aborted; await sleep(500, undefined, { signal: stopping }).catch(() => undefined)) {
    const rows = await runRead(target, runSession, { application_name: markerOf(run.id) })
    if (!rows.ok) {
      awaySince ??= Date.now()
      if (Date.now() - awaySince > awayMs)
        return { ok: false, problem: { ...rows.problem, message: `The server cannot be reached: ${rows.problem.message}` } }
      continue
    }
    awaySince = null
    const [row] = rows.value
    if (!row?.pid || !row.backend_start || (!row.active && ++idle >= IDLE_LOOKS))
      return { ok: true, restarted: row?.postmaster_start ?? 0, gaveUp }
    if (row.active) gaveUp ??= await watchOn(run, target, { pid: row.pid, backendStart: row.backend_start }, stopping, giveUpMs)
  }
  return { ok: true, restarted: 0, gaveUp }
}

async function watchOn(
  run: Run & { progress: NonNullable<Run['progress']> },
  target: Target,
  backend: { pid: number; backendStart: string },
  stopping: AbortSignal,
  giveUpMs?: number,
): Promise<Problem | null> {
  await patiently(() => logRun(run.id, 'info', `found again, pid ${backend.pid}; its messages to the former session are lost`))
  const watcher = watchRun(run, target, backend, { ...run.progress, backend }, giveUpMs)
  const stop = () => void watcher.stop()
  stopping.addEventListener('abort', stop)
  await watcher.ended
  stopping.removeEventListener('abort', stop)
  return watcher.gaveUp()
}
