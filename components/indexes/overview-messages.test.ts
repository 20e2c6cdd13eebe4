import { describe, expect, test } from 'vitest'
import type { IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { evidence, verdictSentence } from './overview-messages'

const MB = 1024 * 1024
const none = { bloated: 0, unused: 0, redundant: 0, invalid: 0, 'not-scanned': 0, constraint: 0, healthy: 0 }

const summary = (total: number, counts: Partial<typeof none>, more: Partial<IndexSummary> = {}): IndexSummary => ({
  total,
  bytes: 612 * MB,
  databaseBytes: 1700 * MB,
  counts: { ...none, ...counts },
  reclaim: { ...none, bloated: 96 * MB },
  bloatBytes: 148 * MB,
  knownBytes: 600 * MB,
  estimated: true,
  statsReset: '2026-10-20T06:12:00Z',
  statsSince: '2026-10-01T00:00:00Z',
  skipped: 0,
  ...more,
})

const judged: UnusedEvidence = { seconds: 36 * 86_400, after: 35 * 86_400, withheld: null, notScanned: { count: 0, bytes: 0 } }

describe('the verdict of a database', () => {
  test('with work to do', () => {
    const found = summary(47, { bloated: 3, unused: 9, redundant: 6, invalid: 1, healthy: 28 })
    expect(verdictSentence(found)).toBe('19 of 47 indexes cost more than they return.')
    expect(evidence(found, judged, 'lms')).toBe(
      'Three rebuilds return ≈ 96 MB of 148 MB bloat. Nine are unused for 35 days or longer, six repeat another index, one is invalid.',
    )
  })

  test('one index', () => {
    const found = summary(2, { invalid: 1, healthy: 1 })
    expect(verdictSentence(found)).toBe('1 of 2 indexes costs more than it returns.')
    expect(evidence(found, judged, 'lms')).toBe('One is invalid.')
    expect(verdictSentence(summary(1, { unused: 1 }))).toBe('The one index here costs more than it returns.')
    expect(verdictSentence(summary(1, { healthy: 1 }))).toBe('The one index here earns its keep.')
  })

  test('nothing to do says what was checked', () => {
    const found = summary(30_000, { healthy: 30_000 })
    expect(verdictSentence(found)).toBe('All 30,000 indexes earn their keep.')
    expect(evidence(found, judged, 'lms')).toBe('None is bloated, redundant or invalid, and none went unused for 35 days.')
  })

  test('no index at all', () => {
    expect(verdictSentence(summary(0, {}))).toBe('There are no indexes here yet.')
    expect(evidence(summary(0, {}), judged, 'lms')).toBe('No table of lms outside of the system schemas has an index.')
  })

  test('young statistics and locks are said', () => {
    const young = summary(
      3,
      { healthy: 3 },
      {
        statsReset: null,
        statsSince: '2026-11-23T09:00:00Z',
        skipped: 2,
      },
    )
    expect(
      evidence(
        young,
        {
          seconds: 18_000,
          after: 35 * 86_400,
          withheld: 'statistics are 5 hours old, 35 days are needed',
          notScanned: { count: 2, bytes: 3 * MB },
        },
        'lms',
      ),
    ).toBe(
      'None is bloated, redundant or invalid. Unused is not judged, statistics are 5 hours old, 35 days are needed: two not scanned so far (3.0 MB). Two were skipped for a lock on their table.',
    )
  })
})
