import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import type { Row } from '../../server/define-read'
import { forgetReads, runRead } from '../../server/run-read'
import { indexDetail } from './index-detail'

describe.each(MAJORS)('index-detail on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.client.query('drop schema public cascade; create schema public')
    forgetReads()
  })

  const oidOf = async (name: string): Promise<number> => {
    const { rows } = await db.client.query("select oid::int from pg_class where relname = $1 and relnamespace = 'public'::regnamespace", [
      name,
    ])
    return rows[0].oid
  }
  const look = async (name: string): Promise<Row<typeof indexDetail>> => {
    const result = await runRead(db.target, indexDetail, { indexrelid: await oidOf(name) })
    if (!result.ok || !result.value[0]) throw new Error(`No detail of ${name}: ${JSON.stringify(result)}`)
    return result.value[0]
  }

  it('has no row for what is no index', async () => {
    expect(await runRead(db.target, indexDetail, { indexrelid: 1 })).toEqual({ ok: true, value: [] })
  })

  it('gives the definition', async () => {
    await db.client.query(`
      create table parent (id int primary key);
      create table child (id int, p int constraint child_p references parent on delete cascade, note text);
      create unique index "child p; --" on child using btree (p desc, id) include (note) with (fillfactor = 70) where p is not null`)
    const before = await look('child p; --')
    expect(before).toMatchObject({
      relname: 'child',
      conname: null,
      tablespace: null,
      predicate: '(p IS NOT NULL)',
      root: null,
      partitions: 0,
    })
    expect(before.definition).toContain('CREATE UNIQUE INDEX "child p; --" ON public.child')
  })

  it('gives a constraint with what refers to it', async () => {
    await db.client.query('create table parent (id int, constraint "the key" unique (id) deferrable)')
    expect(await look('the key')).toMatchObject({ conname: 'the key', constraint_definition: 'UNIQUE (id) DEFERRABLE' })
    await db.client.query('create table pointed (id int primary key); create table points (p int constraint points_p references pointed)')
    expect((await look('pointed_pkey')).referenced_by).toEqual([{ conname: 'points_p', relname: 'public.points' }])
  })

  it('knows root and children of a partitioned index', async () => {
    await db.client.query(`
      create table part (id int) partition by range (id); create index part_id on part (id);
      create table part_1 partition of part for values from (0) to (10); create table part_2 partition of part for values from (10) to (20);
      insert into part select n % 20 from generate_series(1, 1000) n; analyze part_1; analyze part_2`)
    const root = await look('part_id')
    expect(root).toMatchObject({ partitions: 2, table_rows: 1000, relkind: 'I', root: null })
    expect(root.children.map(({ relname }) => relname).sort()).toEqual(['part_1', 'part_2'])
    expect(root.bytes).toBe(root.children.reduce((sum, child) => sum + (child.bytes ?? 0), 0))
    expect((await look('part_1_id_idx')).root).toEqual({ indexrelid: root.indexrelid, indexrelname: 'part_id', relname: 'part' })
  })

  it('does not wait for a locked table, and says so', async () => {
    await db.client.query('create table t (a int); create index t_a on t (a)')
    const holder = await db.connect()
    await holder.query('begin; lock table t in access exclusive mode')
    const detail = await look('t_a')
    await holder.query('rollback')
    expect(detail).toMatchObject({ definition: null, bytes: null, table_bytes: null })
    expect(detail.skipped).toMatch(/^AccessExclusiveLock held by pid \d+$/)
  })
})
