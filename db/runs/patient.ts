import { setTimeout as sleep } from 'node:timers/promises'
import { consoleFaultOf } from '../console/console-fault'
import { log } from '../console/log'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000
/** What the console database refuses for no reason that passes by itself is a bug, or the hand of somebody who fixes it. */
const TRIES_OF_OTHERS = 5

/**
 * Tries again while the console database has a fault that passes, with growing pauses and no end: a run on a monitored server
 * goes on meanwhile, and what it did has to be written down. `work` must be safe to repeat: after a lost answer it may have
 * been done. Errors: throws on what is no fault of that database, what stays after some tries, and any once `stopping` fired.
 */
export async function patiently<T>(work: () => Promise<T>, stopping?: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const fault = consoleFaultOf(error)
      if (!fault || stopping?.aborted || (!fault.passes && tries >= TRIES_OF_OTHERS)) throw error
      if (tries === 1) log().warn({ fault: fault.kind, err: error }, 'console database; trying again')
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS), undefined, { signal: stopping }).catch(() => undefined)
      if (stopping?.aborted) throw error
    }
  }
}

/** Whether an error is a fault of the console database that passes by itself. */
export const passes = (error: unknown): boolean => consoleFaultOf(error)?.passes ?? false
