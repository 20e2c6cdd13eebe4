import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Run, RunBlocker } from '@/db/runs/run-types'
import { ordinal, queuedVerdict, queuedWords } from './queue-messages'

beforeAll(() => vi.setSystemTime('2026-11-23T12:00:00Z')) // a year is only printed when it is another
afterAll(() => vi.useRealTimers())

const BLOCKER: RunBlocker = {
  pid: 4711,
  backendStart: '',
  usename: 'report_reader',
  applicationName: 'metabase',
  clientAddr: null,
  state: 'idle in transaction',
  xactSeconds: 842,
  query: null,
}

const window = { name: 'Nightly', words: 'At 02:00, Europe/Prague, for 2 h', timeZone: 'Europe/Prague' }
const retry = { tries: 2, since: '2026-11-23T11:41:00Z', at: '2026-11-23T11:42:05Z', blockers: [BLOCKER] }
const run = (more: Partial<Run>) => ({ giveUpMinutes: 5, retry: null, ...more }) as Run

it('says for when a run waits, in the zone of its window', () => {
  const held = { startsAt: '2026-11-29T01:00:00.000Z', because: 'window' as const, window }
  expect(queuedVerdict(run({}), held)).toEqual({
    title: 'Waits for Sun 29 Nov 02:00 Europe/Prague.',
    below: 'Window Nightly: At 02:00, Europe/Prague, for 2 h.',
  })
  expect(queuedWords(held, null)).toBe('Waits for Sun 29 Nov 02:00 Europe/Prague, window Nightly.')
  expect(queuedVerdict(run({ retry: { ...retry, since: null } }), held).below).toBe(
    'Window Nightly: At 02:00, Europe/Prague, for 2 h. Two tries in the last window, blocked by pid 4711 (metabase).',
  )
})

it('says when it tries again, who held it up and when it is given up', () => {
  const held = { startsAt: retry.at, because: 'retry' as const, window: null }
  expect(queuedVerdict(run({ retry }), held)).toEqual({
    title: 'Third try at 11:42:05 UTC.',
    below: 'Blocked by pid 4711 (metabase). Given up 5 min after the first try, at 11:46:00 UTC.',
  })
  const other = { ...BLOCKER, pid: 0 }
  expect(queuedWords(held, { ...retry, blockers: [{ ...BLOCKER, applicationName: '' }, other] })).toBe(
    'Third try at 11:42:05 UTC, blocked by pid 4711 (report_reader) and a prepared transaction.',
  )
  expect(queuedWords(held, { ...retry, blockers: [] })).toBe('Third try at 11:42:05 UTC.')
})

it('counts tries in words', () => {
  expect([1, 9, 10, 21].map(ordinal)).toEqual(['first', 'ninth', '10th', '21st'])
})
