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
    expect(verdictSentence(found, 0)).toBe('19 of 47 indexes need attention.')
    expect(evidence(found, judged, 'lms')).toBe(
      '3 rebuilds return ≈ 96 MB of 148 MB bloat. 9 unused for 35 days or longer, 6 redundant, 1 invalid.',
    )
  })

  test('what is missing is told beside the indexes, and is none of them', () => {
    expect(verdictSentence(summary(47, { bloated: 24, healthy: 23 }), 2)).toBe('24 of 47 indexes need attention, 2 are missing.')
    expect(verdictSentence(summary(47, { healthy: 47 }), 1)).toBe('No problems in 47 indexes, 1 is missing.')
    expect(verdictSentence(summary(0, {}), 1)).toBe('No indexes, 1 is missing.')
    expect(verdictSentence(summary(47, { healthy: 47 }), null)).toBe('No problems in 47 indexes.')
  })

  test('one index', () => {
    const found = summary(2, { invalid: 1, healthy: 1 })
    expect(verdictSentence(found, 0)).toBe('1 of 2 indexes needs attention.')
    expect(evidence(found, judged, 'lms')).toBe('1 invalid.')
    expect(verdictSentence(summary(1, { unused: 1 }), 0)).toBe('1 of 1 index needs attention.')
    expect(verdictSentence(summary(1, { healthy: 1 }), 0)).toBe('No problems in 1 index.')
  })

  test('nothing to do says what was checked', () => {
    const found = summary(9_000, { healthy: 9_000 })
    expect(verdictSentence(found, 0)).toBe('No problems in 9,000 indexes.')
    expect(evidence(found, judged, 'lms')).toBe('None is bloated, redundant or invalid, none unused for 35 days.')
  })

  test('no index at all', () => {
    expect(verdictSentence(summary(0, {}), 0)).toBe('No indexes.')
    expect(evidence(summary(0, {}), judged, 'lms')).toBe('No table of lms outside of the system schemas has an index.')
  })

  test('young statistics and locks are said', () => {
    const young = summary(3, { healthy: 3 }, { statsReset: null, statsSince: '2026-11-23T09:00:00Z', skipped: 2 })
    const withheld = {
      seconds: 18_000,
      after: 35 * 86_400,
      withheld: 'statistics are 5 hours old, 35 days are needed',
      notScanned: { count: 2, bytes: 3 * MB },
    }
    expect(evidence(young, withheld, 'lms')).toBe(
      'None is bloated, redundant or invalid. “Unused” is not judged: statistics are 5 hours old, 35 days are needed. 2 skipped for a lock on the table.',
    )
  })
})
