import { expect, it } from 'vitest'
import { type ClusterRecord, whichCluster } from './which-cluster'

const [A, B] = ['7577340221118103512', '7577340221118109999']
const SINCE = new Date('2026-11-28T22:19:56.423Z')
const RECORD: ClusterRecord = {
  name: 'Billing',
  systemIdentifier: A,
  otherIdentifier: null,
  otherSince: null,
  standbySince: null,
  unknownSince: null,
}
const said = (change: Partial<ClusterRecord>) => whichCluster({ ...RECORD, ...change }, null, 'watcher').findings

it('is bad where the address leads to another cluster, with both identifiers and since when', () => {
  const found = said({ otherIdentifier: B, otherSince: SINCE })
  expect(found).toMatchObject([{ severity: 'bad', title: 'This address leads to another cluster', since: SINCE.toISOString(), fix: null }])
  expect(found[0]?.evidence).toContain(`System identifier ${B} answers in place of ${A}, which is recorded for Billing.`)
})

it('says the GRANT where the identifier cannot be read any more', () => {
  const grant = 'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() TO watcher'
  const found = said({ unknownSince: SINCE })
  expect(found).toMatchObject([{ severity: 'warn', since: SINCE.toISOString(), sql: grant }])
  expect(found[0]?.evidence).toContain(A)
})

it('knows a standby, which needs nobody by itself', () => {
  expect(said({ standbySince: SINCE })).toMatchObject([{ severity: 'info', title: 'A standby answers', since: SINCE.toISOString() }])
})

it('says the worst alone', () => {
  const all = { otherIdentifier: B, otherSince: null, standbySince: SINCE, unknownSince: SINCE }
  expect(said(all).map(({ severity, since }) => [severity, since])).toEqual([['bad', undefined]])
  expect(said({ ...all, otherIdentifier: null }).map(({ severity }) => severity)).toEqual(['warn'])
})

it('passes on the recorded cluster, and on one that was not seen yet; who could not look says why', () => {
  expect(said({})).toEqual([])
  expect(said({ systemIdentifier: null })).toEqual([])
  const problem = { kind: 'unreachable' as const, message: 'The server does not answer.' }
  expect(whichCluster(RECORD, problem, 'watcher')).toMatchObject({ total: 0, problem })
  // What is recorded stands, whether or not anybody answers now.
  expect(whichCluster({ ...RECORD, otherIdentifier: B }, problem, 'watcher')).toMatchObject({ total: 1, problem: null })
})
