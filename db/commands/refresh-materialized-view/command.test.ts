import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { refreshMaterializedView } from './command'

describe.each(MAJORS)('refresh-materialized-view on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table base (id int, note text); insert into base values (1, 'a');
      create materialized view sums as select id, note from base`)
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, refreshMaterializedView)
  const rows = () => query<number>('select count(*)::int from sums')
  const state = (object: Awaited<ReturnType<typeof planned>>['object']) => ({ at: 0, object, bytes: null, dead: null, files: [] })

  it('shuts readers out where no usable unique index is there, and says why', async () => {
    const oid = await oidOf('sums')
    for (const index of ['(id) where id > 0', '((id + 1))', null]) {
      if (index) await db.client.query(`create unique index sums_not on sums ${index}`)
      expect((await planned({ oid })).plan.statements.at(-1)).toBe('REFRESH MATERIALIZED VIEW public.sums')
      expect((await refused({ oid, concurrently: true })).message).toContain('no unique index')
      await db.client.query('drop index if exists sums_not')
    }
    const session = await db.connect()
    await session.query('begin; select from sums')
    const { plan, line, object } = await planned({ oid })
    expect(plan).toMatchObject({ alwaysTyped: true, locks: [{ mode: 'AccessExclusiveLock' }] })
    expect(plan.effect.join(' ')).toContain('no unique index')
    expect(line('lock-user')).toMatchObject({ status: 'warn', title: 'A session uses the table' })
    await session.query('rollback')
    await db.client.query(`insert into base values (2, 'b')`)
    expect(await command.done(db.target, state(object))).toEqual({ ok: true, value: 'no' })
    await send(plan.statements)
    expect(await rows()).toBe(2)
    expect(await command.done(db.target, state(object))).toEqual({ ok: true, value: 'yes' })
  })

  it('lets readers go on where one is, and knows a refresh that changed nothing', async () => {
    await db.client.query('create unique index sums_id on sums (id)')
    const oid = await oidOf('sums')
    const { plan, object, line } = await planned({ oid })
    expect(plan).toMatchObject({
      alwaysTyped: false,
      locks: [{ mode: 'ExclusiveLock' }],
      statements: expect.arrayContaining(['REFRESH MATERIALIZED VIEW CONCURRENTLY public.sums']),
    })
    expect(line('lock-user')).toBeUndefined()
    await db.client.query('vacuum analyze sums')
    expect(await command.done(db.target, state(object))).toEqual({ ok: true, value: 'no' })
    await send(plan.statements)
    expect(await command.done(db.target, state(object))).toEqual({ ok: true, value: 'yes' })
    expect((await planned({ oid, concurrently: false })).plan.alwaysTyped).toBe(true)
  })

  it('populates what never was, and takes nothing else', async () => {
    await db.client.query('create materialized view empty as select 1 as id with no data; create unique index on empty (id)')
    const oid = await oidOf('empty')
    expect((await refused({ oid, concurrently: true })).message).toContain('never populated')
    await send((await planned({ oid })).plan.statements)
    expect(await query('select count(*)::int from empty')).toBe(1)
    expect((await refused({ oid: await oidOf('base') })).message).toContain('no materialized view')
  })
})
