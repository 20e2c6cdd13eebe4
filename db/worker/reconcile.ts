import { setTimeout as sleep } from 'node:timers/promises'
import type { Before } from '../commands/define-command'
import { COMMANDS } from '../commands/registry'
import { markerOf, markerOfSession } from '../runs/marker'
import { runSession } from '../runs/run-sample'
import { runTarget } from '../runs/run-target'
import type { Backend, Run, RunProgress } from '../runs/run-types'
import { findRun } from '../runs/runs'
import { endIdleSession } from '../server/end-idle-session'
import { ok, type Problem } from '../server/problem'
import { runRead } from '../server/run-read'
import { openSession } from '../server/session'
import type { Target } from '../server/target'
import { lasted, monotonic } from './clock'
import { dropCopies } from './drop-copy'
import { isElsewhere, promotedSince, whoAnswers } from './elsewhere'
import { endAfterWork, endBeforeWork, type Outcome } from './finish'
import type { RunHold } from './run-hold'
import { UNREACHABLE_MS, untilAnswered } from './until-answered'
import { watchRun } from './watch'

/** How long another cluster, a standby, or a server without the database, may answer at its address: a failover takes a moment. */
const ELSEWHERE_MS = 20_000
/** Nothing was seen of its backend for so long: perhaps the address leads elsewhere. */
const BLIND_MS = 5_000
const LOOK_EVERY_MS = 500
/** An idle session under our marker has done its work, or never began; its end of the line is dead. */
const IDLE_LOOKS = 3

/** So many more looks are given to a session that was told to end. */
const ENDING_LOOKS = 20

interface Former {
  /** What the server said to the session that was lost. */
  notices?: string[]
  /** Why nothing was sent, if nothing was. */
  unsent?: Problem
  /** Instead of the run's own limit; for tests. */
  giveUpMs?: number
  /** How long the server may be away, instead of UNREACHABLE_MS; for tests. */
  awayMs?: number
}

const UNSENT: Problem = { kind: 'conflict', message: 'The worker ended before anything was sent to the server. Confirm it again.' }

/**
 * A run whose session this process does not have (any more): the worker was killed or asleep, the connection was cut, or a bug
 * came between. Finds its backend as it was written down, by pid, start and marker, and watches it to its end; ends its session,
 * so that whoever had it can send nothing any more; then looks at the object itself, and ends the run by what it sees.
 */
export async function reconcile(run: Run, hold: RunHold, target: Target, former: Former = {}): Promise<void> {
  const command = COMMANDS.get(run.command)
  const { progress } = run
  // Both are written down before anything is sent.
  if (!command || !progress?.before || !progress.backend)
    return endBeforeWork(run, hold, { state: 'failed', problem: former.unsent ?? UNSENT })
  const { before, backend } = progress
  const seen = await untilOver({ ...run, progress }, hold, target, backend, former)
  if (hold.left.aborted) return
  const now = (await hold.patiently(() => findRun(run.id))) ?? run
  const last = now.progress ?? progress
  if (!seen.ok) return endBeforeWork(now, hold, { state: 'lost', problem: seen.problem })
  const dropped = seen.gaveUp ? await dropOver(run, hold, target, last, before) : []
  const promoted = await promotedSince(before, target)
  if (promoted) await hold.log('info', `${promoted}: the run is judged by what the server shows now`)
  const limits = { left: hold.left, awayMs: former.awayMs }
  const done = await untilAnswered(() => command.done(target, before), limits)
  const { readBack } = command
  const read = done.ok && done.value === 'yes' && readBack ? await untilAnswered(() => readBack(target, before), limits) : ok(null)
  if (hold.left.aborted) return
  const outcome = ((): Outcome => {
    if (!done.ok)
      return {
        state: 'lost',
        problem: { ...done.problem, message: `Its end was not observed, and cannot be looked up: ${done.problem.message}` },
      }
    if (done.value === 'yes') return read.ok ? { state: 'succeeded' } : { state: 'failed', problem: read.problem }
    if (seen.gaveUp) return { state: 'failed', problem: seen.gaveUp }
    if (now.state === 'cancelling') return { state: 'cancelled' }
    const cause = promoted ?? (seen.restarted > before.at ? 'The server was restarted' : 'Its session was lost')
    const message = done.value === 'partly' ? `${cause} when it was done in part` : `${cause} before it was done`
    return { state: 'failed', problem: { kind: 'unreachable', message } }
  })()
  await endAfterWork(now, hold, outcome, { target, command, before, progress: last, notices: former.notices ?? [], dropped })
}

/** Whether the backend of a run is known to be gone, or idle. Errors: as its reads. */
export async function isOver(run: Run): Promise<boolean> {
  const backend = run.progress?.backend
  if (!backend) return true
  const target = await runTarget(run)
  if (!target.ok) return true // no way leads to it
  const asked = { application_name: markerOfSession(run.id, backend), pid: backend.pid, backend_start: backend.backendStart }
  const rows = await runRead(target.value, runSession, asked)
  return rows.ok && !rows.value[0]?.active
}

/** The run's own session is gone or deaf: the copy is dropped on another, which is written down first as that one was. */
async function dropOver(run: Run, hold: RunHold, target: Target, progress: RunProgress, before: Before): Promise<string[]> {
  const marker = await markerOf(run.id)
  const session = await openSession(target, marker, () => undefined)
  if (!session.ok) return []
  const { pid, backendStart } = session.value
  try {
    await hold.write({ patch: { progress: { ...progress, backend: { pid, backendStart, marker } } } })
    return await dropCopies(run, hold, target, session.value, before)
  } finally {
    await session.value.close()
  }
}

const nobodyKnows = (problem: Problem): Problem => ({
  ...problem,
  message: `${problem.message} Whether the run was done on the cluster that it was confirmed for is not visible from here; it may still be running there.`,
})

/** invalid_catalog_name (manual, appendix A). */
const NO_SUCH_DATABASE = '3D000'

/** No session can be in it any more; unless the address leads elsewhere, where nobody lets us in to see. */
const databaseGone = (problem: Problem): Problem => ({
  ...problem,
  message: `The server has no such database any more (${problem.message}): it was dropped or renamed, or the address leads elsewhere. The result of the run cannot be determined.`,
})

type Seen = { ok: true; restarted: number; gaveUp: Problem | null } | { ok: false; problem: Problem }

/** Waits until the run's backend is gone; one that is idle is ended. Errors: the server stays away for too long. */
async function untilOver(
  run: Run & { progress: RunProgress },
  hold: RunHold,
  target: Target,
  backend: Backend,
  { giveUpMs, awayMs = UNREACHABLE_MS }: Former,
): Promise<Seen> {
  let idle = 0
  let [away, lookedMs]: [number, number | null] = [0, null]
  let gaveUp: Problem | null = null
  const marker = markerOfSession(run.id, backend)
  const asked = { application_name: marker, pid: backend.pid, backend_start: backend.backendStart }
  for (; !hold.left.aborted; await sleep(LOOK_EVERY_MS, undefined, { signal: hold.left }).catch(() => undefined)) {
    const rows = await runRead(target, runSession, asked)
    const [row] = rows.ok ? rows.value : []
    idle = row?.pid && !row.active ? idle + 1 : 0
    // One that cannot be ended does nothing all the same.
    const isGone = rows.ok && (!row?.pid || idle > IDLE_LOOKS + ENDING_LOOKS)
    // Once it is over it is judged by whoever answers.
    const met = isGone ? await hold.patiently(() => whoAnswers(run, target)) : rows
    const at = monotonic()
    away = met.ok ? 0 : away + lasted(lookedMs, at)
    lookedMs = at
    if (!met.ok) {
      const isLong = away > Math.min(ELSEWHERE_MS, awayMs)
      if (isLong && isElsewhere(met.problem)) return { ok: false, problem: nobodyKnows(met.problem) }
      if (isLong && met.problem.sqlstate === NO_SUCH_DATABASE) return { ok: false, problem: databaseGone(met.problem) }
      if (away > awayMs) return { ok: false, problem: { ...met.problem, message: `The server cannot be reached: ${met.problem.message}` } }
    } else if (isGone) return { ok: true, restarted: row?.postmaster_start ?? 0, gaveUp }
    else if (row?.active) gaveUp ??= await watchOn(run, hold, target, backend, giveUpMs)
    else if (idle >= IDLE_LOOKS) await endIdleSession(target, backend, marker)
  }
  return { ok: true, restarted: 0, gaveUp }
}

async function watchOn(
  run: Run & { progress: RunProgress },
  hold: RunHold,
  target: Target,
  backend: Backend,
  giveUpMs?: number,
): Promise<Problem | null> {
  await hold.log('info', `found again, pid ${backend.pid}; its messages to the former session are lost`)
  const first = { ...run.progress, backend }
  const watcher = watchRun(run, hold, target, { backend, first, giveUpMs, isSending: () => true, idleLooks: IDLE_LOOKS, blindMs: BLIND_MS })
  await watcher.ended
  return watcher.gaveUp()
}
