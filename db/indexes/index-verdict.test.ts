import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOAT_RATIO } from '../domain/bloat-threshold'
import { rollUp, type WholeIndex } from './index-roll-up'
import type { IndexUse } from './index-use'
import { indexVerdict } from './index-verdict'
import type { SizedIndex } from './sized-indexes'

const MB = 1024 * 1024
const DAY = 86_400
const used: IndexUse = { kind: 'used' }
const unused: IndexUse = { kind: 'unused', since: '2026-10-20T06:12:00.000Z', seconds: 40 * DAY, servers: 1, scans: 0n, last: null }
const unproved: IndexUse = {
  kind: 'unproved',
  reason: 'statistics are 3 hours old, 35 days are needed',
  remedy: null,
  settles: '2026-12-25T06:12:00.000Z',
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
  table_seq_scans: '1000',
  table_indexes: 1,
  table_bytes: 800 * MB,
  extension: null,
  indisunique: false,
  indisprimary: false,
  indisexclusion: false,
  indisreplident: false,
  indisclustered: false,
  indisvalid: true,
  has_exprs: false,
  conname: null,
  referenced: false,
  atWork: null,
  invalid: null,
  redundant_with: null,
  redundant_kind: null,
  stand_in: null,
  stands_in_for: [],
  foreign_keys: null,
  sole_for: null,
  skipped: null,
  ...more,
})

/** One plain index with an estimate: rebuiltMb of its 100 MB would be left, ± plusMinus points. */
function index(more: Partial<SizedIndex> = {}, rebuiltMb = 98, plusMinus = 0): WholeIndex {
  const estimate = { indexrelid: 1, bytes: 100 * MB, rebuilt_bytes: rebuiltMb * MB, plus_minus: plusMinus, withheld: null, fix: null }
  const [whole] = rollUp([row(more)], { estimates: new Map([[1, estimate]]), measurements: new Map(), missing: 'not estimated' })
  if (!whole) throw new Error('No index')
  return whole
}

const judge = (whole: WholeIndex, use: IndexUse = whole.idxScan === 0n ? unused : used) => indexVerdict(whole, 'users_email_key', use)

describe('the verdict on an index', () => {
  it('is bloated from a fifth on, with the rule and the numbers', () => {
    expect(judge(index({}, 51))).toEqual({
      verdict: 'bloated',
      rule: 'Bloated: 49% and 49 MB. Threshold: ≥ 20% and ≥ 1 MB.',
      reclaimBytes: 49 * MB,
      unusedWithheld: null,
    })
    expect(judge(index({}, 81)).verdict).toBe('healthy')
  })

  it('is bloated by estimate only where the low end is over the threshold', () => {
    expect(judge(index({}, 75, 6)).verdict).toBe('healthy')
    expect(judge(index({}, 73, 6))).toMatchObject({
      verdict: 'bloated',
      rule: 'Bloated: 27% ± 6 points and 27 MB. Threshold: ≥ 20% and ≥ 1 MB, at the low end of the estimate too.',
    })
  })

  it('puts invalid before redundant before unused before bloated', () => {
    const invalid = { action: 'rebuild' as const, sql: null, title: 'is invalid', rule: 'Invalid.' }
    const all = { idx_scan: '0', indisvalid: false, invalid, redundant_with: 9, redundant_kind: 'duplicate' as const }
    expect(judge(index(all, 10))).toMatchObject({ verdict: 'invalid', reclaimBytes: 100 * MB })
    expect(judge(index({ ...all, indisvalid: true, invalid: null }, 10))).toMatchObject({
      verdict: 'redundant',
      rule: 'Redundant: it repeats users_email_key, key for key. Size: 100 MB.',
      reclaimBytes: 100 * MB,
    })
    expect(judge(index({ idx_scan: '0' }, 10))).toMatchObject({ verdict: 'unused', reclaimBytes: 100 * MB, unusedWithheld: null })
    expect(judge(index({ idx_scan: '1' }, 10)).verdict).toBe('bloated')
  })

  it('is not invalid while it is being built', () => {
    expect(judge(index({ indisvalid: false, atWork: 'Healthy: pid 4711 is building it.' }))).toMatchObject({
      verdict: 'healthy',
      reclaimBytes: 0,
    })
  })

  it('is not-scanned without proof, with the reason and when it settles, and proposes nothing', () => {
    const unscanned = index({ idx_scan: '0' })
    expect(judge(unscanned, unproved)).toEqual({
      verdict: 'not-scanned',
      rule:
        'Not scanned: no scan was seen, but statistics are 3 hours old, 35 days are needed. Size: 100 MB. ' +
        'If it stays unscanned, it counts as unused from 25 Dec 2026 at the earliest.',
      reclaimBytes: 0,
      unusedWithheld: 'statistics are 3 hours old, 35 days are needed',
    })
    expect(judge(index({ idx_scan: '0' }, 51), unproved)).toMatchObject({ verdict: 'bloated', unusedWithheld: expect.any(String) })
  })

  it('is unused with the time, the servers that were asked, and what its last scans gave', () => {
    expect(judge(index({ idx_scan: '0' }), { ...unused, servers: 3 })).toMatchObject({
      verdict: 'unused',
      rule: 'Unused: nothing to enforce, and no scan in 40 days on any of 3 servers of the cluster. Size: 100 MB.',
    })
    const long = { ...unused, scans: 12n, last: '2026-10-20T06:12:00.000Z' }
    expect(judge(index({ idx_scan: '12', idx_tup_read: '480' }), long).rule).toBe(
      'Unused: nothing to enforce, and not used for 40 days. 12 scans before that, the last on 20 Oct 2026. ' +
        "A scan read 40 entries on average; without it the query would read the table's 800 MB, or another index. Size: 100 MB.",
    )
  })

  it('leaves the tables of an extension to it', () => {
    const foreign = index({ extension: 'postgis', redundant_with: 9, redundant_kind: 'duplicate' })
    expect(judge(foreign)).toMatchObject({ verdict: 'healthy', reclaimBytes: 0 })
  })

  it.each([
    ['backs primary key student_pkey', { conname: 'student_pkey', indisprimary: true, indisunique: true }],
    ['backs unique constraint student_key', { conname: 'student_key', indisunique: true }],
    ['backs exclusion constraint no_overlap', { conname: 'no_overlap', indisexclusion: true }],
    ['enforces uniqueness', { indisunique: true }],
    ['is the replica identity', { indisreplident: true }],
    ['is what CLUSTER orders the table by', { indisclustered: true }],
    ['is what a foreign key refers to', { referenced: true }],
    ['is what serves foreign key child_p', { foreign_keys: ['child_p'], sole_for: ['child_p'] }],
    [
      'may be what serves foreign key child_p: how much its check would still read is not known',
      { foreign_keys: ['child_p'], sole_for: ['child_p'], perhaps: true },
    ],
  ])('is constraint, never unused, where it %s', (reason, facts) => {
    const found = judge(index({ idx_scan: '0', ...facts }))
    expect(found).toMatchObject({ verdict: 'constraint', reclaimBytes: 0, unusedWithheld: reason })
    expect(judge(index({ idx_scan: '1900', ...facts })).verdict).toBe('healthy')
  })

  it('says that an unused expression index feeds the planner', () => {
    expect(judge(index({ idx_scan: '0', has_exprs: true })).rule).toMatch(/ANALYZE gathers statistics on its expression/)
  })

  it('calls a partitioned index invalid that lacks a partition, also a unique one; putting it right gives nothing back', () => {
    const invalid = { action: 'attach' as const, sql: '', title: 'is invalid', rule: 'Invalid: …' }
    const root = row({ relkind: 'I', indisvalid: false, bytes: null, indisunique: true, invalid })
    const leaf = row({ indexrelid: 5, indexroot: 1 })
    const [whole] = rollUp([root, leaf], { estimates: new Map(), measurements: new Map(), missing: 'not estimated' })
    expect(whole && judge(whole)).toMatchObject({ verdict: 'invalid', reclaimBytes: 0 })
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
      { indexrelid, bytes, rebuilt_bytes: rebuilt, plus_minus: plusMinus, withheld: rebuilt === null ? 'GIN' : null, fix: null },
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
