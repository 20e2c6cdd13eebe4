import { expect, it } from 'vitest'
import type { TableSummary } from '@/db/tables/list-tables'
import type { TableFinding } from '@/db/tables/table-health'
import { bloatSentences, needWords, tablesEvidence, tablesTitle } from './table-messages'

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
  bloat: null,
  skipped: null,
}

const SUMMARY: TableSummary = {
  total: 7,
  views: 0,
  partitions: 0,
  bytes: 0,
  indexBytes: 0,
  databaseBytes: null,
  live: '0',
  dead: '0',
  act: 1,
  due: 0,
  held: null,
  oldest: { relname: 'users', xidAge: 81_200_000, freezeAt: 200_000_000 },
  skipped: [],
  worst: [TABLE],
  catalogs: [],
  autovacuum: true,
  statsReset: '2026-10-20T06:12:00.000Z',
  statsSince: '2026-10-20T06:12:00.000Z',
}

it('says who must act and why', () => {
  expect(tablesTitle(SUMMARY)).toBe('One of 7 tables needs action.')
  expect(tablesEvidence(SUMMARY)).toBe(
    'section_progress: 84.2 k dead rows, 31% of all, and autovacuum is off for it. Counted since 20 Oct 2026 06:12 UTC.',
  )
})

it('says who holds the rows, where VACUUM is no help', () => {
  const held = {
    ...SUMMARY,
    act: 0,
    worst: [],
    held: { tables: 2, dead: '84210', by: 'pid 12 (app, idle in transaction), open for 14 min' },
  }
  expect(tablesEvidence(held)).toContain(
    'VACUUM does not help yet for two tables with 84.2 k dead rows: it cannot remove rows kept for pid 12 (app, idle in transaction), open for 14 min.',
  )
})

it('is calm where nobody must act', () => {
  const calm = { ...SUMMARY, act: 0, worst: [] }
  expect(tablesTitle(calm)).toBe('No table needs VACUUM or ANALYZE.')
  expect(tablesTitle({ ...calm, due: 2 })).toBe('No table needs action; two are due for autovacuum.')
  expect(tablesEvidence(calm)).toMatch(/^The oldest is users, 81\.2 M of 200 M transactions\./)
})

it('does not call a server calm whose autovacuum is off', () => {
  expect(tablesTitle({ ...SUMMARY, act: 0, autovacuum: false })).toBe('Autovacuum is off; no table needs action yet.')
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

it('says how surely a rewrite gives something back', () => {
  const heap = { bloatBytes: 5_242_880, bloatRatio: 0.5, trust: { kind: 'estimated', plusMinus: 2.2 } } as const
  const withheld = { kind: 'withheld', reason: 'never analyzed', fix: 'VACUUM public.t' } as const
  expect(bloatSentences({ heap, toast: { bloatBytes: null, bloatRatio: null, trust: withheld, relname: 'pg_toast_1', bytes: 1 } })).toBe(
    'Rows: a rewrite frees about 5.0 MB, 50% ± 3 points. TOAST: withheld, never analyzed (VACUUM public.t).',
  )
})
