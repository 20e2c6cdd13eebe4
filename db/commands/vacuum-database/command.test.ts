import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { vacuumDatabase } from './command'

describe.each(MAJORS)('vacuum-database on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table few (id int); create table many (id int); create table none (id int);
      create table p (id int) partition by list (id); create table p1 partition of p for values in (1)`)
    await db.client.query(
      'insert into few select generate_series(1, 10); insert into many select generate_series(1, 9000); insert into p select 1',
    )
    for (const name of ['few', 'many', 'p1']) await db.client.query(`vacuum ${name}`)
    await db.client.query('delete from few where id = 1; delete from many where id > 10; delete from p')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, vacuumDatabase)
  const dead = (name: string) => query<number>('select pg_stat_get_dead_tuples($1::regclass)::int', [name])

  it('goes through what has dead rows, partitions by themselves, the neediest first', async () => {
    await expect.poll(() => dead('many')).toBe(8990)
    await expect.poll(async () => (await dead('few')) + (await dead('p1'))).toBe(2)
    const { plan, object, line } = await planned({})
    expect(plan.steps?.[0]).toMatchObject({ name: 'many', oid: await oidOf('many') })
    expect(plan.steps?.map(({ name }) => name).sort()).toEqual(['few', 'many', 'p1'])
    expect(plan.statements).toContain('VACUUM (SKIP_LOCKED, ANALYZE) public.many')
    expect((await planned({ analyze: false })).plan.statements).toContain('VACUUM (SKIP_LOCKED) public.many')
    expect(plan.limitMinutes).toBe(60)
    expect(line('privilege')?.status).toBe('pass')
    const tables = plan.steps?.map(({ oid }) => oid)
    const at = await query<number>('select extract(epoch from clock_timestamp())::float8 * 1000')
    const before = { at, object, bytes: null, dead: null, files: [], input: { minutes: 60, analyze: true, tables } }
    await send(plan.statements)
    await expect.poll(() => command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    expect((await command.look?.(db.target, before, plan))?.checkedAfter).toBe('3 of 3 tables vacuumed')
    await expect.poll(() => dead('many')).toBe(0)
    await expect.poll(async () => (await refused({})).kind).toBe('conflict')
  })

  it('warns of a snapshot that holds the rows of all', async () => {
    const holder = await db.connect()
    await holder.query('begin isolation level repeatable read; select 1')
    await db.client.query('delete from many')
    await expect.poll(() => dead('many')).toBeGreaterThan(0)
    // One that lasts but a moment is no holder.
    await expect.poll(async () => (await planned({})).line('snapshot')?.status).toBe('warn')
    await holder.query('rollback')
  })
})
