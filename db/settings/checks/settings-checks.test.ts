import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import type { TestDatabase } from '../../../test/support/test-database'
import type { Check } from '../../checks/define-check'
import { forgetReads } from '../../server/run-read'
import { autovacuumOff } from '../../tables/checks/autovacuum-off'
import { fsyncOff } from './fsync-off'
import { fullPageWritesOff } from './full-page-writes-off'
import { logSettingsOff } from './log-settings-off'
import { settingsFile } from './settings-file'
import { settingsPendingRestart } from './settings-pending-restart'

describe.each([14, 18] as const)('checks of the configuration on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let role = ''
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { fsync: 'on' })
    role = `watcher_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x' in role pg_monitor`)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.client.query('alter system reset all')
    await db.client.query('select pg_reload_conf()')
  })

  const look = async (check: Check, target = db.target) => {
    forgetReads()
    const found = await check.look(target)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }
  /** A reload takes a moment until a new session sees it. */
  const eventually = (check: Check, count: number) => expect.poll(async () => (await look(check)).length, { timeout: 20_000 }).toBe(count)
  const execute = async (statements: string) => {
    for (const statement of statements.split('\n')) await db.client.query(statement)
  }
  const change = (values: Record<string, string>) =>
    execute([...Object.entries(values).map(([name, value]) => `alter system set ${name} = ${value}`), 'select pg_reload_conf()'].join('\n'))

  it.each([
    ['fsync', 'bad', fsyncOff],
    ['full_page_writes', 'warn', fullPageWritesOff],
    ['autovacuum', 'bad', autovacuumOff],
    ['track_counts', 'bad', autovacuumOff],
  ] as const)('%s is found off (%s), until it is on', async (setting, severity, check) => {
    await eventually(check, 0)
    await change({ [setting]: 'off' })
    await eventually(check, 1)
    const [found] = await look(check)
    expect(found).toMatchObject({ kind: 'server', severity })
    expect(await look(check, db.as(role, 'x'))).toEqual([found])
    await execute(found?.sql ?? '')
    await eventually(check, 0)
  })

  it('full-page-writes-off leaves the word to fsync', async () => {
    await change({ fsync: 'off', full_page_writes: 'off' })
    await eventually(fsyncOff, 1)
    expect(await look(fullPageWritesOff)).toEqual([])
  })

  it('log-settings-off finds what somebody switched off, and what the server has counted and did not log', async () => {
    await eventually(logSettingsOff, 0)
    await change({ log_checkpoints: 'off', log_lock_waits: 'off', log_autovacuum_min_duration: '-1' })
    // 14 has them off by itself: a server as it was installed is none.
    await eventually(logSettingsOff, major === 14 ? 0 : 1)
    if (major !== 14) expect(await look(logSettingsOff)).toMatchObject([{ title: '2 log settings are off', severity: 'info' }])
    await change({ log_checkpoints: 'on', log_autovacuum_min_duration: '0' })
    await eventually(logSettingsOff, 0)
    await deadlock(db)
    await eventually(logSettingsOff, 1)
    const [found] = await look(logSettingsOff)
    expect(found).toMatchObject({
      title: 'log_lock_waits is off',
      fix: { command: 'change-settings', input: { set: { log_lock_waits: 'on' } } },
    })
    await execute(found?.sql ?? '')
    await eventually(logSettingsOff, 0)
  })

  it('settings-pending-restart finds what a reload did not take', async () => {
    await eventually(settingsPendingRestart, 0)
    await change({ max_connections: '61', work_mem: "'5MB'" })
    await eventually(settingsPendingRestart, 1)
    const [found] = await look(settingsPendingRestart, db.as(role, 'x'))
    expect(found?.evidence).toContain('max_connections (now 60)')
    expect(found?.evidence).not.toContain('work_mem')
    expect(await look(settingsFile)).toEqual([]) // what waits is no fault
    await execute('alter system reset all\nselect pg_reload_conf()')
    await eventually(settingsPendingRestart, 0)
  })

  it('settings-file finds a line that is refused, and two of one name in a file; neither an included file nor ALTER SYSTEM', async () => {
    const { rows } = await db.client.query(
      `select current_setting('config_file') as file, pg_read_file(current_setting('config_file')) as text`,
    )
    const [{ file, text }] = rows as [{ file: string; text: string }]
    const write = async (more: string) => {
      const made = await db.client.query(`select lo_from_bytea(0, convert_to($1, 'UTF8')) as lo`, [text + more])
      await db.client.query('select lo_export($1, $2)', [made.rows[0].lo, file])
    }
    await change({ work_mem: "'7MB'" })
    await eventually(settingsFile, 0) // proctor.conf has another max_connections than the main file, postgresql.auto.conf another work_mem
    await write('no_such_setting = 1')
    await eventually(settingsFile, 1)
    expect(await look(settingsFile)).toMatchObject([{ severity: 'bad', evidence: expect.stringContaining('no_such_setting') }])
    expect(await look(settingsFile, db.as(role, 'x'))).toEqual([])
    await write('cpu_tuple_cost = 0.02\ncpu_tuple_cost = 0.03')
    await eventually(settingsFile, 1)
    expect(await look(settingsFile)).toMatchObject([{ severity: 'info', title: expect.stringContaining('cpu_tuple_cost') }])
    // The times of files are in whole seconds: written again, until it is later than what ALTER SYSTEM wrote.
    const written = async () => {
      await write("work_mem = '9MB'")
      return (await look(settingsFile)).length
    }
    await expect.poll(written, { timeout: 20_000 }).toBe(1)
    expect(await look(settingsFile)).toMatchObject([{ severity: 'info', evidence: expect.stringContaining('work_mem = 9MB') }])
    await write('')
    await eventually(settingsFile, 0)
  })
})

/** Two sessions, each waiting for the row of the other: the server ends one. */
async function deadlock(db: TestDatabase): Promise<void> {
  await db.client.query('create table pair (id int primary key); insert into pair values (1), (2)')
  const [a, b] = [await db.connect(), await db.connect()]
  for (const [client, id] of [
    [a, 1],
    [b, 2],
  ] as const) {
    await client.query(`begin; select from pair where id = ${id} for update`)
  }
  const ends = await Promise.allSettled([
    a.query('select from pair where id = 2 for update'),
    b.query('select from pair where id = 1 for update'),
  ])
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  await Promise.all([a.end(), b.end()])
}
