import { expect, test } from 'vitest'
import type { IndexSummary } from '@/db/indexes/index-finding'
import { type FleetServer, fleetEvidence, fleetSentence, worstFirst } from './fleet'

const summary = (bloated: number): IndexSummary => {
  const counts = { bloated, unused: 0, redundant: 0, invalid: 0, 'not-scanned': 0, constraint: 0, healthy: 3 }
  return {
    total: bloated + 3,
    bytes: 1,
    databaseBytes: 1,
    counts,
    reclaim: counts,
    bloatBytes: 0,
    knownBytes: 1,
    estimated: false,
    statsReset: null,
    statsSince: '2026-11-23T00:00:00Z',
    skipped: 0,
  }
}
const server = (name: string, bloated: number | null, version: string | null = '18.4'): FleetServer => ({
  id: name,
  name,
  href: '/',
  version,
  inRecovery: false,
  otherCluster: null,
  resting: null,
  problem: null,
  databases: [{ datname: 'd', bytes: 1, href: '/', summary: bloated === null ? null : summary(bloated) }],
})

test('silent servers stand first, then the ones with work', () => {
  const sorted = worstFirst([server('a', 0), server('b', 5), server('c', 0, null), server('d', 2)])
  expect(sorted.map(({ name }) => name)).toEqual(['c', 'b', 'd', 'a'])
})

test('the sentence', () => {
  expect(fleetSentence([])).toBe('No servers yet.')
  expect(fleetSentence([server('a', null, null)])).toBe('The server does not answer.')
  expect(fleetSentence([server('a', 1), server('b', null, null)])).toBe('1 of 2 servers does not answer.')
  expect(fleetSentence([server('a', 26)])).toBe('26 indexes should be rebuilt or dropped.')
  expect(fleetSentence([server('a', 0), server('b', 0)])).toBe('Every server answers, and no index needs action.')
})

test('the evidence tells what was looked at, and what not', () => {
  expect(fleetEvidence([server('a', 2), server('b', null)])).toBe('2 servers; 5 indexes checked in 1 of 2 databases.')
})
