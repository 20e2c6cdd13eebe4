import { expect, it } from 'vitest'
import type { Finding } from '@/db/checks/define-check'
import type { CheckOutcome } from '@/db/checks/run-checks'
import { findingRows, mendLabel, overviewEvidence, overviewTitle, placeOfFinding } from './overview-words'

const finding = (title: string, severity: Finding['severity'], mend: Finding['mend'] = null): Finding => ({
  kind: 'relation',
  schemaname: 'public',
  relname: title,
  oid: 7,
  title,
  evidence: '',
  trust: { kind: 'exact' },
  severity,
  mend,
  sql: null,
})

const outcome = (name: string, findings: Finding[], problem: CheckOutcome['problem'] = null): CheckOutcome => ({
  name,
  about: '',
  findings,
  total: findings.length,
  problem,
})

const rebuild = { command: 'reindex-index', input: { oid: 7 } }
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
  expect(rows[1]?.mends).toEqual([rebuild, rebuild])
})

it('counts what needs somebody, not what is worth knowing', () => {
  const rows = findingRows([outcome('known', [finding('a', 'info')])])
  expect(overviewTitle(rows)).toBe('Nothing needs you.')
  expect(overviewTitle(findingRows([outcome('x', [finding('b', 'warn')])]))).toBe('One thing needs you.')
})

it('never counts a check that could not look as passed', () => {
  const blind = outcome('blind', [], { kind: 'timeout', message: 'canceling statement due to statement timeout' })
  expect(overviewEvidence([outcome('passed', []), blind, outcome('found', [finding('a', 'bad')])], AT)).toBe(
    '1 other check passed at 14:02:07 UTC; 1 could not look, see below.',
  )
  expect(overviewEvidence([outcome('passed', []), outcome('too', [])], AT)).toBe('2 checks passed at 14:02:07 UTC.')
})

it('names what a button does', () => {
  expect(mendLabel([rebuild])).toBe('Rebuild…')
  expect(mendLabel([rebuild, rebuild, rebuild])).toBe('Rebuild 3 indexes…')
  expect(mendLabel([{ command: 'set-table-options', input: {} }])).toBe('Review…')
})

it('leads to the index with its name encoded', () => {
  const [row] = findingRows([outcome('index-unused', [finding('a', 'warn')])])
  expect(row && placeOfFinding(row, { server: 's', database: 'a/b' })).toBe('/s/db/a%2Fb/indexes?index=7')
})
