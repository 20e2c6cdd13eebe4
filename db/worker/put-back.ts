import { meetCluster } from '../runs/meet-cluster'
import type { Run } from '../runs/run-types'
import type { Problem } from '../server/problem'
import type { Target } from '../server/target'
import { endBeforeWork } from './finish'
import type { RunHold } from './run-hold'

const PAUSE_MS = 5_000
const inAMoment = () => new Date(Date.now() + PAUSE_MS).toISOString()

/**
 * A run of which nothing was sent goes back to the queue, where it is held for as long as the server's record says that another one answers.
 * One that somebody cancels meanwhile is cancelled.
 */
export async function putBack(run: Run, hold: RunHold, target: Target, problem: Problem): Promise<void> {
  // Whoever saw it first, the record must say it: else the run would be taken again at once.
  const met = await hold.patiently(() => meetCluster(target, { fresh: true }))
  // The right one again, or still: the address leads to one and to another by turns.
  const { tries = 0, since = null, spentMs } = run.retry ?? {}
  const retry = met.ok ? { tries, since, spentMs, at: inAMoment(), pauseMs: PAUSE_MS, blockers: [] } : run.retry
  const queued = await hold.write({
    state: 'queued',
    patch: { startedAt: null, backendPid: null, progress: null, retry, owner: null },
    lines: [{ level: 'wait', message: `held: ${problem.message}` }],
  })
  if (!queued) await endBeforeWork(run, hold, { state: 'cancelled' })
}
