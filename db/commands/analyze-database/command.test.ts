import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { analyzeDatabase } from './command'

describe.each(MAJORS)('analyze-database on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table calm (id int); create table busy (id int); create table "Never" (id int);
      create table p (id int) partition by list (id); create table p1 partition of p for values in (1);
      insert into calm select generate_series(1, 100); insert into p values (1)`)
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, analyzeDatabase)
  const changed = (name: string) => query<number>('select pg_stat_get_mod_since_analyze($1::regclass)::int', [name])

  it('goes through what has changed, the neediest first, and keeps its list', async () => {
    // What is counted after an ANALYZE is counted since then, whenever it was written.
    await expect.poll(async () => (await changed('calm')) + (await changed('p1'))).toBe(101)
    for (const name of ['calm', 'busy', 'p']) await db.client.query(`analyze ${name}`)
    await db.client.query('insert into busy select generate_series(1, 5000); insert into calm values (1)')
    await expect.poll(() => changed('busy')).toBe(5000)
    await expect.poll(() => changed('calm')).toBe(1)
    const { plan, object } = await planned({ minutes: 15 })
    const [never, busy, calm] = [await oidOf('"Never"'), await oidOf('busy'), await oidOf('calm')]
    expect(plan.steps?.map(({ oid }) => oid)).toEqual([never, busy, calm])
    expect(plan.statements.slice(-3)).toEqual([
      'ANALYZE (SKIP_LOCKED) public."Never"',
      'ANALYZE (SKIP_LOCKED) public.busy',
      'ANALYZE (SKIP_LOCKED) public.calm',
    ])
    expect(plan).toMatchObject({ limitMinutes: 15, undo: null, phrase: db.target.database })
    const input = { minutes: 15, tables: [never, busy, calm] }
    const before = {
      at: await query<number>('select extract(epoch from clock_timestamp())::float8 * 1000'),
      object,
      bytes: null,
      dead: null,
      files: [],
      input,
    }
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'no' })
    await send([...plan.statements.slice(0, -1)])
    await expect.poll(() => command.done(db.target, before)).toEqual({ ok: true, value: 'partly' })
    expect((await command.look?.(db.target, before, plan))?.checkedAfter).toMatch(/^2 of 3 tables/)
    // What was confirmed is sent, whatever needs it by then.
    await expect.poll(() => changed('busy')).toBe(0)
    expect((await planned(input)).plan.statements).toEqual(plan.statements)
    await send([plan.statements.at(-1) ?? ''])
    await expect.poll(() => command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    await expect.poll(async () => (await refused({})).kind).toBe('conflict')
  })

  it('takes a partitioned table for its partitions', async () => {
    await db.client.query('insert into p select 1 from generate_series(1, 100)')
    await expect.poll(() => changed('p1')).toBe(100)
    await expect.poll(async () => (await planned({})).plan.statements.at(-1)).toBe('ANALYZE (SKIP_LOCKED) public.p')
    await send((await planned({})).plan.statements)
    await expect.poll(() => changed('p1')).toBe(0)
  })

  it('passes by what somebody has locked', async () => {
    await db.client.query('insert into busy select generate_series(1, 100)')
    await expect.poll(() => changed('busy')).toBe(100)
    const { plan } = await planned({})
    const holder = await db.connect()
    await holder.query('begin; lock table busy in access exclusive mode')
    await send(plan.statements)
    await holder.query('rollback')
    expect(await changed('busy')).toBe(100)
  })

  it('leaves out what the role may not maintain, and says so', async () => {
    const role = `weak_${db.target.database}`
    await db.client.query(
      `create role ${role} login password 'x'; grant pg_monitor to ${role}; create table own (id int); alter table own owner to ${role}`,
    )
    const { plan, line } = await planned({}, db.as(role, 'x'))
    expect(plan.steps?.map(({ name }) => name)).toEqual(['own'])
    expect(line('privilege')).toMatchObject({ status: 'warn', title: expect.stringMatching(/^1 table/) })
    await db.client.query('drop table own')
    expect((await refused({}, db.as(role, 'x'))).kind).toBe('conflict')
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
  })

  it.each([{ minutes: 0 }, { minutes: 1.5 }, { minutes: 1441 }, { tables: [] }, { tables: ['1; drop table busy'] }])(
    'refuses %j',
    async (input) => {
      expect((await refused(input)).kind).toBe('invalid_input')
    },
  )
})
