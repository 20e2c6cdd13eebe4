import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rollUp, type WholeIndex } from './index-roll-up'
import { BLOAT_RATIO, indexVerdict, isLeftover, type StatisticsWindow, UNUSED_AFTER_SECONDS } from './index-verdict'
import type { SizedIndex } from './sized-indexes'

const MB = 1024 * 1024
const month: StatisticsWindow = {
  stats_reset: '2026-10-20T06:12:00.000Z',
  stats_since: '2026-10-01T00:00:00.000Z',
  seconds: 34 * 86_400,
  in_recovery: false,
}

const row = (more: Partial<SizedIndex> = {}): SizedIndex => ({
  indexrelid: 1,
  schemaname: 'public',
  relname: 'student_progress',
  relid: 2,
  indexrelname: 'idx_progress',
  amname: 'btree',
  relkind: 'i',
  relfilenode: 3,
  indexroot: null,
  bytes: 100 * MB,
  reltuples: 1_000_000,
  idx_scan: '1000',
  idx_tup_read: '1000',
  idx_tup_fetch: '1000',
  last_idx_scan: null,
  table_scans: '2000',
  table_changes: '0',
  indisunique: false,
  indisprimary: false,
  indisexclusion: false,
  indisreplident: false,
  indisvalid: true,
  indisready: true,
  has_exprs: false,
  conname: null,
  referenced: false,
  building: null,
  redundant_with: null,
  redundant_kind: null,
  foreign_keys: null,
  sole_for: null,
  skipped: null,
  ...more,
})

/** One plain index with an estimate: rebuiltMb of its 100 MB would be left, ± plusMinus points. */
function index(more: Partial<SizedIndex> = {}, rebuiltMb = 98, plusMinus = 0): WholeIndex {
  const estimate = { indexrelid: 1, bytes: 100 * MB, rebuilt_bytes: rebuiltMb * MB, plus_minus: plusMinus, withheld: null, mend: null }
  const [whole] = rollUp([row(more)], { estimates: new Map([[1, estimate]]), measurements: new Map(), missing: 'not estimated' })
  if (!whole) throw new Error('No index')
  return whole
}

const judge = (whole: WholeIndex, window: StatisticsWindow | null = month) => indexVerdict(whole, window, 'users_email_key')

describe('the verdict on an index', () => {
  it('is bloated from a fifth on, with the rule and the numbers', () => {
    expect(judge(index({}, 51))).toEqual({
      verdict: 'bloated',
      rule: 'Bloated: bloat ≥ 20% and ≥ 1 MB. Here 49% and 49 MB.',
      reclaimBytes: 49 * MB,
      unusedWithheld: null,
    })
    expect(judge(index({}, 81)).verdict).toBe('healthy')
  })

  it('is bloated by estimate only where the low end is over the threshold', () => {
    expect(judge(index({}, 75, 6)).verdict).toBe('healthy')
    expect(judge(index({}, 73, 6))).toMatchObject({
      verdict: 'bloated',
      rule: 'Bloated: bloat ≥ 20% and ≥ 1 MB, at the low end of the estimate too. Here 27% ± 6 points and 27 MB.',
    })
  })

  it('puts invalid before redundant before unused before bloated', () => {
    const all = { idx_scan: '0', indisvalid: false, redundant_with: 9, redundant_kind: 'duplicate' as const }
    expect(judge(index(all, 10))).toMatchObject({ verdict: 'invalid', reclaimBytes: 100 * MB })
    expect(judge(index({ ...all, indisvalid: true }, 10))).toMatchObject({
      verdict: 'redundant',
      rule: 'Redundant: it repeats users_email_key, key for key. Here 100 MB.',
      reclaimBytes: 100 * MB,
    })
    expect(judge(index({ idx_scan: '0' }, 10))).toMatchObject({ verdict: 'unused', reclaimBytes: 100 * MB, unusedWithheld: null })
    expect(judge(index({ idx_scan: '1' }, 10)).verdict).toBe('bloated')
  })

  it('is not invalid while it is being built', () => {
    expect(judge(index({ indisvalid: false, building: 4711 }))).toMatchObject({ verdict: 'healthy', reclaimBytes: 0 })
  })

  it('is not unused in a young window, on a standby, or without a window, and says why', () => {
    const unscanned = index({ idx_scan: '0' })
    expect(judge(unscanned, { ...month, seconds: 3 * 3600 }).unusedWithheld).toBe('statistics are 3 hours old, 7 days are needed')
    expect(judge(unscanned, { ...month, seconds: UNUSED_AFTER_SECONDS - 1 }).verdict).toBe('healthy')
    expect(judge(unscanned, { ...month, seconds: UNUSED_AFTER_SECONDS }).verdict).toBe('unused')
    expect(judge(unscanned, { ...month, in_recovery: true })).toMatchObject({ verdict: 'healthy' })
    expect(judge(unscanned, null)).toMatchObject({ verdict: 'healthy', unusedWithheld: 'the statistics window could not be read' })
  })

  it.each([
    ['backs primary key student_pkey', { conname: 'student_pkey', indisprimary: true, indisunique: true }],
    ['backs unique constraint student_key', { conname: 'student_key', indisunique: true }],
    ['backs exclusion constraint no_overlap', { conname: 'no_overlap', indisexclusion: true }],
    ['enforces uniqueness', { indisunique: true }],
    ['is the replica identity', { indisreplident: true }],
    ['is what a foreign key refers to', { referenced: true }],
    ['is what serves foreign key child_p', { foreign_keys: ['child_p'], sole_for: ['child_p'] }],
  ])('is constraint, never unused, where it %s', (reason, facts) => {
    const found = judge(index({ idx_scan: '0', ...facts }))
    expect(found).toMatchObject({ verdict: 'constraint', reclaimBytes: 0, unusedWithheld: reason })
    expect(judge(index({ idx_scan: '1900', ...facts })).verdict).toBe('healthy')
  })

  it('says that an unused expression index feeds the planner', () => {
    expect(judge(index({ idx_scan: '0', has_exprs: true })).rule).toMatch(/ANALYZE gathers statistics on its expression/)
  })

  it('does not call a partitioned index invalid that only lacks a partition', () => {
    const root = row({ relkind: 'I', indisvalid: false, bytes: null })
    const leaf = row({ indexrelid: 5, indexroot: 1 })
    const known = { estimates: new Map(), measurements: new Map(), missing: 'not estimated' }
    const [whole] = rollUp([root, leaf], known)
    expect(whole && judge(whole)).toMatchObject({ verdict: 'healthy', rule: expect.stringContaining('ATTACH PARTITION') })
    const [broken] = rollUp([root, { ...leaf, indisvalid: false }], known)
    expect(broken && judge(broken)).toMatchObject({ verdict: 'invalid', reclaimBytes: 100 * MB })
  })

  it('knows the names of leftovers', () => {
    expect(isLeftover('idx_a_ccnew')).toBe('_ccnew')
    expect(isLeftover('idx_a_ccold2')).toBe('_ccold')
    expect(isLeftover('idx_ccnewer')).toBeNull()
  })

  it('never gives back more than there is, and bloat only above the threshold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 40 }), fc.nat(3), (rebuilt, plusMinus, scans) => {
        const found = judge(index({ idx_scan: String(scans) }, rebuilt, plusMinus))
        expect(found.reclaimBytes).toBeLessThanOrEqual(100 * MB)
        expect(found.reclaimBytes).toBeGreaterThanOrEqual(0)
        if (found.verdict === 'bloated')
          expect((100 - rebuilt - (plusMinus < 0.5 ? 0 : plusMinus)) / 100).toBeGreaterThanOrEqual(BLOAT_RATIO - 1e-9)
      }),
    )
  })
})

describe('the roll-up of partitions', () => {
  const root = row({ relkind: 'I', bytes: null, relname: 'part' })
  const leaf = (indexrelid: number, bytes: number, more: Partial<SizedIndex> = {}) => row({ indexrelid, indexroot: 1, bytes, ...more })
  const estimate = (indexrelid: number, bytes: number, rebuilt: number | null, plusMinus: number | null) =>
    [
      indexrelid,
      { indexrelid, bytes, rebuilt_bytes: rebuilt, plus_minus: plusMinus, withheld: rebuilt === null ? 'GIN' : null, mend: null },
    ] as const

  it('sums sizes, scans and bloat, and weighs the ± by size', () => {
    const [whole] = rollUp([root, leaf(11, 30 * MB), leaf(12, 10 * MB, { idx_scan: '9007199254740993' })], {
      estimates: new Map([estimate(11, 30 * MB, 15 * MB, 4), estimate(12, 10 * MB, 10 * MB, 8)]),
      measurements: new Map(),
      missing: '',
    })
    expect(whole).toMatchObject({ partitions: 2, bytes: 40 * MB, idxScan: 9007199254741993n, tableScans: 4000n })
    expect(whole?.bloat).toEqual({ bloatBytes: 15 * MB, bloatRatio: 15 / 40, trust: { kind: 'estimated', plusMinus: 5 } })
  })

  it('withholds when a part that matters is unknown, and widens the ± when a small one is', () => {
    const of = (smallBytes: number) =>
      rollUp([root, leaf(11, 99 * MB), leaf(12, smallBytes)], {
        estimates: new Map([estimate(11, 99 * MB, 50 * MB, 2), estimate(12, smallBytes, null, null)]),
        measurements: new Map(),
        missing: '',
      })[0]?.bloat.trust
    expect(of(50 * MB)).toEqual({ kind: 'withheld', reason: 'GIN' })
    expect(of(MB)).toEqual({ kind: 'estimated', plusMinus: expect.closeTo(2.98, 2) })
  })

  it('takes a measurement while it holds', () => {
    const measured = {
      indexrelid: 1,
      relfilenode: 3,
      measuredAt: '2026-11-23T13:41:00.000Z',
      method: 'sample' as const,
      bytes: 100 * MB,
      rebuiltBytes: 51 * MB,
      plusMinus: 0,
      detail: { table_changes: 100 },
    }
    const of = (more: Partial<SizedIndex>) =>
      rollUp([row({ table_changes: '200', ...more })], {
        estimates: new Map(),
        measurements: new Map([[1, measured]]),
        missing: 'no estimate',
      })[0]
    expect(of({})).toMatchObject({ measuredAt: measured.measuredAt, bloat: { bloatBytes: 49 * MB, trust: { kind: 'exact' } } })
    for (const moved of [{ relfilenode: 4 }, { bytes: 120 * MB }, { bytes: null }, { table_changes: '100102' }]) {
      expect(of(moved)).toMatchObject({ measuredAt: null, bloat: { trust: { kind: 'withheld', reason: 'no estimate' } } })
    }
  })
})
