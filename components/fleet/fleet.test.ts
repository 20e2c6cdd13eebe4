import { expect, test } from 'vitest'
import { type FleetServer, fleetEvidence, fleetSentence, worstFirst } from './fleet'

const needsOf = (bad: number, warn: number) => ({ bad, warn, info: 1, worst: 'Something' })

const server = (name: string, warn: number | null, version: string | null = '18.4', bad = 0): FleetServer => ({
  ...{ id: name, name, href: '/', overviewHref: '/', version, inRecovery: false, otherCluster: null, resting: null, problem: null },
  needs: bad > 0 ? needsOf(bad, 0) : null,
  databases: [
    { datname: 'd', bytes: 1, href: '/', overviewHref: '/', checked: warn !== null, needs: warn === null ? null : needsOf(0, warn) },
  ],
})

test('silent servers stand first, then those with problems of high severity, then the ones with more', () => {
  const sorted = worstFirst([server('a', 0), server('b', 5), server('c', 0, null), server('d', 2), server('e', 0, '18.4', 1)])
  expect(sorted.map(({ name }) => name)).toEqual(['c', 'e', 'b', 'd', 'a'])
})

test('the sentence', () => {
  expect(fleetSentence([])).toBe('No servers yet.')
  expect(fleetSentence([server('a', null, null)])).toBe('The server does not answer.')
  expect(fleetSentence([server('a', 1), server('b', null, null)])).toBe('1 of 2 servers does not answer.')
  expect(fleetSentence([server('a', 3)])).toBe('3 problems need attention.')
  expect(fleetSentence([server('a', 1, '18.4', 2), server('b', 0)])).toBe('3 problems need attention on 1 of 2 servers.')
  expect(fleetSentence([server('a', 0), server('b', 0)])).toBe('Every server answers, and no problems need attention.')
  expect(fleetSentence([server('a', null)])).toBe('Not checked yet.')
})

test('the evidence tells what was looked at, and what not', () => {
  expect(fleetEvidence([server('a', 2), server('b', null)])).toBe('2 servers; 1 of 2 databases checked.')
})
