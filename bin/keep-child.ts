import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Between an end and the next start, in ms; what ran for a good while is started again at once, as if it had never ended. */
export const PAUSES = { first: 1_000, longest: 60_000, goodWhile: 5 * 60_000 }

/**
 * A child that is started again whenever it ends, with a pause that doubles up to a minute. After it has run for a good while the
 * pauses start anew: an old fault does not make a later one last longer. Returns what ends it for good.
 */
export function keepChild(start: () => ChildProcess, onEnd: () => void, pauses = PAUSES): () => Promise<void> {
  const over = new AbortController()
  let child = start()
  const keep = async (): Promise<void> => {
    for (let pause = pauses.first; ; ) {
      const since = performance.now()
      await childEnd(child)
      if (over.signal.aborted) return
      onEnd()
      if (performance.now() - since >= pauses.goodWhile) pause = pauses.first
      await sleep(pause, undefined, { signal: over.signal }).catch(() => undefined)
      if (over.signal.aborted) return
      pause = Math.min(pause * 2, pauses.longest)
      child = start()
    }
  }
  const keeping = keep()
  return async () => {
    over.abort()
    await endChild(child)
    await keeping
  }
}

/** Ends a child in order and waits until it has. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.kill('SIGTERM')
  await childEnd(child)
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined

const childEnd = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (hasEnded(child)) resolve()
    child.once('exit', () => resolve()).once('error', () => resolve()) // it could not even be started
  })
