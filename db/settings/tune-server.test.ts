import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import type { TestDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { identifier } from '../server/identifiers'
import type { Target } from '../server/target'
import { type TunedSetting, tuneServer } from './tune-server'

describe.each(MAJORS)('the settings of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { log_min_duration_statement: '5s' })
    await db.client.query(`alter system set random_page_cost = 2`)
    await db.client.query(`alter system set max_connections = 70`)
    await db.client.query(`create role reporter login password 'x'`)
    await db.client.query(`alter role reporter set work_mem = '64MB'`)
    await db.client.query(`alter database ${identifier(db.target.database)} set work_mem = '32MB'`)
    await db.client.query('select pg_reload_conf()')
  })
  afterAll(() => db.drop())

  const settingsFor = async (target: Target): Promise<Map<string, TunedSetting>> => {
    const tuning = await tuneServer(target, { connections: 100 })
    if (!tuning.ok) throw new Error(tuning.problem.message)
    return new Map(tuning.value.settings.map((one) => [one.name, one]))
  }

  it('say who set them, in which file and line, what waits for a restart, and for whom they do not hold', async () => {
    const changed = `select count(*)::int as n from pg_settings where (name = 'random_page_cost' and setting = '2') or (name = 'max_connections' and pending_restart)`
    await expect.poll(async () => (await db.client.query(changed)).rows[0].n).toBe(2)
    const found = await settingsFor(db.target)
    expect(found.get('random_page_cost')).toMatchObject({
      current: '2',
      recommended: '2',
      changes: false,
      formula: '1.1',
      takes: 'reload',
      setBy: { words: 'ALTER SYSTEM', file: expect.stringMatching(/\/postgresql\.auto\.conf:\d+$/) },
    })
    expect(found.get('max_connections')).toMatchObject({
      current: '60',
      takes: 'restart',
      pendingRestart: true,
      setBy: { waiting: '70' },
    })
    expect(found.get('log_min_duration_statement')).toMatchObject({
      current: '5s',
      setBy: { words: expect.stringMatching(/^proctor\.conf:\d+$/), file: expect.stringMatching(/\/proctor\.conf:\d+$/) },
    })
    expect(found.get('work_mem')).toMatchObject({
      current: '32MB',
      setBy: { words: `database ${db.target.database}`, overriddenFor: ['role reporter', `database ${db.target.database}`] },
    })
    expect(found.get('jit')?.setBy).toMatchObject({ words: 'built-in default', file: null, waiting: null })
  })

  it('stay where somebody set what the console sets for its own reads', async () => {
    expect((await settingsFor(db.target)).get('jit')).toMatchObject({ current: 'on', recommended: 'off', changes: true })
    await db.client.query('alter system set jit = on')
    await db.client.query('select pg_reload_conf()')
    try {
      await expect.poll(async () => (await settingsFor(db.target)).get('jit')?.setBy.words).toBe('ALTER SYSTEM')
      expect((await settingsFor(db.target)).get('jit')).toMatchObject({ current: 'on', recommended: 'on', changes: false, formula: 'off' })
    } finally {
      await db.client.query('alter system reset jit')
    }
  })

  it('are told to a role without rights too, without the files', async () => {
    const found = await settingsFor(db.as('reporter', 'x'))
    expect(found.get('random_page_cost')).toMatchObject({ current: '2', recommended: '2', setBy: { file: null } })
    // 70 waits for the restart: it cannot see that, and nothing is said beside it.
    expect(found.get('max_connections')).toMatchObject({ current: '60', changes: false, pendingRestart: true })
    expect(found.get('work_mem')).toMatchObject({ current: '64MB', setBy: { words: 'role reporter' } })
  })
})
