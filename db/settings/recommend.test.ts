import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import type { TestDatabase } from '../../test/support/test-database'
import { type Profile, STORAGES, WORKLOADS } from '../domain/server-profile'
import { GB, MB, TB } from '../domain/setting-units'
import { MAJORS } from '../embedded/binaries'
import { runRead } from '../server/run-read'
import { totalOf } from './budget'
import type { Measured } from './measured'
import { linesOf } from './outputs'
import { settings } from './reads/settings'
import { ALSO_READ, type Recommendation, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { amountOf, type ServerSetting, settingOf } from './server-setting'

/** Even over the orders of magnitude, with the ends. */
const magnitude = (min: number, max: number) =>
  fc.oneof(
    fc.constantFrom(min, max),
    fc
      .double({ min: Math.log(min), max: Math.log(max), noNaN: true })
      .map((log) => Math.min(max, Math.max(min, Math.round(Math.exp(log))))),
  )

const profiles: fc.Arbitrary<Profile> = fc.record({
  ram: magnitude(512 * MB, 64 * TB),
  cpus: magnitude(1, 1024),
  storage: fc.constantFrom(...STORAGES),
  workload: fc.constantFrom(...WORKLOADS),
  connections: magnitude(5, 10_000),
})

const window = fc.record({
  from: fc.constant(0),
  to: fc.constant(0),
  seconds: magnitude(60, 400 * 86_400),
  samples: fc.integer({ min: 1, max: 1e6 }),
})
const measurements: fc.Arbitrary<Measured> = fc.record(
  {
    dataBytes: magnitude(7 * MB, 100 * TB),
    spills: fc.record({
      files: fc.integer({ min: 0, max: 1e6 }),
      bytes: magnitude(1, 100 * TB),
      statements: fc.option(fc.record({ statements: fc.constant(3), calls: fc.integer({ min: 1 }), blocks: magnitude(1, 1e9) })),
      window,
    }),
    peak: fc.record({ connections: fc.integer({ min: 1, max: 5000 }), window }),
    checkpoints: fc.record({
      timed: fc.integer({ min: 0, max: 1e5 }),
      requested: fc.integer({ min: 0, max: 1e5 }),
      walBytes: magnitude(1, 100 * TB),
      window,
    }),
    backlog: fc.record({ mean: fc.integer({ min: 0, max: 1000 }), most: fc.constant(1000), deadRows: fc.constant(1e9), window }),
  },
  { requiredKeys: [] },
)

/** The LMS guide's section on tuning, as it stands there. */
const GUIDE = {
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '4MB',
  maintenance_work_mem: '64MB',
  temp_buffers: '8MB',
  max_connections: '200',
  superuser_reserved_connections: '3',
  wal_buffers: '16MB',
  checkpoint_completion_target: '0.9',
  checkpoint_timeout: '10min',
  max_wal_size: '1GB',
  min_wal_size: '80MB',
  random_page_cost: '1.1',
  effective_io_concurrency: '200',
  seq_page_cost: '1.0',
  log_min_duration_statement: '1000',
  log_line_prefix: '%t [%p]: [%l-1] user=%u,db=%d ',
  log_checkpoints: 'on',
  log_connections: 'on',
  log_disconnections: 'on',
  log_lock_waits: 'on',
  track_activities: 'on',
  track_counts: 'on',
  track_io_timing: 'on',
  track_functions: 'all',
}

describe.each(MAJORS)('recommendations for PostgreSQL %i', (major) => {
  let db: TestDatabase
  let rows: ServerSetting[]
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    const read = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
    if (!read.ok) throw new Error(read.problem.message)
    // What formulas say by themselves: nobody set anything.
    rows = read.value.map((row) => ({ ...row, source: 'default' }))
  })
  afterAll(() => db.drop())

  const amount = (list: Recommendation[], name: string): number => {
    const row = rows.find((one) => one.name === name)
    const text = list.find((one) => one.name === name)?.recommended
    if (!row || text === undefined) throw new Error(`No ${name}`)
    return amountOf({ ...row, setting: settingOf(text, row) ?? 'none' }) ?? Number.NaN
  }

  it('are about every setting of the list that this major has', () => {
    const profile: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 200 }
    const { recommendations } = recommend(rows, major, profile)
    const lacking = PARAMETER_NAMES.filter((name) => !recommendations.some((one) => one.name === name))
    expect(lacking).toEqual(major < 18 ? ['io_method', 'io_workers'] : [])
    const guide = recommendations.flatMap(({ name, guide }) => (guide ? [[name, guide.value]] : []))
    expect(Object.fromEntries(guide)).toEqual(GUIDE)
  })

  it('are taken by the server, whatever the profile and whatever was measured', async () => {
    const asked = new Set<string>()
    await fc.assert(
      fc.asyncProperty(profiles, measurements, async (profile, measured) => {
        for (const { name, recommended: value, takes, why } of recommend(rows, major, profile, measured).recommendations) {
          const row = rows.find((one) => one.name === name) as ServerSetting
          const { sql } = linesOf({ name, value, takes, why }, row)
          if (asked.has(sql)) continue
          asked.add(sql)
          await db.client.query(sql)
        }
      }),
      { numRuns: 120 },
    )
    await db.client.query('ALTER SYSTEM RESET ALL')
  })

  it('leave the worst case below the RAM', () => {
    fc.assert(
      fc.property(profiles, measurements, (profile, measured) => {
        const { worst, typical } = recommend(rows, major, profile, measured).budget.recommended
        expect(totalOf(worst)).toBeLessThanOrEqual(profile.ram)
        expect(totalOf(typical)).toBeLessThanOrEqual(totalOf(worst))
      }),
      { numRuns: 1000 },
    )
  })

  it('never lower a memory setting for more RAM', () => {
    const names = [
      'shared_buffers',
      'effective_cache_size',
      'work_mem',
      'maintenance_work_mem',
      'autovacuum_work_mem',
      'temp_buffers',
      'max_connections',
    ]
    const more = fc.oneof(magnitude(1, 64 * TB), fc.constant(MB), fc.constant(64 * MB))
    fc.assert(
      fc.property(profiles, measurements, more, (profile, measured, by) => {
        const less = recommend(rows, major, profile, measured).recommendations
        const larger = recommend(rows, major, { ...profile, ram: Math.min(64 * TB, profile.ram + by) }, measured).recommendations
        for (const name of names) expect(amount(larger, name), name).toBeGreaterThanOrEqual(amount(less, name))
      }),
      { numRuns: 1000 },
    )
  })

  it('hold once they were followed', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const first = recommend(rows, major, profile).recommendations
        const followed = rows.map((row) => {
          const text = first.find(({ name }) => name === row.name)?.recommended
          return text === undefined ? row : { ...row, setting: settingOf(text, row) ?? row.setting, source: 'configuration file' }
        })
        expect(recommend(followed, major, profile).recommendations.filter(({ changes }) => changes)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('keep to what the server has compiled in', () => {
    const profile: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 200 }
    const without = rows.map((row) => (row.name === 'wal_compression' && row.enumvals ? { ...row, enumvals: ['pglz', 'on', 'off'] } : row))
    const found = recommend(without, major, profile).recommendations.find(({ name }) => name === 'wal_compression')
    expect(found?.recommended).toBe(major < 15 ? 'on' : 'pglz')
    const noPrefetch = rows.map((row) => (row.name === 'effective_io_concurrency' ? { ...row, max_val: '0' } : row))
    const io = recommend(noPrefetch, major, profile).recommendations.find(({ name }) => name === 'effective_io_concurrency')
    expect(io).toMatchObject({ recommended: '0' })
    expect(io?.why).toContain('takes no other than 0')
  })
})
