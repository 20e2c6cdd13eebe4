import { describe, expect, it } from 'vitest'
import type { Finding } from '@/db/checks/define-check'
import { reindexIndexRequest } from '@/db/commands/reindex-index/request'
import { readKey } from '@/db/domain/statement-key'
import type { FindingLife } from '@/db/findings/read-findings'
import { loadQueryParams } from '../statements/query-params'
import {
  findingRows,
  fixLabel,
  listOfFindings,
  needsOf,
  overviewEvidence,
  overviewTitle,
  placeOfFinding,
  snoozedRows,
  unreachable,
} from './overview-messages'
import type { ShownCheck, ShownFinding } from './shown-checks'

const finding = (title: string, severity: Finding['severity'], fix: Finding['fix'] = null): Finding => ({
  kind: 'relation',
  what: 'index',
  schemaname: 'public',
  relname: title,
  oid: 7,
  title,
  evidence: '',
  trust: { kind: 'exact' },
  severity,
  fix,
  sql: null,
})

const outcome = (name: string, findings: ShownFinding[], problem: ShownCheck['problem'] = null): ShownCheck => ({
  name,
  about: '',
  cadence: 'minute',
  lookedAt: problem ? null : AT,
  findings,
  total: findings.length,
  problem,
})

const life = (id: number, more: Partial<FindingLife> = {}): FindingLife => ({
  ...{ id, state: 'new', openedAt: AT, changedAt: AT, times: 1, acknowledged: null, snoozed: null, ended: null },
  ...more,
})

const rebuild = reindexIndexRequest({ oid: 7 })
const AT = '2026-11-23T14:02:07Z'

it('puts the worst first, and tells of each check by its worst finding', () => {
  const rows = findingRows([
    outcome('known', [finding('a', 'info')]),
    outcome('costs', [finding('b', 'info'), finding('c', 'warn', rebuild), finding('d', 'warn', rebuild)]),
    outcome('passed', []),
    outcome('broken', [finding('e', 'bad')]),
  ])
  expect(rows.map(({ check, first, total }) => [check, first.title, total])).toEqual([
    ['broken', 'e', 1],
    ['costs', 'c', 3],
    ['known', 'a', 1],
  ])
  expect(rows[1]?.fixes).toEqual([rebuild, rebuild])
})

it('counts what needs somebody, not what is worth knowing', () => {
  const rows = findingRows([outcome('known', [finding('a', 'info')])])
  expect(overviewTitle(rows, [outcome('known', [finding('a', 'info')])])).toBe('No problems need attention.')
  expect(needsOf(rows, [])).toBe(0)
  expect(overviewTitle(findingRows([outcome('x', [finding('b', 'warn')])]), [])).toBe('1 problem needs attention.')
})

it('never counts a check that could not look as passed', () => {
  const blind = outcome('blind', [], { kind: 'timeout', message: 'canceling statement due to statement timeout' })
  expect(overviewEvidence([outcome('passed', []), blind, outcome('found', [finding('a', 'bad')])], 0)).toBe(
    '1 other check passed, 1 failed to run, see below; server checked at 14:02:07 UTC.',
  )
  expect(overviewEvidence([outcome('passed', []), { ...outcome('too', []), cadence: 'hour', lookedAt: '2026-11-23T13:31:00Z' }], 2)).toBe(
    '2 checks passed, 2 are snoozed; server checked at 14:02:07 UTC, database at 13:31:00 UTC.',
  )
})

it('never counts a check that has not looked yet as passed', () => {
  const unseen = { ...outcome('unseen', []), lookedAt: null }
  expect(overviewTitle([], [unseen, unseen])).toBe('Not checked yet.')
  expect(overviewEvidence([outcome('passed', []), unseen], 0)).toBe('1 other check passed, 1 not run yet; server checked at 14:02:07 UTC.')
})

it('tells what is snoozed apart, and is acknowledged only where all of it is', () => {
  const acknowledged = { by: 'dba@example.com', at: AT, note: null }
  const snoozed = { by: 'dba@example.com', at: AT, until: AT, reason: 'release' }
  const checks = [
    outcome('one', [
      { ...finding('a', 'bad'), life: life(1, { state: 'snoozed', snoozed }) },
      { ...finding('b', 'warn'), life: life(2, { state: 'acknowledged', acknowledged }) },
    ]),
    {
      ...outcome('two', [
        { ...finding('c', 'warn'), life: life(3) },
        { ...finding('d', 'warn'), life: life(4, { state: 'acknowledged', acknowledged }) },
      ]),
      total: 70,
    },
  ]
  expect(findingRows(checks).map(({ check, state, ids, total, severity }) => [check, state, ids, total, severity])).toEqual([
    ['one', 'acknowledged', [2], 1, 'warn'],
    ['two', 'new', [3, 4], 70, 'warn'],
  ])
  expect(snoozedRows(checks)).toMatchObject([{ check: 'one', state: 'snoozed', ids: [1], total: 1, said: { snoozed } }])
})

it('says that nothing needs somebody only where every check could look', () => {
  const blind = outcome('blind', [], { kind: 'insufficient_privilege', message: 'permission denied for view pg_stat_activity' })
  const some = [outcome('passed', []), blind]
  expect(overviewTitle([], some)).toBe('No problems found, but 1 check failed to run.')
  expect(overviewTitle([], [blind, blind])).toBe('No check could run.')
  expect([unreachable(some), needsOf([], some)]).toEqual([undefined, 0])
})

it('says first that the server cannot be reached, whatever the samples know', () => {
  const problem = { kind: 'unreachable', message: '10.0.0.9 answers, but nothing listens on port 5432.' } as const
  const outcomes = [outcome('statement-slower', [finding('a', 'warn')]), outcome('blind', [], problem), outcome('too', [], problem)]
  const rows = findingRows(outcomes)
  expect(overviewTitle(rows, outcomes)).toBe('The server cannot be reached.')
  expect(overviewEvidence(outcomes, 0)).toBe('2 of 3 checks failed to run; server checked at 14:02:07 UTC.')
  expect([unreachable(outcomes), needsOf(rows, outcomes)]).toEqual([problem, 2])
})

it('names what a button does', () => {
  expect(fixLabel([rebuild])).toBe('Rebuild…')
  expect(fixLabel([rebuild, rebuild, rebuild])).toBe('Rebuild 3 indexes…')
  expect(fixLabel([{ command: 'set-table-options', input: {} }])).toBe('Review…')
})

describe('a finding leads to the thing itself', () => {
  const [at, said] = [{ server: 's', database: 'a/b' }, { title: '', evidence: '', trust: { kind: 'exact' }, severity: 'warn' } as const]
  const place = (check: string, first: Finding) => placeOfFinding({ check, first }, at)
  const none = { fix: null, sql: null }
  const entry = { queryid: '-5', userid: 10, dbid: 5, toplevel: true }
  const [noon, one, day] = ['2026-11-23T12:00:00.000Z', '2026-11-23T13:00:00.000Z', '2026-11-22T12:00:00.000Z']

  it.each<[string, Finding, string]>([
    ['index-unused', finding('a', 'warn'), '/indexes?index=7'],
    ['table-uncounted', { ...said, ...none, kind: 'relation', what: 'table', schemaname: 'x', relname: 'a b&c', oid: 8 }, '/tables/8'],
    ['long-transaction', { ...said, ...none, kind: 'session', pid: 12, backend_start: noon }, '/sessions?pid=12'],
    ['xmin-held', { ...said, ...none, kind: 'server', name: 'slot' }, '/sessions#xmin'],
    ['transaction-wraparound', { ...said, ...none, kind: 'server', name: 'shop' }, '/tables?sort=age'],
    ['extension-outdated', { ...said, ...none, kind: 'server', name: 'pg_trgm' }, '/extensions'],
    ['settings-file', { ...said, ...none, kind: 'server', name: null }, '/settings'],
    ['near-max-connections', { ...said, ...none, kind: 'server', name: null }, '/sessions'],
    ['missing-security-fixes', { ...said, ...none, kind: 'server', name: '18.4' }, '/settings'],
    ['statistics-young', { ...said, ...none, kind: 'server', name: null }, '/indexes'],
    ['statements-unseen', { ...said, ...none, kind: 'server', name: 'pg_stat_statements' }, '/statements'],
    ['statement-spills', { ...said, ...none, ...entry, kind: 'statement', seen: null }, '/statements?query=-5.10.5.1&reset=true'],
  ])('%s', (check, first, expected) => expect(place(check, first)).toBe(`/s/db/a%2Fb${expected}`))

  it('or nowhere, where no page tells more of it', () => {
    expect(place('schema-open', { ...said, ...none, kind: 'server', name: 'public' })).toBeNull()
    expect(listOfFindings({ check: 'password-expires', first: { ...said, ...none, kind: 'server', name: 'app' } }, at)).toBeNull()
  })

  it.each<[string, Finding, string]>([
    ['index-bloated', finding('a', 'warn'), '/indexes?verdict=bloated'],
    ['index-leftover', finding('a', 'warn'), '/indexes?verdict=invalid'],
    ['idle-in-transaction', { ...said, ...none, kind: 'session', pid: 1, backend_start: '' }, '/sessions?show=idle-in-transaction'],
    ['statement-spills', { ...said, ...none, ...entry, kind: 'statement', seen: null }, '/statements?reset=true&sort=temp'],
  ])('and the others of %s to their list', (check, first, expected) =>
    expect(listOfFindings({ check, first }, at)).toBe(`/s/db/a%2Fb${expected}`),
  )

  it('with the time in which a statement was found, and what it was compared with', () => {
    const address = place('statement-slower', {
      ...said,
      ...none,
      ...entry,
      kind: 'statement',
      seen: { from: noon, to: one, against: { from: day, to: noon } },
    })
    const given = loadQueryParams(new URLSearchParams((address ?? '').split('?')[1]))
    expect(given).toMatchObject({ query: '-5.10.5.1', show: 'changes', vs: 'range', reset: false })
    expect([given.from, given.to, given.vfrom, given.vto]).toEqual([noon, one, day, noon].map((text) => new Date(text)))
    expect(readKey(given.query ?? '')).toEqual(entry)
  })
})

it('leads from another cluster to the page of the server, where it is decided', () => {
  const found: Finding = { ...finding('another', 'bad'), kind: 'server', name: '7577340221118109999' }
  const rows = findingRows([outcome('which-cluster', [found])])
  expect(rows.map((row) => placeOfFinding(row, { server: 'a b', database: 'lms' }))).toEqual(['/servers/a%20b'])
  expect(needsOf(rows, [])).toBe(1)
})
