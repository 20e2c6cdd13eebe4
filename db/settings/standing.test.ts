import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/test-database'
import type { Profile } from '../domain/server-profile'
import { GB, MB } from '../domain/setting-units'
import { runRead } from '../server/run-read'
import { takersOf } from './background-workers'
import type { Given } from './define-parameter'
import type { Measured } from './measured'
import { planMemory } from './memory-plan'
import { settings } from './reads/settings'
import { ALSO_READ, recommend } from './recommend'
import { PARAMETER_NAMES, PARAMETERS } from './registry'
import { isSame, type ServerSetting, settingOf } from './server-setting'
import { ALONE, RECOVERY_NEEDS } from './surroundings'

const PROFILE: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'lms', connections: 60 }
const over = (seconds: number) => ({ from: 0, to: seconds * 1000, seconds, samples: seconds / 10 })
const DAY = 86_400

describe.each([14, 18] as const)('what somebody set on PostgreSQL %i', (major) => {
  let bare: ServerSetting[]
  beforeAll(async () => {
    const db = await testDatabase(major)
    const read = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ, ...RECOVERY_NEEDS] })
    await db.drop()
    if (!read.ok) throw new Error(read.problem.message)
    bare = read.value.map((row) => ({ ...row, source: 'default', setting: row.boot_val ?? row.setting }))
  })
  /** A server on which nothing but these is set, by a line of postgresql.conf. */
  const having = (set: Record<string, string>, sourcefile: string | null = '/data/postgresql.conf') =>
    bare.map((row) => {
      const value = set[row.name]
      return value === undefined ? row : { ...row, source: 'configuration file', sourcefile, setting: settingOf(value, row) ?? value }
    })
  const of = (rows: ServerSetting[], name: string, measured: Measured = {}, around = ALONE) => {
    const found = recommend(rows, major, PROFILE, measured, around).recommendations.find((one) => one.name === name)
    if (!found) throw new Error(`No ${name}`)
    return found
  }

  it('is not lowered, loosened or replaced by a formula', () => {
    const rows = having({
      max_worker_processes: '40',
      max_logical_replication_workers: '24',
      log_line_prefix: '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
      autovacuum_vacuum_cost_limit: '3000',
      log_min_duration_statement: '250',
      max_wal_size: '32GB',
      ...(major >= 18 && { io_workers: '8' }),
    })
    for (const name of rows.filter(({ source }) => source === 'configuration file').map((row) => row.name))
      if (PARAMETER_NAMES.includes(name)) expect(of(rows, name), name).toMatchObject({ changes: false, measured: false })
    expect(of(rows, 'autovacuum_vacuum_cost_limit')).toMatchObject({ recommended: '3000', formula: '800' })
    expect(of(rows, 'log_min_duration_statement')).toMatchObject({ recommended: '250ms', formula: '1s' })
    expect(of(rows, 'min_wal_size').recommended).toBe('1GB')
  })

  it('never goes down whatever it is, unless it was measured', () => {
    const numeric = bare.filter(({ name, vartype }) => PARAMETER_NAMES.includes(name) && ['integer', 'real'].includes(vartype))
    fc.assert(
      fc.property(fc.constantFrom(...numeric), fc.double({ min: 0, max: 1, noNaN: true }), (row, share) => {
        const [min, max] = [Math.max(0, Number(row.min_val)), Math.min(Number(row.max_val), 1e7)]
        const value = String(row.vartype === 'integer' ? Math.round(min + (max - min) * share ** 4) : min + (max - min) * share ** 4)
        const rows = bare.map((one) => (one.name === row.name ? { ...one, source: 'database', setting: value } : one))
        const { recommended, changes } = of(rows, row.name)
        if (changes) expect(Number(settingOf(recommended, row)), `${row.name} ${value}`).toBeGreaterThan(Number(value))
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves room for itself in what is shared out', () => {
    const work = (set: Record<string, string>) =>
      Number(settingOf(of(having(set), 'work_mem').recommended, bare.find(({ name }) => name === 'work_mem') as ServerSetting))
    expect(work({ max_connections: '600' })).toBeLessThan(work({}) / 5)
    expect(work({ shared_buffers: '10GB' })).toBeLessThan(work({}) / 2)
    expect(work({ hash_mem_multiplier: '8' })).toBeLessThan(work({}) / 2)
  })

  it('is told from what initdb writes, and from what waits for a restart', () => {
    const initial = { max_connections: '100', shared_buffers: '128MB', max_wal_size: '1GB', min_wal_size: '80MB' }
    expect(of(having(initial), 'max_connections')).toMatchObject({ recommended: '60', changes: true })
    expect(of(having(initial, '/data/postgresql.auto.conf'), 'max_connections')).toMatchObject({ recommended: '100', changes: false })
    const waiting = bare.map((row) => (row.name === 'max_worker_processes' ? { ...row, waiting: '40', pending_restart: true } : row))
    expect(of(waiting, 'max_worker_processes')).toMatchObject({ current: '8', recommended: '40', changes: false })
  })

  it('goes down for a peak that was seen for a day or more, and says so', () => {
    const rows = having({ max_connections: '500' })
    const peak = (seconds: number): Measured => ({ peak: { connections: 40, window: over(seconds) } })
    expect(of(rows, 'max_connections', peak(DAY - 1))).toMatchObject({ recommended: '500', changes: false, measured: false })
    expect(of(rows, 'max_connections', peak(9 * DAY))).toMatchObject({
      recommended: '60',
      changes: true,
      measured: true,
      evidence: expect.stringContaining('at most 40 sessions at once'),
    })
  })

  it('goes up, never down, for a backlog of autovacuum; a fraction goes down', () => {
    const backlog: Measured = { backlog: { mean: 9, most: 12, deadRows: 4e6, window: over(2 * DAY) } }
    const rows = having({ autovacuum_vacuum_cost_limit: '3000', autovacuum_max_workers: '9', autovacuum_vacuum_scale_factor: '0.02' })
    for (const name of ['autovacuum_vacuum_cost_limit', 'autovacuum_max_workers', 'autovacuum_vacuum_scale_factor'])
      expect(of(rows, name, backlog), name).toMatchObject({ changes: false })
    const slow = having({ autovacuum_vacuum_cost_limit: '300', autovacuum_vacuum_scale_factor: '0.3' })
    expect(of(slow, 'autovacuum_vacuum_cost_limit', backlog)).toMatchObject({ recommended: '1600', changes: true })
    expect(of(slow, 'autovacuum_vacuum_scale_factor', backlog)).toMatchObject({ recommended: '0.05', changes: true, measured: true })
    expect(of(slow, 'autovacuum_vacuum_scale_factor')).toMatchObject({ recommended: '0.3', changes: false, formula: '0.1' })
    expect(of(having({ vacuum_cost_limit: '5000' }), 'autovacuum_vacuum_cost_limit')).toMatchObject({ recommended: '-1', changes: false })
  })

  it('does not matter where the server takes harm from it', () => {
    expect(of(having({ autovacuum: 'off', track_counts: 'off' }), 'autovacuum')).toMatchObject({ recommended: 'on', changes: true })
    expect(of(having({ jit: 'on', track_io_timing: 'off' }), 'track_io_timing')).toMatchObject({ recommended: 'off', changes: false })
  })

  it('counts in max_worker_processes: logical replication, parallel query, and the workers of extensions', () => {
    const workers = (set: Record<string, string>, more: Record<string, string> = {}, around = ALONE) => {
      const placeholders = Object.entries(more).map(([name, setting]) => ({ ...(bare[0] as ServerSetting), name, setting }))
      return Number(of([...having(set), ...placeholders], 'max_worker_processes', {}, around).recommended)
    }
    expect(workers({})).toBe(4 + 5)
    expect(workers({ max_logical_replication_workers: '24' })).toBe(4 + 25)
    expect(workers({ max_parallel_workers: '12' })).toBe(12 + 5)
    expect(workers({ shared_preload_libraries: 'pg_stat_statements, timescaledb' })).toBe(4 + 5 + 19)
    expect(workers({ shared_preload_libraries: 'timescaledb-2.17.2' }, { 'timescaledb.max_background_workers': '32' })).toBe(4 + 5 + 35)
    expect(workers({ shared_preload_libraries: '"pglogical",$libdir/pg_cron' })).toBe(4 + 5 + 10 + 1)
    expect(workers({ shared_preload_libraries: 'somebodys_own' })).toBe(4 + 5 + 1)
    expect(workers({}, {}, { ...ALONE, extensionWorkers: 7 })).toBe(4 + 5 + 7)
    const given = { memory: planMemory(PROFILE), now: () => null, text: () => '', around: ALONE } as unknown as Given
    expect(takersOf(given)).toMatchObject({ parallel: 4, logical: 5, extensions: [], ofExtensions: 0 })
  })

  it('is never less on a standby than what it has, and nothing that only a primary uses changes there', () => {
    const standby = { ...ALONE, inRecovery: true }
    const rows = bare.map((row) => (row.name === 'max_worker_processes' ? { ...row, setting: '40' } : row))
    const { recommendations } = recommend(rows, major, { ...PROFILE, ram: 512 * MB, cpus: 1, connections: 20 }, {}, standby)
    for (const { name, recommended, changes } of recommendations) {
      const row = rows.find((one) => one.name === name) as ServerSetting
      if (RECOVERY_NEEDS.includes(name)) expect(Number(recommended), name).toBeGreaterThanOrEqual(Number(row.setting))
      if (PARAMETERS.find((one) => one.name === name)?.primaryOnly) expect([name, changes]).toEqual([name, false])
      if (!changes) expect(isSame(settingOf(recommended, row) ?? '', row.setting) || name === 'wal_buffers', name).toBe(true)
    }
    const seen: Measured = { peak: { connections: 5, window: over(9 * DAY) } }
    expect(of(rows, 'max_connections', seen, standby)).toMatchObject({ recommended: '100', changes: false })
  })

  it('tells in which order what recovery needs is changed', () => {
    const order = (connections: number, around = ALONE) =>
      recommend(bare, major, { ...PROFILE, connections }, {}, around).recommendations.find(({ name }) => name === 'max_connections')?.order
    expect(order(200)).toBe('Where it has standbys that are not connected now, first there.')
    expect(order(200, { ...ALONE, standbys: 2 })).toMatch(/^First on its 2 standbys, with a restart there, then here/)
    expect(order(60, { ...ALONE, standbys: 1 })).toMatch(/^First here, with a restart, then on its standby/)
    expect(order(200, { ...ALONE, inRecovery: true })).toMatch(/^Here before the primary/)
    expect(of(bare, 'shared_buffers', {}, { ...ALONE, standbys: 1 }).order).toBeNull()
  })
})
