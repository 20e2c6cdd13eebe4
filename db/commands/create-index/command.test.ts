import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { dropIndex } from '../drop-index/command'
import { createIndex } from './command'

describe.each(MAJORS)('create-index on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table orders (id int primary key, buyer int, note text, at date);
      insert into orders select i, i % 100, i, now() from generate_series(1, 2000) i;
      create index orders_buyer_at on orders (buyer, at desc); create index orders_at on orders (at) where at > '2026-01-01'`)
  })
  afterAll(() => db.drop())
  const dropping = commandTest(() => db, dropIndex)
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, createIndex)
  const since = async (object: Awaited<ReturnType<typeof planned>>['object']) => ({ at: 0, object, bytes: null, dead: null, files: [] })

  it('builds CONCURRENTLY what was typed, and its undo takes it away', async () => {
    const definition = String.raw`create index orders_note on public.orders (lower(note)) where note ~ '^\d';`
    const { plan, preflight, object } = await planned({ definition })
    expect(plan.statements).toEqual([
      'SET lock_timeout = 0',
      'SET statement_timeout = 0',
      String.raw`CREATE INDEX CONCURRENTLY orders_note on public.orders (lower(note)) where note ~ '^\d'`,
    ])
    expect(plan).toMatchObject({ alwaysTyped: false, phrase: 'orders_note', locks: [{ mode: 'ShareUpdateExclusiveLock' }] })
    expect(preflight.map(({ status }) => status)).not.toContain('stop')
    expect(preflight.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['name', 'same-definition', 'free-disk', 'long-transaction', 'table-size']),
    )
    expect(object).toMatchObject({ relname: 'orders_note', oid: await oidOf('orders'), relid: await oidOf('orders') })
    expect(await command.done(db.target, await since(object))).toEqual({ ok: true, value: 'no' })
    await send(plan.statements)
    expect(await query(`select indisvalid from pg_index where indexrelid = 'orders_note'::regclass`)).toBe(true)
    expect(await command.done(db.target, await since(object))).toEqual({ ok: true, value: 'yes' })
    const undo = await dropping.planned(plan.undoWith?.input)
    expect(undo.plan.statements.at(-1)).toBe(plan.undo)
    await send(undo.plan.statements)
    expect(await query(`select to_regclass('orders_note')`)).toBeNull()
    expect((await dropping.refused(plan.undoWith?.input)).message).toBe('There is no index public.orders_note any more')
    expect((await dropping.refused({})).kind).toBe('invalid_input')
  })

  it('builds in place where that was chosen, and a partitioned table step by step where not', async () => {
    await db.client.query(
      'create table sliced (id int) partition by range (id); create table sliced_1 partition of sliced for values from (0) to (9)',
    )
    const definition = 'create index concurrently sliced_id on public.sliced (id)'
    expect((await planned({ definition })).plan.statements.at(-1)).toBe('ALTER INDEX public.sliced_id ATTACH PARTITION public.sliced_1_id')
    const { plan } = await planned({ definition, concurrently: false })
    expect(plan).toMatchObject({ alwaysTyped: true, locks: [{ mode: 'ShareLock' }], undo: 'DROP INDEX public.sliced_id' })
    await send(plan.statements)
    expect(
      await query(`select count(*)::int from pg_index i where indrelid in ('sliced'::regclass, 'sliced_1'::regclass) and indisvalid`),
    ).toBe(2)
    await send([plan.undo ?? ''])
  })

  it.each([
    ['create index a on public.orders (buyer); drop table orders', /2 statements/],
    ['drop table orders', /not Drop/],
    ['create index a on orders (buyer)', /schema/],
    ['create index if not exists a on public.orders (buyer)', /IF NOT EXISTS/],
    ['create index a on public.nothing (buyer)', /no table public.nothing/],
    ['create index a on pg_catalog.pg_stat_activity (pid)', /no table/],
    ['create index a on public.orders (buyer) tablespace nowhere', /tablespace nowhere/],
    ['create index a\0 on public.orders (buyer)', /NUL/],
  ])('refuses %j', async (definition, message) => {
    expect((await refused({ definition })).message).toMatch(message)
  })

  it('stops where the name is taken, and says by what', async () => {
    const taken = async (name: string) => (await planned({ definition: `create index ${name} on public.orders (buyer)` })).line('name')
    expect(await taken('orders_at')).toMatchObject({ status: 'stop', title: 'The name is taken' })
    expect(await taken('orders')).toMatchObject({ status: 'stop', detail: expect.stringContaining('A relation') })
    await db.client.query('create unique index concurrently orders_broken on orders (buyer)').catch(() => undefined)
    expect(await taken('orders_broken')).toMatchObject({ status: 'stop', title: 'An invalid index has the name' })
  })

  it.each([
    ['(buyer, at desc)', 'orders_buyer_at has the same definition.'],
    ['(buyer asc, at desc nulls first)', 'orders_buyer_at has the same definition.'],
    ['(buyer)', 'orders_buyer_at begins with the same columns and serves the same queries.'],
  ])('knows that an index on %s is there', async (columns, detail) => {
    await db.client.query('drop index if exists orders_broken')
    const { line } = await planned({ definition: `create index orders_new on public.orders ${columns}` })
    expect(line('same-definition')).toMatchObject({ status: 'warn', detail })
  })

  it.each(['(at, buyer)', '(at)', '(buyer, at)', '(buyer) include (note)', '(note)'])('sees none for %s', async (columns) => {
    const { line } = await planned({ definition: `create index orders_new on public.orders ${columns}` })
    expect(line('same-definition')).toMatchObject({ status: 'pass' })
  })

  it('names what it would wait for, and stops when the disk is too full', async () => {
    const definition = 'create unique index orders_new on public.orders (id)'
    const session = await db.connect()
    await session.query('begin; select from orders')
    await expect.poll(async () => (await planned({ definition })).line('long-transaction')?.status).toBe('warn')
    await session.query('rollback')
    const { line } = await planned({ definition }, db.target, { freeBytes: async () => 1_000 })
    expect(line('free-disk')).toMatchObject({ status: 'stop' })
    expect(line('unique')).toMatchObject({ status: 'warn' })
  })

  it('stops who does not own the table', async () => {
    const role = `other_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'`)
    const { line } = await planned({ definition: 'create index a on public.orders (buyer)' }, db.as(role, 'x'))
    expect(line('privilege')).toMatchObject({ status: 'stop', detail: expect.stringContaining(`GRANT postgres TO ${role}`) })
    await db.client.query(`drop role ${role}`)
  })
})
