import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import { commandTest } from '../../../test/support/test-command'
import type { TestDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { literal } from '../../server/identifiers'
import { changeSettings } from './command'
import { loadSettings } from './facts'
import { SETTINGS_CHECKS } from './preflight'

describe.each(MAJORS)('change-settings on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await db.client.query(`create role app login password 'x'; grant pg_monitor to app`)
  })
  afterEach(async () => {
    await db.client.query('alter system reset all')
    await db.client.query('select pg_reload_conf()')
    await expect.poll(() => show('work_mem')).toBe('4MB')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query } = commandTest(() => db, changeSettings)
  const show = (name: string): Promise<string> => query('select current_setting($1)', [name])
  const auto = (): Promise<string[]> =>
    query(`select coalesce(array_agg(name || '=' || setting order by name), '{}') from pg_file_settings where sourcefile like '%auto.conf'`)
  const was = (object: object, input: object) => ({ at: 0, object, input, bytes: null, dead: null, files: [] }) as never

  it('changes several, reads them back, shows what waits for a restart, and brings the former state back', async () => {
    await db.client.query(`alter system set work_mem = '5MB'`)
    await db.client.query('select pg_reload_conf()')
    await expect.poll(() => show('work_mem')).toBe('5MB')
    const former = await auto()
    const input = { set: { work_mem: '16MB', random_page_cost: '1.1', max_connections: '70' } }
    const { plan, preflight, object } = await planned(input)
    expect(plan.statements.slice(1, 3)).toEqual([
      `ALTER SYSTEM SET random_page_cost = '1.1' /* was 4, built-in default */`,
      `ALTER SYSTEM SET work_mem = '16MB' /* was 5MB, ALTER SYSTEM 5MB */`,
    ])
    expect(plan.statements.at(-1)).toBe('SELECT pg_reload_conf()')
    expect(preflight.filter(({ status }) => status !== 'pass')).toEqual([])
    expect(plan.effect).toContain('max_connections: 60 → 70, at the next restart.')
    expect(await command.done(db.target, was(object, input))).toEqual({ ok: true, value: 'no' })
    await send(plan.statements)
    await expect.poll(() => show('work_mem')).toBe('16MB')
    expect(await show('random_page_cost')).toBe('1.1')
    expect(await command.readBack?.(db.target, was(object, input))).toEqual({ ok: true, value: null })
    expect(await query(`select setting || pending_restart from pg_settings where name = 'max_connections'`)).toBe('60true')
    const undo = await planned(plan.undoWith?.input)
    expect(undo.plan.statements).toContain(`ALTER SYSTEM RESET random_page_cost /* was 1.1, ALTER SYSTEM 1.1 */`)
    await send(undo.plan.statements)
    await expect.poll(() => show('work_mem')).toBe('5MB')
    expect(await show('random_page_cost')).toBe('4')
    expect(await auto()).toEqual(former)
  })

  it('holds a restart-only one for done while it is pending', async () => {
    const input = { set: { wal_buffers: '8MB' } }
    const { plan, line, object } = await planned(input)
    expect(line('restart')).toMatchObject({ status: 'pass', detail: expect.stringContaining('wal_buffers') })
    await send(plan.statements)
    expect(await command.done(db.target, was(object, input))).toEqual({ ok: true, value: 'yes' })
    expect(await query(`select pending_restart from pg_settings where name = 'wal_buffers'`)).toBe(true)
    expect(await refused(input)).toMatchObject({ kind: 'conflict', message: expect.stringContaining('nothing would change') })
  })

  it('says which value did not take', async () => {
    const input = { set: { work_mem: '16MB', jit: 'off' } }
    const { plan, object } = await planned(input)
    await send(plan.statements.filter((statement) => !statement.includes('work_mem')))
    expect(await command.done(db.target, was(object, input))).toEqual({ ok: true, value: 'partly' })
    expect(await command.readBack?.(db.target, was(object, input))).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', message: 'Did not take effect: work_mem is 4MB, built-in default' },
    })
  }, 90_000)

  it('is another plan, of another object, once somebody else has changed one of them', async () => {
    const input = { set: { work_mem: '16MB' } }
    const first = await planned(input)
    expect((await planned(input)).object).toEqual(first.object)
    await db.client.query(`alter system set work_mem = '7MB'`)
    await db.client.query('select pg_reload_conf()')
    await expect.poll(() => show('work_mem')).toBe('7MB')
    const second = await planned(input)
    expect(second.plan.statements).not.toEqual(first.plan.statements)
    expect(second.object.relfilenode).not.toBe(first.object.relfilenode)
  })

  it.each([
    [{ set: { work_mem: 'much' } }, /work_mem: much is not an amount from 64kB to/],
    [{ set: { work_mem: '1kB' } }, /work_mem: 1kB is not an amount/],
    [{ set: { jit: 'perhaps' } }, /jit: perhaps is not on or off/],
    [{ set: { huge_pages: 'maybe' } }, /huge_pages: maybe is not one of/],
    [{ set: { log_line_prefix: 'a\nb' } }, /is not one line/],
    [{ set: { archive_command: 'rm -rf /' } }, /Invalid key|Unrecognized/],
    [{ set: { work_mem: '8MB' }, reset: ['work_mem'] }, /cannot be both/],
    [{}, /No setting was named/],
    [{ reset: ['work_mem'] }, /nothing would change/],
  ])('refuses %j', async (input, words) => {
    expect((await refused(input)).message).toMatch(words)
  })

  it('stops where the server would not start any more, and warns of what some sessions will not see', async () => {
    const { line } = await planned({ set: { superuser_reserved_connections: '60' } })
    expect(line('start')).toMatchObject({ status: 'stop' })
    await db.client.query(`alter role app set work_mem = '3MB'`)
    const own = await planned({ set: { work_mem: '16MB' } })
    expect(own.line('own-values')).toMatchObject({ status: 'warn', detail: expect.stringContaining('work_mem for role app') })
    await db.client.query('alter role app reset work_mem')
  })

  it('needs the right to, which 15 can grant setting by setting', async () => {
    const app = db.as('app', 'x')
    const input = { set: { work_mem: '16MB' } }
    const { line } = await planned(input, app)
    expect(line('privilege')).toMatchObject({
      status: 'stop',
      detail: expect.stringMatching(major < 15 ? /only a superuser/ : /^GRANT ALTER SYSTEM ON PARAMETER work_mem TO app/),
    })
    if (major < 15) return
    await db.client.query('grant alter system on parameter work_mem to app')
    expect((await planned(input, app)).line('privilege')).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining('pg_reload_conf()'),
    })
    await db.client.query('grant execute on function pg_reload_conf() to app')
    const granted = await planned(input, app)
    expect(granted.line('privilege')).toMatchObject({ status: 'pass' })
    // It may not read the files: what pg_settings says has to do.
    await send(granted.plan.statements)
    expect(await command.done(app, was(granted.object, input))).toEqual({ ok: true, value: 'yes' })
    expect((await planned({ reset: ['work_mem'] }, app)).plan.undoWith?.input).toEqual({ set: { work_mem: '16MB' }, reset: [] })
  })

  if (major >= 17)
    it('is stopped by allow_alter_system', async () => {
      // Not to be set by ALTER SYSTEM itself.
      const write = async (line: string) => {
        const file = literal(await query('select current_setting($1)', ['config_file']))
        await db.client.query(`copy (values ('include_if_exists = ''proctor.conf'''), ('${line}')) to ${file}`)
        await db.client.query('select pg_reload_conf()')
      }
      await write('allow_alter_system = off')
      await expect.poll(() => show('allow_alter_system')).toBe('off')
      expect((await planned({ set: { work_mem: '16MB' } })).line('allow-alter-system')).toMatchObject({ status: 'stop' })
      await write('')
      await expect.poll(() => show('allow_alter_system')).toBe('on')
    })

  it('is stopped for what the command line sets', async () => {
    const found = await loadSettings(db.target, ['work_mem'])
    const state = found.ok && found.value.facts.states.get('work_mem')
    if (!found.ok || !state) throw new Error('No work_mem')
    const { facts } = found.value
    const states = new Map([['work_mem', { ...state, by: { ...state.by, fixed: true } }]])
    const of = { server: {}, facts: { ...facts, states, wanted: new Map([['work_mem', '16384']]) } } as never
    const lines = await Promise.all(
      SETTINGS_CHECKS.filter(({ name }) => name === 'outranked').map((check) => check(db.target, of, {} as never)),
    )
    expect(lines).toMatchObject([{ ok: true, value: { status: 'stop', title: 'work_mem: set where the server is started' } }])
  })

  it('is stopped on a managed service', async () => {
    await db.client.query('create role rds_superuser')
    expect((await planned({ set: { work_mem: '16MB' } })).line('managed')).toMatchObject({
      status: 'stop',
      title: 'Amazon RDS keeps the configuration',
    })
    await db.client.query('drop role rds_superuser')
  })
})
