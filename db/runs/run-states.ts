import type { RunState } from './run-types'

/** From each state to those that may follow it. */
export const TRANSITIONS: Record<RunState, readonly RunState[]> = {
  queued: ['running', 'cancelled'],
  // Back to the queue: a try that a lock_timeout ended before anything was changed.
  running: ['queued', 'cancelling', 'succeeded', 'failed', 'lost'],
  // A cancel may come too late (succeeded), or a failure before it.
  cancelling: ['cancelled', 'succeeded', 'failed', 'lost'],
  succeeded: [],
  failed: [],
  cancelled: [],
  lost: [],
}

export const mayFollow = (from: RunState, to: RunState): boolean => TRANSITIONS[from].includes(to)

/** The states from which `to` can be reached in one step. */
export const statesBefore = (to: RunState): RunState[] => (Object.keys(TRANSITIONS) as RunState[]).filter((from) => mayFollow(from, to))

/** Whether a run is over: nothing follows. */
export const isFinal = (state: RunState): boolean => TRANSITIONS[state].length === 0
