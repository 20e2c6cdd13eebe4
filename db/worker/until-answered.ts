import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../server/problem'
import { lasted, monotonic } from './clock'

const LOOK_EVERY_MS = 500

/** How long a server may be away before a run on it is called lost. */
export const UNREACHABLE_MS = 15 * 60_000

interface Limits {
  left: AbortSignal
  /** Instead of UNREACHABLE_MS; for tests. */
  awayMs?: number
  /** Asked between two tries: true ends the waiting. */
  isOver?: () => boolean
}

/** Asks again while the server is away or slow, until it was for too long, and gives the last answer. For what only reads. */
export async function untilAnswered<T>(
  ask: () => Promise<Result<T>>,
  { left, awayMs = UNREACHABLE_MS, isOver = () => false }: Limits,
): Promise<Result<T>> {
  let [away, before]: [number, number | null] = [0, null]
  for (;;) {
    const answer = await ask()
    const at = monotonic()
    away += lasted(before, at)
    before = at
    if (answer.ok || (answer.problem.kind !== 'unreachable' && answer.problem.kind !== 'timeout') || away >= awayMs) return answer
    if (left.aborted || isOver()) return answer
    await sleep(LOOK_EVERY_MS, undefined, { signal: left }).catch(() => undefined)
  }
}
