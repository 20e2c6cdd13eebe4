import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../server/problem'
import { monotonic } from './clock'
import type { RunHold } from './run-hold'
import { backoffMs, LOCK_NOT_AVAILABLE } from './try-again'
import type { Watcher } from './watch'

const LOOK_EVERY_MS = 200

interface Limits {
  hold: RunHold
  watcher: Pick<Watcher, 'cancelling' | 'heldUpBy'>
  /** So long after the first try the last answer is given. */
  giveUpMs: number
}

/** Sends a statement again, after growing pauses, while a lock_timeout ends it; gives its last answer. A cancel ends the waiting. */
export async function untilLocked<T>(once: () => Promise<Result<T>>, { hold, watcher, giveUpMs }: Limits): Promise<Result<T>> {
  const began = monotonic()
  for (let tries = 1; ; tries++) {
    const answer = await once()
    const left = giveUpMs - (monotonic() - began)
    if (answer.ok || answer.problem.sqlstate !== LOCK_NOT_AVAILABLE || left <= 0) return answer
    const pauseMs = Math.min(backoffMs(tries), left)
    const blockers = watcher.heldUpBy().map(({ pid }) => (pid === 0 ? 'a prepared transaction' : `pid ${pid}`))
    const who = blockers.length > 0 ? `held up by ${blockers.join(', ')}` : 'ended by lock_timeout'
    await hold.log('wait', `try ${tries} ${who}; the next in ${Math.round(pauseMs / 1000)} s`)
    for (const until = monotonic() + pauseMs; monotonic() < until; ) {
      if (watcher.cancelling() || hold.left.aborted) return answer
      await sleep(LOOK_EVERY_MS, undefined, { signal: hold.left }).catch(() => undefined)
    }
  }
}
