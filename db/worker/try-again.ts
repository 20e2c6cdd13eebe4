import type { Before } from '../commands/define-command'
import type { ListedCommand } from '../commands/registry'
import { consoleDb } from '../console/client'
import { timesOfWindow } from '../console/maintenance-windows'
import { announceRuns } from '../console/run-queue'
import type { Run, RunBlocker } from '../console/run-types'
import { logRun, moveRun } from '../console/runs'
import { isOpen } from '../console/window-times'
import type { Problem } from '../server/problem'
import type { Target } from '../server/target'
import type { Outcome } from './finish'
import { patiently } from './patient'
import { sayBlocker } from './progress'

/** lock_not_available: lock_timeout ended a statement that waited. */
const LOCK_NOT_AVAILABLE = '55P03'
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
}

/**
 * What becomes of a run that failed. One that a lock_timeout ended before it changed anything (its object says so) goes
 * back to the queue until a later moment: then null. Everything else ends as it is told; so does a run whose time is up.
 * The row holds all of it, so that whichever worker is there goes on.
 */
export async function tryAgain(run: Run, { problem, target, command, before, blockers, giveUpMs }: Ended): Promise<Outcome | null> {
  const failed: Outcome = { state: 'failed', problem }
  if (problem.sqlstate !== LOCK_NOT_AVAILABLE || !run.plan.patience?.retries || run.giveUpMinutes === 0) return failed
  const done = await command.done(target, before)
  if (!done.ok || done.value !== 'no') return failed
  const now = Date.now()
  const former = run.retry?.since ? run.retry : null
  const since = Date.parse(former?.since ?? run.startedAt ?? run.confirmedAt)
  const tries = (former?.tries ?? 0) + 1
  if (now >= since + giveUpMs) {
    const times = tries === 1 ? 'one try' : `${tries} tries`
    const message = `Given up after ${times} in ${Math.round((now - since) / MINUTE_MS)} min: ${problem.message}`
    return { state: 'failed', problem: { ...problem, message } }
  }
  const at = new Date(Math.min(now + backoffMs(tries), since + giveUpMs))
  const window = run.windowId === null ? null : await patiently(() => timesOfWindow(run.windowId ?? ''))
  const inTime = window === null || isOpen(window, at)
  const retry = { tries, since: inTime ? new Date(since).toISOString() : null, at: at.toISOString(), blockers }
  const queued = await patiently(() =>
    consoleDb().transaction(async (tx) => {
      const patch = { retry, startedAt: null, backendPid: null, progress: null }
      const moved = await moveRun(run.id, 'queued', patch, { db: tx })
      if (!moved) return false
      await announceRuns(run.serverId, 1, tx, at)
      const who = blockers.length > 0 ? `held up by ${blockers.map(sayBlocker).join('; ')}` : 'ended by lock_timeout'
      const next = inTime ? `the next in ${Math.round((at.getTime() - now) / 1000)} s` : 'the next when its window opens again'
      await logRun(run.id, 'wait', `try ${tries} ${who}; ${next}`, tx)
      return true
    }),
  )
  return queued ? null : { state: 'cancelled' } // nothing else moves a run that this worker holds
}
