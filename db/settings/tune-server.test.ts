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

  const settingsFor = async (target: Target, own: Record<string, string> = {}): Promise<Map<string, TunedSetting>> => {
    const tuning = await tuneServer(target, { profile: { connections: 100 }, own })
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

  it('take values of one’s own as the server itself would, in the script and in the budget', async () => {
    const own = {
      work_mem: '48 MB',
      maintenance_work_mem: '1kB',
      jit: 'perhaps',
      wal_buffers: '1 s',
      shared_buffers: '64',
      random_page_cost: '2.0',
    }
    const tuning = await tuneServer(db.target, { profile: { connections: 100 }, own: { ...own, no_such_setting: '1' } })
    if (!tuning.ok) throw new Error(tuning.problem.message)
    const found = new Map(tuning.value.settings.map((one) => [one.name, one]))
    expect(found.get('work_mem')).toMatchObject({
      own: { text: '48MB', refused: null, changes: true },
      lines: { sql: expect.stringContaining(`'48MB'`) },
    })
    // Base units are 8 kB, and the least that a server starts with is 16 of them.
    expect(found.get('shared_buffers')?.own).toMatchObject({ text: '512kB', refused: null, changes: true })
    expect(found.get('random_page_cost')?.own).toMatchObject({ text: '2', refused: null, changes: false })
    for (const name of ['maintenance_work_mem', 'jit', 'wal_buffers'])
      expect(found.get(name)?.own).toMatchObject({ refused: expect.stringContaining('is not'), changes: false })
    // What it refuses is what ALTER SYSTEM refuses, and the other way round.
    for (const [name, text] of Object.entries(own)) {
      const answer = await db.client.query(`alter system set ${name} = '${text}'`).then(
        () => null,
        (error: { code: string }) => error.code,
      )
      expect([name, answer]).toEqual([name, found.get(name)?.own?.refused ? '22023' : null])
      if (name !== 'random_page_cost') await db.client.query(`alter system reset ${name}`)
    }
    expect(tuning.value.budget.recommended.worst.sharedBuffers).toBe(512 * 1024)
    expect([...found.values()].every(({ guide }) => guide === null)).toBe(true)
  })

  it('have the guide beside them in its own schema alone', async () => {
    await db.client.query(
      'create table student_progress (id int); create table section_progress (id int); create table quiz_results (id int)',
    )
    try {
      // The evidence is kept for a while, by the database that it was asked of: asked anew through another role.
      expect((await settingsFor(db.as('reporter', 'x'))).get('shared_buffers')?.guide?.value).toBe('256MB')
    } finally {
      await db.client.query('drop table student_progress, section_progress, quiz_results')
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
