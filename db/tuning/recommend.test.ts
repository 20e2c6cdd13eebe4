import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { databaseOnOwnServer } from '../embedded/own-server'
import type { TestDatabase } from '../embedded/test-database'
import { settings } from '../reads/settings'
import { literal } from '../target/identifiers'
import { runRead } from '../target/run-read'
import { totalOf } from './budget'
import type { Measured } from './measured'
import { type Profile, STORAGES, WORKLOADS } from './profile'
import { ALSO_READ, type Recommendation, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { amountOf, type ServerSetting, settingOf } from './server-setting'
import { GB, MB, TB } from './units'

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

const seconds = magnitude(60, 400 * 86_400)
const measurements: fc.Arbitrary<Measured> = fc.record(
  {
    dataBytes: magnitude(7 * MB, 100 * TB),
    spills: fc.record({ files: fc.integer({ min: 0, max: 1e6 }), bytes: magnitude(1, 100 * TB), seconds }),
    peak: fc.record({ connections: fc.integer({ min: 1, max: 5000 }), seconds }),
    checkpoints: fc.record({
      timed: fc.integer({ min: 0, max: 1e5 }),
      requested: fc.integer({ min: 0, max: 1e5 }),
      seconds,
      walBytes: fc.option(magnitude(1, 100 * TB)),
    }),
    overdueTables: fc.integer({ min: 0, max: 1000 }),
  },
  { requiredKeys: [] },
)

describe.each(MAJORS)('recommendations for PostgreSQL %i', (major) => {
  let db: TestDatabase
  let rows: ServerSetting[]
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    const read = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
    if (!read.ok) throw new Error(read.problem.message)
    rows = read.value
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
    expect(recommendations.filter(({ guide }) => guide !== null)).toHaveLength(25)
  })

  it('are taken by the server, whatever the profile and whatever was measured', async () => {
    const asked = new Set<string>()
    await fc.assert(
      fc.asyncProperty(profiles, measurements, async (profile, measured) => {
        for (const { name, recommended } of recommend(rows, major, profile, measured).recommendations) {
          const statement = `ALTER SYSTEM SET ${name} = ${literal(recommended)}`
          if (asked.has(statement)) continue
          asked.add(statement)
          await db.client.query(statement)
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
