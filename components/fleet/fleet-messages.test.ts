import { expect, test } from 'vitest'
import type { FleetServer } from '@/db/fleet/fleet-types'
import { fleetEvidence, fleetSentence, worstLine } from './fleet-messages'

const server: FleetServer = {
  ...{ id: 'a', name: 'a', database: 'd', tags: [], version: '18.4', inRecovery: false, standing: 'sampled', checked: true },
  ...{ sampledAt: '2026-01-01T10:00:00Z', failing: null, otherCluster: null, needs: { bad: 0, warn: 0, info: 0 }, worst: null },
}
const NOW = '2026-01-01T14:00:00Z'
const totals = {
  ...{ servers: 0, clusters: 0, standbys: 0, sampled: 0, active: 0, maxConnections: 0 },
  ...{ transactions: null, walBytes: null, bytes: null, lag: null },
}
const fleet = (high: number, medium: number, none: number, stale = 0, first: FleetServer[] = []) => ({
  ...{ totals, first },
  counts: { all: high + medium + none, high, medium, none, stale },
})

test('the sentence counts the servers that need somebody', () => {
  expect(fleetSentence(fleet(0, 0, 0))).toBe('No servers yet.')
  expect(fleetSentence(fleet(5, 23, 186))).toBe('5 of 214 servers need attention.')
  expect(fleetSentence(fleet(1, 0, 1, 0, [server]))).toBe('1 of 2 servers needs attention.')
  expect(fleetSentence(fleet(1, 0, 0, 0, [server]))).toBe('a needs attention.')
  expect(fleetSentence(fleet(1, 0, 0, 0, [{ ...server, standing: 'unreachable' }]))).toBe('a does not answer.')
  expect(fleetSentence(fleet(0, 1, 1))).toBe('1 of 2 servers has medium findings.')
  expect(fleetSentence(fleet(0, 0, 1))).toBe('No problems on the server.')
})

test('the evidence adds what the sentence leaves out', () => {
  expect(fleetEvidence(fleet(5, 23, 186, 1))).toBe('23 servers have medium findings, 186 have none, 1 is not sampled now.')
  expect(fleetEvidence(fleet(0, 0, 2))).toBe('2 have none.')
  expect(fleetEvidence(fleet(0, 0, 1))).toBe('')
})

test('a row says why nothing is known before it says that nothing was found', () => {
  expect(worstLine(server, NOW)).toMatchObject({ title: 'No findings', tone: 'quiet' })
  expect(worstLine({ ...server, checked: false }, NOW).title).toBe('Not checked yet')
  expect(worstLine({ ...server, standing: 'never', checked: false }, NOW).title).toBe('Not sampled yet')
  expect(worstLine({ ...server, standing: 'stale' }, NOW).tone).toBe('warn')
  const failing = { since: '2026-01-01T13:51:00Z', retryAt: null, problem: null }
  expect(worstLine({ ...server, standing: 'unreachable', failing }, NOW)).toMatchObject({ title: 'Unreachable since 13:51', tone: 'bad' })
  const worst = { title: 'XID age', evidence: 'e', severity: 'warn', database: '' } as const
  expect(worstLine({ ...server, worst }, NOW)).toEqual({ title: 'XID age', evidence: 'e', tone: 'warn' })
})
