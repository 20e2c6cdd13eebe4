import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { dropIndex } from '../drop-index/command'
import { restoreIndex } from './command'

describe.each(MAJORS)('restore-index on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  const drop = commandTest(() => db, dropIndex)
  const { planned, refused, send, query, oidOf } = commandTest(() => db, restoreIndex)

  it('brings back what drop-index took', async () => {
    await db.client.query(`
      create table kept (id int, note text); create unique index "kept "";" on kept ((id + 1));
      comment on index "kept "";" is 'a \\ comment'; alter index "kept "";" alter column 1 set statistics 7; alter table kept cluster on "kept "";"`)
    const described = () => query(`select pg_get_indexdef('"kept "";"'::regclass) || obj_description('"kept "";"'::regclass)`)
    const before = await described()
    const dropped = await drop.planned({ oid: await oidOf('"kept "";"') })
    await send(dropped.plan.statements)
    const { plan, object, preflight } = await planned({ ddl: dropped.plan.undo })
    expect(object.relname).toBe('kept ";')
    expect(preflight.map(({ status }) => status)).not.toContain('stop')
    await send(plan.statements)
    expect(await described()).toBe(before)
    expect((await planned({ ddl: dropped.plan.undo })).line('name')?.status).toBe('stop')
  })

  it('brings back a partitioned index', async () => {
    await db.client.query(`create table parts (id int) partition by range (id);
      create table parts_1 partition of parts for values from (0) to (9); create index parts_id on parts (id)`)
    const dropped = await drop.planned({ oid: await oidOf('parts_id'), concurrently: false })
    await send(dropped.plan.statements)
    await send((await planned({ ddl: dropped.plan.undo })).plan.statements)
    expect(
      await query(`select count(*)::int from pg_index where indrelid in ('parts'::regclass, 'parts_1'::regclass) and indisvalid`),
    ).toBe(2)
    expect(await query(`select count(*)::int from pg_inherits where inhparent = 'parts_id'::regclass`)).toBe(1)
  })

  const make = 'CREATE INDEX CONCURRENTLY a ON public.kept (id)'
  it.each([
    ['DROP TABLE kept'],
    [`${make}; DROP TABLE kept`],
    [`${make}; SELECT 1`],
    [`${make}; COMMENT ON TABLE kept IS 'x'`],
    [`${make}; COMMENT ON INDEX public.b IS 'x'`],
    [`${make}; ALTER TABLE public.kept DROP COLUMN id`],
    [`${make}; ALTER TABLE public.kept CLUSTER ON a, DROP COLUMN id`],
    [`${make}; ALTER TABLE public.other CLUSTER ON a`],
    [`${make}; ALTER INDEX public.a SET TABLESPACE x`],
    [`${make}; ALTER INDEX public.a ATTACH PARTITION public.b`],
    [`${make}; ALTER INDEX public.a NO DEPENDS ON EXTENSION x`],
    [`${make} /* ; */`],
    ['CREATE INDEX a ON public.kept (id)'],
    ['CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON public.kept (id)'],
    ['CREATE INDEX CONCURRENTLY a ON kept (id)'],
    [`${make}\0`],
  ])('refuses %j', async (ddl) => {
    expect((await refused({ ddl })).kind).toBe('invalid_input')
  })
})
