import { expect, it } from 'vitest'
import { lastScanWords } from './scan-messages'

const [SINCE, NOW] = ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z']
const words = (idxScan: string, lastIdxScan: string | null) => lastScanWords({ idxScan, lastIdxScan }, SINCE, NOW)

it('tells when an index was scanned last, or for how long it was not', () => {
  expect(words('5', '2026-10-31T23:59:50.000Z')).toBe(', last 10 s ago')
  expect(words('0', null)).toBe(', none in 31 days')
})

it('says of an index with scans but no time that it counts as used, and why', () => {
  expect(words('5', null)).toContain('PostgreSQL 16')
  expect(words('5', null)).toContain('counts as used')
})
