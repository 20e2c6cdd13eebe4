import { describe, expect, it } from 'vitest'
import type { SamplingState } from '@/db/history/state'
import { sentence } from './sampling-card'

const NOW = '2026-11-23T12:00:00.000Z'
const FINE: SamplingState = {
  seenAt: '2026-11-23T11:59:56.000Z',
  failures: 0,
  failingSince: null,
  retryAt: null,
  problem: null,
  turns: [],
  cost: null,
}

describe('what is said of sampling', () => {
  it.each([
    [null, 'It has not been sampled yet: the worker starts within a few seconds.'],
    [FINE, 'It answered 4 s ago.'],
    [
      { ...FINE, failures: 3, failingSince: '2026-11-23T11:58:00.000Z', retryAt: '2026-11-23T12:00:40.000Z' },
      'It does not answer since 23 Nov 2026 11:58 UTC. 3 attempts so far, the next one in 40 s; the pause between attempts grows to 10 min.',
    ],
    [
      { ...FINE, failures: 1, retryAt: NOW, problem: { kind: 'another_cluster' as const, message: 'Cannot be told' } },
      'It is not sampled. 1 attempt so far, the next one is due; the pause between attempts grows to 10 min.',
    ],
    [
      { ...FINE, failures: 1, retryAt: NOW },
      'It does not answer. 1 attempt so far, the next one is due; the pause between attempts grows to 10 min.',
    ],
  ])('%#', (state, words) => expect(sentence(state, NOW)).toBe(words))
})
