import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { setTableOptions } from './command'
import { optionValue, TABLE_OPTIONS } from './facts'
import { presentOptions } from './present-options'

describe.each(MAJORS)('set-table-options on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let oid: number
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(
      `create table tuned (id int, note text) with (autovacuum_vacuum_threshold = 7, toast.autovacuum_enabled = 'false')`,
    )
    await db.client.query(
      'create table narrow (id int); create table split (id int) partition by range (id); create view seen as select 1 as one',
    )
    oid = await oidOf('tuned')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, setTableOptions)
  const options = () =>
    query(
      `select json_build_array(c.reloptions, t.reloptions) from pg_class c join pg_class t on t.oid = c.reltoastrelid where c.relname = 'tuned'`,
    )

  it('sets and resets, and its undo is the exact former state', async () => {
    const before = await options()
    const set = { autovacuum_vacuum_scale_factor: '0.05', autovacuum_vacuum_threshold: '100', 'toast.autovacuum_vacuum_cost_limit': '500' }
    const { plan, object, line } = await planned({ oid, set, reset: ['toast.autovacuum_enabled'] })
    expect(plan.statements.at(-1)).toBe(
      'ALTER TABLE public.tuned SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 100, toast.autovacuum_vacuum_cost_limit = 500), RESET (toast.autovacuum_enabled)',
    )
    expect(plan.undo).toBe(
      "ALTER TABLE public.tuned SET (autovacuum_vacuum_threshold = '7', toast.autovacuum_enabled = 'false'), RESET (autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_cost_limit)",
    )
    expect(plan.locks[0]?.mode).toBe('ShareUpdateExclusiveLock')
    expect(line('privilege')?.status).toBe('pass')
    const state = { at: 0, object, bytes: null, dead: null, files: [] }
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'no' })
    const session = await db.connect()
    await session.query('begin')
    for (const statement of plan.statements) await session.query(statement)
    const held = await query(`select string_agg(distinct mode, ' ') from pg_locks where relation = 'tuned'::regclass`)
    expect(held).toBe('ShareUpdateExclusiveLock')
    await session.query('commit')
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    expect(await options()).toEqual([
      ['autovacuum_vacuum_scale_factor=0.05', 'autovacuum_vacuum_threshold=100'],
      ['autovacuum_vacuum_cost_limit=500'],
    ])
    await send([plan.undo ?? ''])
    expect(await options()).toEqual(before)
  })

  it('is undone by itself, with the former values as it takes them', async () => {
    const { plan } = await planned({
      oid,
      set: { autovacuum_vacuum_threshold: '100', fillfactor: '80' },
      reset: ['toast.autovacuum_enabled'],
    })
    expect(plan.undoWith).toEqual({
      command: 'set-table-options',
      input: { oid, set: { autovacuum_vacuum_threshold: '7', 'toast.autovacuum_enabled': 'off' }, reset: ['fillfactor'] },
    })
    const before = await options()
    await send(plan.statements)
    await send((await planned(plan.undoWith?.input)).plan.statements)
    expect(await options()).toEqual([['autovacuum_vacuum_threshold=7'], ['autovacuum_enabled=off']])
    await send([`ALTER TABLE public.tuned SET (toast.autovacuum_enabled = 'false')`])
    expect(await options()).toEqual(before)
    await db.client.query(`create table odd () with (fillfactor = 1e1)`)
    expect((await planned({ oid: await oidOf('odd'), set: { fillfactor: '90' } })).plan).toMatchObject({
      undo: "ALTER TABLE public.odd SET (fillfactor = '1e1')",
    })
    expect((await planned({ oid: await oidOf('odd'), set: { fillfactor: '90' } })).plan.undoWith).toBeUndefined()
  })

  it('reads the present values and what they override', async () => {
    const present = await presentOptions(db.target, oid)
    if (!present.ok) throw new Error(present.problem.message)
    const { options: all, toast } = present.value
    const one = (name: string) => [...all, ...toast].find((option) => option.name === name)
    expect(all.length + toast.length).toBeGreaterThan(30)
    expect(all.map(({ inherited }) => inherited)).not.toContain('')
    expect(one('autovacuum_vacuum_threshold')).toMatchObject({ own: '7', inherited: '50', from: 'server', unit: 'rows' })
    expect(one('toast.autovacuum_vacuum_threshold')).toMatchObject({ own: null, inherited: '7', from: 'table' })
    expect(one('toast.autovacuum_enabled')).toMatchObject({ own: 'false', inherited: 'on', from: 'server' })
    expect(one('autovacuum_vacuum_cost_limit')).toMatchObject({ own: null, inherited: '200' })
    expect(one('fillfactor')).toMatchObject({ own: null, inherited: '100', from: 'default' })
    expect(one('autovacuum_vacuum_max_threshold') === undefined).toBe(major < 18)
    expect(await presentOptions(db.target, 1)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it.each(Object.entries(TABLE_OPTIONS))('knows the bounds of %s', async (name, option) => {
    const { since = 14, kind, min = 0, max = 0, toast } = option
    const accepts = async (set: string) =>
      db.client.query(`alter table narrow set (${set})`).then(
        () => true,
        (error: Error) => error.message,
      )
    if (since > major) {
      expect(await accepts(`${name} = 1`)).toMatch(/unrecognized parameter/)
      expect(await refused({ oid, set: { [name]: String(min) } })).toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining(`${since}`),
      })
      return
    }
    const inside = kind === 'boolean' ? ['on', 'off'] : kind === 'auto' ? ['on', 'off', 'auto'] : [String(min), String(max)]
    for (const value of inside) {
      expect(await accepts(`${name} = ${value}`)).toBe(true)
      expect(optionValue(option, value)).toBe(value)
    }
    const beyond = kind === 'boolean' || kind === 'auto' ? ['maybe'] : [String(min - 1), String(max + 1)]
    for (const value of beyond) {
      expect(await accepts(`${name} = ${value}`)).toEqual(expect.any(String))
      expect(await refused({ oid, set: { [name]: value } })).toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining(name),
      })
    }
    await db.client.query(`alter table narrow reset (${name})`)
    if (!toast) expect((await refused({ oid, set: { [`toast.${name}`]: inside[0] } })).kind).toBe('invalid_input')
    else expect(await db.client.query(`alter table tuned reset (toast.${name})`)).toBeDefined()
  })

  it.each([
    [{ set: { autovacuum_enabled: 'off); drop table tuned; --' } }, 'invalid_input'],
    [{ set: { autovacuum_vacuum_threshold: '1e3' } }, 'invalid_input'],
    [{ set: { autovacuum_vacuum_threshold: '0x10' } }, 'invalid_input'],
    [{ set: { autovacuum_vacuum_threshold: ' 1' } }, 'invalid_input'],
    [{ set: { autovacuum_vacuum_threshold: '1.5' } }, 'invalid_input'],
    [{ set: { user_catalog_table: 'on' } }, 'invalid_input'],
    [{ set: { 'x) ; drop table tuned; --': '1' } }, 'invalid_input'],
    [{ set: { fillfactor: '90' }, reset: ['fillfactor'] }, 'invalid_input'],
    [{ set: { fillfactor: '9\0' } }, 'invalid_input'],
    [{}, 'conflict'],
    [{ reset: ['fillfactor'] }, 'conflict'],
  ])('refuses %j', async (given, kind) => {
    expect((await refused({ oid, ...given })).kind).toBe(kind)
  })

  it('refuses what has no options of its own', async () => {
    const set = { 'toast.autovacuum_enabled': 'off' }
    expect((await refused({ oid: await oidOf('narrow'), set })).message).toContain('no TOAST table')
    expect((await refused({ oid: await oidOf('split'), set: { fillfactor: '90' } })).message).toContain('partitioned')
    expect((await refused({ oid: await oidOf('pg_class'), set: { fillfactor: '90' } })).message).toContain('catalog')
    expect((await refused({ oid: await oidOf('seen'), set: { fillfactor: '90' } })).kind).toBe('conflict')
  })

  it('warns where autovacuum is switched off', async () => {
    expect((await planned({ oid, set: { autovacuum_enabled: 'off' } })).preflight[0]).toMatchObject({ name: 'autovacuum', status: 'warn' })
    expect((await planned({ oid, set: { autovacuum_enabled: 'on' } })).line('autovacuum')).toBeUndefined()
    expect(
      (await planned({ oid, set: { 'toast.autovacuum_enabled': 'off' }, reset: ['autovacuum_vacuum_threshold'] })).line('autovacuum'),
    ).toMatchObject({
      status: 'warn',
    })
    // By what it sets, not by what its statement looks like.
    const name = 'x SET (autovacuum_enabled = off'
    await query(`create table "${name}" (id int)`)
    expect((await planned({ oid: await oidOf(`"${name}"`), set: { fillfactor: '90' } })).line('autovacuum')).toBeUndefined()
  })
})
