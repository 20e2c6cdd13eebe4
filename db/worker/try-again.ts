import type { Before } from '../commands/define-command'
import type { ListedCommand } from '../commands/registry'
import { timesOfWindow } from '../runs/maintenance-windows'
import { announceRuns, queueReady } from '../runs/run-queue'
import type { Run, RunBlocker } from '../runs/run-types'
import { isOpen } from '../runs/window-times'
import type { Problem } from '../server/problem'
import type { Target } from '../server/target'
import type { Outcome } from './finish'
import { formatBlocker } from './progress'
import type { RunHold } from './run-hold'

/** lock_not_available: lock_timeout ended a statement that waited. */
export const LOCK_NOT_AVAILABLE = '55P03'
const MINUTE_MS = 60_000
const FIRST_MS = 5_000
const LONGEST_MS = 5 * MINUTE_MS

/** 5 s, 15 s, 45 s … 5 min after the first, second, third … try in vain; by up to a fifth more or less, so that runs of several servers do not step together. */
export function backoffMs(tries: number, chance = Math.random()): number {
  return Math.round(Math.min(FIRST_MS * 3 ** (tries - 1), LONGEST_MS) * (0.8 + 0.4 * chance))
}

interface Ended {
  problem: Problem
  target: Target
  command: ListedCommand
  before: Before
  /** Who was in the way. */
  blockers: RunBlocker[]
  giveUpMs: number
  /** How long this try took, by the monotonic clock. */
  tookMs: number
}

/**
 * What becomes of a run that failed. One that a lock_timeout ended before it changed anything (its object says so) goes
 * back to the queue until a later moment: then null. Everything else ends as it is told; so does a run whose time is up.
 * The row holds all of it, so that whichever worker is there goes on.
 */
export async function tryAgain(
  run: Run,
  hold: RunHold,
  { problem, target, command, before, blockers, giveUpMs, tookMs }: Ended,
): Promise<Outcome | null> {
  const failed: Outcome = { state: 'failed', problem }
  if (problem.sqlstate !== LOCK_NOT_AVAILABLE || !run.plan.patience?.retries || run.giveUpMinutes === 0) return failed
  const done = await command.done(target, before)
  if (!done.ok || done.value !== 'no') return failed
  const former = run.retry?.since ? run.retry : null
  const since = former?.since ?? run.startedAt ?? run.confirmedAt
  const tries = (former?.tries ?? 0) + 1
  // What was between the tries beyond their pauses (no worker, a machine asleep, a clock that was set) is no waiting for others.
  const spentMs = (former?.spentMs ?? 0) + tookMs
  if (spentMs >= giveUpMs) {
    const times = tries === 1 ? 'one try' : `${tries} tries`
    const message = `Given up after ${times} in ${Math.round(spentMs / MINUTE_MS)} min: ${problem.message}`
    return { state: 'failed', problem: { ...problem, message } }
  }
  const pauseMs = Math.min(backoffMs(tries), giveUpMs - spentMs)
  const at = new Date(Date.now() + pauseMs)
  const window = run.windowId === null ? null : await hold.patiently(() => timesOfWindow(run.windowId ?? ''))
  const inTime = window === null || isOpen(window, at)
  const retry = { tries, since: inTime ? since : null, at: at.toISOString(), pauseMs, spentMs: spentMs + pauseMs, blockers }
  const who = blockers.length > 0 ? `held up by ${blockers.map(formatBlocker).join('; ')}` : 'ended by lock_timeout'
  const next = inTime ? `the next in ${Math.round(pauseMs / 1000)} s` : 'the next when its window opens again'
  await hold.patiently(queueReady) // it needs connections of its own
  const queued = await hold.write({
    state: 'queued',
    patch: { retry, startedAt: null, backendPid: null, progress: null, owner: null },
    lines: [{ level: 'wait', message: `try ${tries} ${who}; ${next}` }],
    also: (db) => announceRuns(run.serverId, 1, db, at),
  })
  return queued ? null : { state: 'cancelled' } // nothing else moves a run that this worker holds
}
