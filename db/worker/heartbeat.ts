import { setTimeout as sleep } from 'node:timers/promises'
import { consoleFaultOf } from '../console/console-fault'
import { BEAT, evict, OTHERS, type SeenWorker } from '../console/evict'
import { log } from '../console/log'
import { type Clock, monotonic } from './clock'
import type { WorkerSession } from './worker-session'

/**
 * A worker that has not shown for so long that it lives is taken for asleep: six beats that failed to come. Shorter than the
 * 30 s after which the queue gives its jobs to another, longer than any pause of a process that is only busy.
 */
export const ASLEEP_MS = 20_000
const BEAT_MS = 3_000

interface HeartbeatOptions {
  workerId: string
  session: WorkerSession
  stopping: AbortSignal
  /** This worker itself slept, for so many ms; its machine too, or somebody set its clock. */
  onWake: (ms: number) => void
  /** A worker that slept has no runs any more: somebody should look after them. */
  onEvicted: () => void
  /** For tests: instead of the usual ones. */
  beatMs?: number
  asleepMs?: number
  clock?: Clock
  wall?: Clock
}

/** For how long each of the others has stood still, as far as this worker could look and write itself. */
type Stillness = Map<string, SeenWorker & { ms: number }>

/** One look further. Pure; what nobody could see in between does not count. */
export function lookAtOthers(before: Stillness, others: SeenWorker[], elapsedMs: number): Stillness {
  return new Map(
    others.map(({ id, beat }) => {
      const known = before.get(id)
      return [id, { id, beat, ms: known && known.beat === beat ? known.ms + elapsedMs : 0 }]
    }),
  )
}

/** Shows every few seconds that this worker lives, looks whether the others do, and notices when it slept itself. Resolves when stopped. */
export async function keepBeating(options: HeartbeatOptions): Promise<void> {
  const { workerId, session, stopping, onWake, onEvicted, beatMs = BEAT_MS, asleepMs = ASLEEP_MS } = options
  const { clock = monotonic, wall = Date.now } = options
  let others: Stillness = new Map()
  let seenAt: number | null = null
  let [beatAt, wallAt] = [clock(), wall()]
  while (!stopping.aborted) {
    const [now, wallNow] = [clock(), wall()]
    // Of a suspended machine the monotonic clock stands still.
    const sleptMs = Math.max(now - beatAt, wallNow - wallAt)
    beatAt = now
    wallAt = wallNow
    if (sleptMs > asleepMs) {
      seenAt = null
      onWake(sleptMs)
    }
    try {
      await session.query(BEAT, [workerId])
      const { rows } = await session.query<{ id: string; beat: number }>(OTHERS, [workerId])
      const at = clock()
      others = lookAtOthers(others, rows, seenAt === null ? 0 : Math.min(at - seenAt, 2 * beatMs))
      seenAt = at
      for (const { ms, ...other } of others.values()) {
        if (ms < asleepMs) continue
        if (!(await evict(other))) continue
        log().warn({ worker: other.id }, 'a worker sleeps or hangs; its runs are taken over')
        onEvicted()
      }
    } catch (error) {
      const fault = consoleFaultOf(error)?.kind
      seenAt = null // while it cannot write, neither can the others
      // A sleeper may have fallen asleep within a transaction: until the database ends that, its rows are locked.
      if (fault !== 'cancelled' && fault !== 'deadlock') others = new Map()
      if (!fault) log().error({ err: error }, 'heartbeat')
    }
    // The console database may have hung: that is no sleep.
    beatAt = clock()
    wallAt = wall()
    await sleep(beatMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
