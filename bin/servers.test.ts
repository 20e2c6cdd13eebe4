import { expect, it } from 'vitest'
import { testServerUrl } from '../test/support/test-database'
import { releaseNote, releaseOf } from './servers'

const NOW = new Date('2026-11-28')

it('tells what the embedded release lacks, and only then', async () => {
  expect(await releaseOf(await testServerUrl(18))).toBeGreaterThanOrEqual(180_000)
  expect(releaseNote(180_004, NOW)).toMatch(
    /^ {2}The embedded PostgreSQL 18\.4 lacks the fixes of 28 known faults, which 18\.6 has\. PROCTOR_POSTGRES_BIN/,
  )
  expect(releaseNote(140_024, NOW)).toMatch(/14\.24 gets no fixes since 2026-11-12\./)
  expect(releaseNote(140_023, NOW)).toMatch(/has, and gets no fixes since/)
  expect(releaseNote(180_006, NOW)).toBe('')
})
