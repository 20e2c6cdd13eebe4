import { setTimeout as sleep } from 'node:timers/promises'
import { isEnding } from './child'

/** Between an end and the next start, in ms; what ran for a good while is started again as if it had never ended. */
export const PAUSES = { first: 1_000, longest: 60_000, goodWhile: 60_000 }

/** Something that runs until it ends or is stopped. */
export interface Part {
  /** Resolves with how it ended, for a sentence: status 1, signal SIGKILL. */
  ended: Promise<string>
  stop: () => Promise<void>
}

export interface Keeping {
  /** It ended unasked; it is started again after so many ms. */
  onEnd: (how: string, pauseMs: number) => void
  /** It could not be started again, which is tried once more after so many ms. */
  onRefused?: (why: string, pauseMs: number) => void
  /** It was started again. */
  onBack?: () => void
  pauses?: typeof PAUSES
}

export interface Kept<P extends Part> {
  current: () => P
  /** Ends it for good, in its own way or in another. */
  stop: (end?: (part: P) => Promise<void>) => Promise<void>
}

/**
 * Starts something again whenever it ends, with a pause that doubles up to a minute: six times in the first minute, then once
 * a minute, for as long as it takes. After it has run for a good while the pauses start anew: an old fault does not make a later
 * one last longer. Errors: those of the first start; later ones are told to `onRefused`.
 */
export async function keep<P extends Part>(start: (stopping: AbortSignal) => Promise<P>, keeping: Keeping): Promise<Kept<P>> {
  const { onEnd, onRefused = onEnd, onBack, pauses = PAUSES } = keeping
  const over = new AbortController()
  /** Also where everything is ended at once, before whoever stops this part has it. */
  const isOver = () => over.signal.aborted || isEnding()
  let part = await start(over.signal)
  let since = performance.now()
  let pause = pauses.first
  const startAgain = async (how: string): Promise<void> => {
    onEnd(how, pause)
    for (;;) {
      await sleep(pause, undefined, { signal: over.signal }).catch(() => undefined)
      pause = Math.min(pause * 2, pauses.longest)
      if (isOver()) return
      try {
        part = await start(over.signal)
        since = performance.now()
        return onBack?.()
      } catch (error) {
        if (isOver()) return
        onRefused(error instanceof Error ? error.message : String(error), pause)
      }
    }
  }
  const watch = async (): Promise<void> => {
    while (!isOver()) {
      const how = await part.ended
      if (performance.now() - since >= pauses.goodWhile) pause = pauses.first
      if (!isOver()) await startAgain(how)
    }
  }
  const watching = watch()
  return {
    current: () => part,
    stop: async (end = (running) => running.stop()) => {
      over.abort()
      await end(part)
      await watching // it may have been about to start
      await end(part)
    },
  }
}
