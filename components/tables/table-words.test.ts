import { expect, it } from 'vitest'
import type { TableSummary } from '@/db/checks/list-tables'
import type { TableFinding } from '@/db/checks/table-health'
import { needWords, tablesEvidence, tablesTitle } from './table-words'

const TABLE: TableFinding = {
  relid: 1,
  schemaname: 'public',
  relname: 'section_progress',
  kind: 'table',
  root: null,
  partitions: 0,
  bytes: 1,
  indexBytes: 1,
  live: '190000',
  dead: '84210',
  deadShare: 0.307,
  modified: '12',
  inserted: '0',
  autovacuum: false,
  ownParameters: true,
  vacuumAt: 38050,
  insertAt: null,
  analyzeAt: 19050,
  freezeAt: 200_000_000,
  xidAge: 81_200_000,
  mxidAge: 0,
  lastVacuum: null,
  lastAutovacuum: null,
  lastAnalyze: null,
  lastAutoanalyze: null,
  vacuuming: null,
  refresh: null,
  needs: [{ command: 'vacuum', reason: 'dead', act: true, partitions: 0 }],
  skipped: null,
}

const SUMMARY: TableSummary = {
  total: 7,
  views: 0,
  partitions: 0,
  bytes: 0,
  indexBytes: 0,
  live: '0',
  dead: '0',
  act: 1,
  due: 0,
  oldest: { relname: 'users', xidAge: 81_200_000, freezeAt: 200_000_000 },
  skipped: [],
  worst: [TABLE],
  autovacuum: true,
  statsReset: '2026-10-20T06:12:00.000Z',
  statsSince: '2026-10-20T06:12:00.000Z',
}

it('says who must act and why', () => {
  expect(tablesTitle(SUMMARY)).toBe('One of 7 tables needs you.')
  expect(tablesEvidence(SUMMARY)).toBe(
    'section_progress: 84.2 k dead rows, 31% of all, and autovacuum is off for it. Counted since 20 Oct 2026 06:12 UTC.',
  )
})

it('is calm where nobody must act', () => {
  const calm = { ...SUMMARY, act: 0, worst: [] }
  expect(tablesTitle(calm)).toBe('No table needs VACUUM or ANALYZE.')
  expect(tablesTitle({ ...calm, due: 2 })).toBe('No table needs you; autovacuum has two to do.')
  expect(tablesEvidence(calm)).toMatch(/^The oldest is users, 81\.2 M of 200 M transactions\./)
})

it('does not call a server calm whose autovacuum is off', () => {
  expect(tablesTitle({ ...SUMMARY, act: 0, autovacuum: false })).toBe('Autovacuum is off; no table needs you yet.')
})

it('names each command once', () => {
  const need = { reason: 'dead', act: true, partitions: 0 } as const
  expect(
    needWords([
      { ...need, command: 'analyze' },
      { ...need, command: 'vacuum' },
      { ...need, command: 'vacuum' },
    ]),
  ).toBe('VACUUM + ANALYZE')
})
