import { describe, expect, it } from 'vitest'
import { isFinal, mayFollow, statesBefore, TRANSITIONS } from './run-states'
import type { RunState } from './run-types'

const STATES = Object.keys(TRANSITIONS) as RunState[]

/** Every pair, written out: row from, column to. */
const ALLOWED: Record<RunState, Record<RunState, boolean>> = {
  queued: { queued: false, running: true, cancelling: false, succeeded: false, failed: false, cancelled: true, lost: false },
  running: { queued: true, running: false, cancelling: true, succeeded: true, failed: true, cancelled: false, lost: true },
  cancelling: { queued: false, running: false, cancelling: false, succeeded: true, failed: true, cancelled: true, lost: true },
  succeeded: { queued: false, running: false, cancelling: false, succeeded: false, failed: false, cancelled: false, lost: false },
  failed: { queued: false, running: false, cancelling: false, succeeded: false, failed: false, cancelled: false, lost: false },
  cancelled: { queued: false, running: false, cancelling: false, succeeded: false, failed: false, cancelled: false, lost: false },
  lost: { queued: false, running: false, cancelling: false, succeeded: false, failed: false, cancelled: false, lost: false },
}

describe('the states of a run', () => {
  it.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('%s → %s', (from, to) => {
    expect(mayFollow(from, to)).toBe(ALLOWED[from][to])
    expect(statesBefore(to).includes(from)).toBe(ALLOWED[from][to])
  })

  it('ends in exactly four', () => {
    expect(STATES.filter(isFinal).sort()).toEqual(['cancelled', 'failed', 'lost', 'succeeded'])
  })

  it('leads from queued to each of them', () => {
    const reached = new Set<RunState>(['queued'])
    for (const state of reached) for (const next of TRANSITIONS[state]) reached.add(next)
    expect([...reached].sort()).toEqual([...STATES].sort())
  })
})
