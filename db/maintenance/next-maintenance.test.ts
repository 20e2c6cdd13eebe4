import { expect, it } from 'vitest'
import type { IndexFinding } from '../indexes/index-finding'
import type { TableFinding } from '../tables/table-health'
import { nextMaintenance, type Rates } from './next-maintenance'

const MB = 1024 * 1024

const index = (indexrelname: string, more: Partial<IndexFinding> = {}): IndexFinding => ({
  indexrelid: 1,
  schemaname: 'public',
  relname: 't',
  relid: 10,
  indexrelname,
  amname: 'btree',
  bytes: 100 * MB,
  reltuples: 1,
  verdict: 'bloated',
  rule: '',
  bloatBytes: 50 * MB,
  bloatRatio: 0.5,
  trust: { kind: 'exact' },
  measuredAt: null,
  reclaimBytes: 50 * MB,
  idxScan: '1',
  tableShare: 1,
  unusedWithheld: null,
  unusedCandidate: false,
  unusedSettles: null,
  unusedRemedy: null,
  unusedSince: null,
  lastIdxScan: null,
  isUnique: false,
  isPrimary: false,
  conname: null,
  redundantWith: null,
  standIn: null,
  foreignKeys: [],
  partitions: 0,
  partitioned: false,
  exclusion: false,
  invalid: null,
  skipped: null,
  ...more,
})

const table = (relid: number, more: Partial<TableFinding> = {}): TableFinding => ({
  relid,
  schemaname: 'public',
  relname: `t${relid}`,
  kind: 'table',
  root: null,
  partitions: 0,
  bytes: 100 * MB,
  indexBytes: 50 * MB,
  live: '300000',
  dead: '100000',
  deadShare: 0.25,
  modified: '0',
  inserted: '0',
  autovacuum: true,
  ownParameters: false,
  vacuumAt: 1,
  insertAt: null,
  analyzeAt: 1,
  freezeAt: 1,
  xidAge: 1,
  mxidAge: 1,
  lastVacuum: null,
  lastAutovacuum: null,
  lastAnalyze: null,
  lastAutoanalyze: null,
  vacuuming: null,
  refresh: null,
  needs: [],
  bloat: null,
  skipped: null,
  ...more,
})

const none = { rebuild: null, vacuum: null }
const act = (reason: 'dead' | 'age', on = true) => ({ command: 'vacuum' as const, reason, act: on, partitions: 0 })
const rates = (seconds: number): Rates => ({ runs: 3, secondsPerByte: { from: seconds / MB, to: (3 * seconds) / MB }, walPerByte: 1.1 })

it('ranks by bytes given per byte read and written, while no past run predicts seconds', () => {
  const { steps, by } = nextMaintenance({
    indexes: [index('wide_table', { relid: 11 }), index('narrow_table', { relid: 10 })],
    tables: [table(10), table(11, { bytes: 1000 * MB })],
    past: none,
  })
  expect(by).toBe('bytes')
  expect(steps.map(({ relname }) => relname)).toEqual(['narrow_table', 'wide_table'])
  // Twice the table and once the new index are read, the new index is written.
  expect(steps[0]).toMatchObject({
    readBytes: 250 * MB,
    writeBytes: 50 * MB,
    bytes: 50 * MB,
    rate: 50 / 300,
    seconds: null,
    why: '50% bloat',
  })
  expect(steps[0]?.input).toEqual({ oid: 1, concurrently: true })
})

it('ranks by bytes per second where past runs predict every step', () => {
  const known = {
    indexes: [index('i')],
    tables: [table(10, { needs: [act('dead')] })],
  }
  const { steps, by } = nextMaintenance({ ...known, past: { rebuild: rates(0.125), vacuum: rates(0.001) } })
  expect(by).toBe('seconds')
  expect(steps.map(({ command }) => command)).toEqual(['vacuum-table', 'reindex-index'])
  expect(steps[1]).toMatchObject({ seconds: { from: 6.25, to: 18.75 }, rate: (50 * MB) / 12.5, walBytes: Math.round(1.1 * 50 * MB) })
  expect(steps[0]).toMatchObject({ bytes: 25 * MB, gives: 'for reuse', rate: 25 * MB, why: '100,000 dead rows, 25%' }) // at least a second
  expect(nextMaintenance({ ...known, past: { rebuild: rates(1), vacuum: null } }).by).toBe('bytes')
})

it('drops nothing, and rebuilds nothing that would rather be dropped', () => {
  const verdicts = ['unused', 'redundant', 'invalid', 'healthy', 'constraint'] as const
  expect(
    nextMaintenance({ indexes: verdicts.map((verdict) => index(verdict, { verdict })), tables: [table(10)], past: none }).steps,
  ).toEqual([])
})

it('leaves out what is not known, and says so', () => {
  const withheld = { kind: 'withheld' as const, reason: 'never analyzed', fix: 'ANALYZE t' }
  const unknown = { verdict: 'healthy' as const, trust: withheld, bloatBytes: null, bloatRatio: null }
  const { steps, leftOut } = nextMaintenance({
    indexes: [
      index('unknown', unknown),
      index('unknown_too', unknown),
      index('tiny', { ...unknown, bytes: MB }),
      index('vague', { bloatBytes: 20 * MB, trust: { kind: 'estimated', plusMinus: 20 } }),
      index('locked', { skipped: 'AccessExclusiveLock held by pid 1', bytes: null, bloatBytes: null, trust: withheld, verdict: 'healthy' }),
      index('sure', { bloatBytes: 21 * MB, trust: { kind: 'estimated', plusMinus: 20 } }),
    ],
    tables: [table(10)],
    past: none,
  })
  expect(steps.map(({ relname }) => relname)).toEqual(['sure'])
  expect(leftOut).toEqual([
    { reason: 'never analyzed', fix: 'ANALYZE t', names: ['unknown', 'unknown_too'], bytes: 200 * MB },
    { reason: 'the estimate is not larger than its error', fix: 'Measure it', names: ['vague'], bytes: 100 * MB },
    { reason: 'AccessExclusiveLock held by pid 1', fix: null, names: ['locked'], bytes: 0 },
  ])
})

it('vacuums what wants somebody for its dead rows, a partitioned table as one', () => {
  const dead = [act('dead')]
  const { steps } = nextMaintenance({
    indexes: [],
    tables: [
      table(1, { needs: dead }),
      table(2, { needs: [act('dead', false)] }),
      table(3, { needs: [act('age')] }),
      table(4, { needs: dead, kind: 'partition', root: 5 }),
      table(5, { needs: dead, kind: 'partitioned table', partitions: 2 }),
      table(6, { needs: dead, vacuuming: 77 }),
      table(7, { needs: dead, bytes: null }),
      table(8, { needs: dead, skipped: 'locked' }),
    ],
    past: none,
  })
  expect(steps.map(({ relname }) => relname)).toEqual(['t1', 't5'])
})
