import { describe, expect, it } from 'vitest'
import type { PolicyRule } from '../domain/policy-rule'
import { policyRule } from '../domain/policy-rule'
import type { IndexFinding } from '../indexes/index-finding'
import type { TableFinding } from '../tables/table-health'
import { candidatesOf, readsOf } from './policies'

const MB = 2 ** 20
const LIMITS = { until: null, most: 5, mostBytes: 2 ** 30, allowWarnings: false }
const REBUILD: PolicyRule = { kind: 'rebuild-bloated', bloatPercent: 30, bloatBytes: 100 * MB, trust: 'estimated', ...LIMITS }
const VACUUM: PolicyRule = { kind: 'vacuum-dead', deadPercent: 20, deadRows: 1000, ...LIMITS }

/** As far as a policy looks at one. */
const index = (indexrelid: number, bytes: number, bloatRatio: number | null, more: Partial<IndexFinding> = {}) =>
  ({
    ...{ indexrelid, indexrelname: `i${indexrelid}`, schemaname: 'public', verdict: 'bloated', skipped: null, exclusion: false },
    ...{ bytes, bloatRatio, bloatBytes: bloatRatio === null ? null : bytes * bloatRatio, trust: { kind: 'exact' } },
    ...more,
  }) as IndexFinding

const table = (relid: number, dead: number, deadShare: number, more: Partial<TableFinding> = {}) =>
  ({
    ...{ relid, relname: `t${relid}`, schemaname: 'public', kind: 'table', bytes: 100 * MB, indexBytes: 10 * MB },
    ...{ dead: String(dead), deadShare, skipped: null, vacuuming: null, ...more },
  }) as TableFinding

const oids = (rule: PolicyRule, indexes: IndexFinding[], tables: TableFinding[] = []) =>
  candidatesOf(rule, { indexes, tables, views: [] }).map(({ input }) => input.oid)

describe('a policy that rebuilds what is bloated', () => {
  it('takes what is over both thresholds, the largest gain first', () => {
    const found = [index(1, 400 * MB, 0.3), index(2, 1000 * MB, 0.29), index(3, 300 * MB, 0.33), index(4, 600 * MB, 0.5)]
    expect(oids(REBUILD, found)).toEqual([4, 1])
    expect(candidatesOf(REBUILD, { indexes: found, tables: [], views: [] })[0]).toMatchObject({
      bytes: 600 * MB,
      gain: 300 * MB,
      input: { concurrently: true },
    })
    expect(readsOf(REBUILD)).toBe('indexes')
  })

  it('takes an estimate by its low end, or not at all', () => {
    const estimated = (plusMinus: number) => ({ trust: { kind: 'estimated' as const, plusMinus } })
    const found = [
      index(1, 1000 * MB, 0.4, estimated(10)),
      index(2, 1000 * MB, 0.4, estimated(11)),
      index(3, 300 * MB, 0.5, estimated(10)),
      index(4, 200 * MB, 0.55, estimated(10)), // 90 MB at the low end
      index(5, 1000 * MB, null, { trust: { kind: 'withheld', reason: 'GIN' } }),
      index(6, 400 * MB, 0.5),
    ]
    expect(oids(REBUILD, found)).toEqual([1, 6, 3])
    expect(oids({ ...REBUILD, trust: 'measured' } as PolicyRule, found)).toEqual([6])
  })

  it('leaves what is to be dropped, locked, or cannot be rebuilt beside its use', () => {
    const large = (id: number, more: Partial<IndexFinding>) => index(id, 1000 * MB, 0.5, more)
    const verdicts = (['unused', 'redundant', 'invalid', 'healthy', 'not-scanned'] as const).map((verdict, at) =>
      large(at + 1, { verdict }),
    )
    const others = [large(7, { skipped: 'locked' }), large(8, { exclusion: true }), large(9, { schemaname: 'pg_catalog' })]
    expect(oids(REBUILD, [...verdicts, ...others, large(10, {})])).toEqual([10])
  })
})

describe('a policy that vacuums dead rows', () => {
  it('takes tables over both thresholds that nobody vacuums already', () => {
    const found = [
      table(1, 1000, 0.2),
      table(2, 999, 0.9),
      table(3, 5000, 0.19),
      table(4, 5000, 0.5),
      table(5, 5000, 0.5, { kind: 'partition' }),
      table(6, 5000, 0.5, { vacuuming: 4711 }),
      table(7, 5000, 0.5, { skipped: 'locked' }),
    ]
    expect(oids(VACUUM, [], found)).toEqual([4, 1])
    expect(candidatesOf(VACUUM, { indexes: [], tables: found, views: [] })[0]).toMatchObject({
      bytes: 110 * MB,
      gain: 50 * MB,
      input: { analyze: true },
    })
  })
})

it('has bounds that nobody confirms past', () => {
  for (const good of [REBUILD, VACUUM, { ...REBUILD, until: '04:00' }]) expect(policyRule.safeParse(good).success).toBe(true)
  const wrong = [
    { bloatPercent: 19 },
    { bloatBytes: MB - 1 },
    { most: 0 },
    { most: 51 },
    { until: '24:00' },
    { until: '4:00' },
    { mostBytes: Number.NaN },
  ]
  for (const part of [...wrong, { kind: 'drop-all' }, { sql: 'drop table t' }])
    expect(policyRule.safeParse({ ...REBUILD, ...part }).success).toBe(false)
})

describe('a policy that refreshes views', () => {
  const REFRESH: PolicyRule = { kind: 'refresh-views', olderMinutes: 60, ...LIMITS }
  const view = (relid: number, ageSeconds: number | null, more: object = {}) => ({
    ...{ relid, schemaname: 'analytics', relname: `v${relid}`, bytes: MB, populated: true, refreshIndex: 'key', skipped: null, ageSeconds },
    ...more,
  })

  it('takes what is older, the oldest first, and what nobody knows the age of before that', () => {
    const views = [view(1, 3599), view(2, 3600), view(3, null), view(4, 9000)]
    const found = candidatesOf(REFRESH, { indexes: [], tables: [], views })
    expect(found.map(({ input }) => input)).toEqual([3, 4, 2].map((oid) => ({ oid, concurrently: true })))
  })

  it('leaves out what would shut readers out, and what is locked', () => {
    const views = [
      view(1, null, { populated: false }),
      view(2, null, { refreshIndex: null }),
      view(3, null, { skipped: 'locked', bytes: null }),
    ]
    expect(candidatesOf(REFRESH, { indexes: [], tables: [], views })).toEqual([])
  })
})
