import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { setStatisticsTarget } from './command'

describe.each(MAJORS)('set-statistics-target on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let oid: number
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table t (id int, "Odd name" text${major < 18 ? '' : ', v int generated always as (id + 1) virtual'});
      insert into t select g, md5(g::text) from generate_series(1, 3000) g; create index t_e on t (id, lower("Odd name"));
      create table p (id int, b int) partition by list (id); create table p1 partition of p for values in (1)`)
    oid = await oidOf('t')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, setStatisticsTarget)
  const target = (relation: string, column: number) =>
    query<number>('select coalesce(attstattarget, -1)::int from pg_attribute where attrelid = $1::regclass and attnum = $2', [
      relation,
      column,
    ])
  const bounds = (relation: string) =>
    query<number>(`select cardinality(histogram_bounds::text::text[]) from pg_stats where tablename = $1 and attname <> 'id'`, [relation])

  it('sets it and analyses the column, and its undo is the former one', async () => {
    const input = { oid, column: 2, target: 20 }
    const { plan, object, line } = await planned(input)
    expect(plan.statements.slice(-2)).toEqual([
      'ALTER TABLE public.t ALTER COLUMN "Odd name" SET STATISTICS 20',
      'ANALYZE (VERBOSE) public.t ("Odd name")',
    ])
    expect(plan.locks.map(({ mode }) => mode)).toEqual(['ShareUpdateExclusiveLock'])
    expect(plan.undoWith).toMatchObject({ command: 'set-statistics-target', input: { oid, column: 2, target: -1 } })
    expect(line('privilege')?.status).toBe('pass')
    const before = { at: 1, object, bytes: null, dead: null, files: [], input }
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'no' })
    await db.client.query('alter table t alter "Odd name" set statistics 20')
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'partly' })
    await db.client.query('alter table t alter "Odd name" set statistics -1')
    await send(plan.statements)
    await expect.poll(() => command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    expect(await bounds('t')).toBe(21)
    expect((await planned({ ...input, target: 30 })).object.definition).not.toBe(object.definition)
    await send((await planned(plan.undoWith?.input)).plan.statements)
    expect(await target('t', 2)).toBe(-1)
    expect(await bounds('t')).toBe(101)
  })

  it('sets that of an expression by its number', async () => {
    const index = await oidOf('t_e')
    const { plan } = await planned({ oid: index, column: 2, target: 10 })
    expect(plan.statements.slice(-2)).toEqual(['ALTER INDEX public.t_e ALTER COLUMN 2 SET STATISTICS 10', 'ANALYZE (VERBOSE) public.t'])
    await send(plan.statements)
    expect(await target('t_e', 2)).toBe(10)
    expect(await bounds('t_e')).toBe(11)
    await send((await planned(plan.undoWith?.input)).plan.statements)
    expect(await target('t_e', 2)).toBe(-1)
    expect((await refused({ oid: index, column: 1, target: 10 })).kind).toBe('conflict')
  })

  it('has no undo where partitions have other targets, which it would not bring back', async () => {
    const input = { oid: await oidOf('p'), column: 2, target: 40 }
    expect((await planned(input)).plan.undoWith).toMatchObject({ input: { target: -1 } })
    await db.client.query('alter table p1 alter b set statistics 5')
    const { plan } = await planned(input)
    expect(plan).toMatchObject({ undo: null, effect: expect.arrayContaining([expect.stringContaining('5, get the same')]) })
    await send(plan.statements)
    expect(await target('p1', 2)).toBe(40)
  })

  it('refuses what would change nothing, is not there, or has no statistics', async () => {
    expect((await refused({ oid, column: 1, target: -1 })).kind).toBe('conflict')
    expect((await refused({ oid, column: 9, target: 5 })).kind).toBe('conflict')
    expect((await refused({ oid: await oidOf('pg_class'), column: 1, target: 5 })).kind).toBe('conflict')
    for (const wrong of [{ column: 0 }, { column: -1 }, { target: 10_001 }, { target: -2 }])
      expect((await refused({ oid, column: 1, target: 5, ...wrong })).kind).toBe('invalid_input')
    if (major >= 18) expect((await refused({ oid, column: 3, target: 5 })).message).toContain('virtual')
  })

  it('warns of targets that slow planning, and stops who is not the owner', async () => {
    expect((await planned({ oid, column: 1, target: 5000 })).line('planning')?.status).toBe('warn')
    expect((await planned({ oid, column: 1, target: 500 })).line('planning')).toBeUndefined()
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'`)
    expect((await planned({ oid, column: 1, target: 5 }, db.as(role, 'x'))).line('privilege')?.status).toBe('stop')
    await db.client.query(`drop role ${role}`)
  })
})
