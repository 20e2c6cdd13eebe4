import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { parseSql } from '../server/parse-sql'
import { forgetReads, runRead } from '../server/run-read'
import { scriptOf, undoOf } from './index-undo'
import { indexNodes } from './reads/index-nodes'

describe.each(MAJORS)('what brings an index back on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension btree_gist')
  })
  afterAll(async () => {
    await db.client.query(`drop tablespace if exists space_${major}`)
    await db.drop()
  })

  /** All that a drop and its undo may not change. */
  const described = async (schema: string) =>
    (
      await db.client.query(
        `select c.relname, pg_get_indexdef(c.oid), obj_description(c.oid, 'pg_class') as comment, i.indisclustered, i.indisvalid,
                i.indisreplident, t.relreplident, i.indimmediate, c.reloptions,
                (select spcname from pg_tablespace where oid = c.reltablespace) as tablespace,
                (select json_agg(json_build_array(attnum, attstattarget) order by attnum) from pg_attribute where attrelid = c.oid) as targets,
                (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid) as parent,
                k.conname, pg_get_constraintdef(k.oid) as constraint, obj_description(k.oid, 'pg_constraint') as said,
                (select conname from pg_constraint p where p.oid = k.conparentid) as of
           from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
           left join pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u', 'x') and k.conrelid = t.oid
          where c.relnamespace = $1::regnamespace order by 1`,
        [schema],
      )
    ).rows
  const undo = async (...names: string[]) => {
    forgetReads()
    const { rows } = await db.client.query('select array_agg(n::regclass::oid::int8::int) as oids from unnest($1::text[]) n', [names])
    const read = await runRead(db.target, indexNodes, { indexrelids: rows[0].oids })
    if (!read.ok) throw new Error(read.problem.message)
    return undoOf(read.value)
  }
  /** Each by itself, as psql sends them. */
  const send = async (script: string) => {
    const parsed = await parseSql(script)
    if (!parsed.ok) throw new Error(parsed.problem.message)
    for (const { text } of parsed.value) await db.client.query(text)
  }

  it.each([
    [
      'a key with options, comments, the CLUSTER mark and a tablespace',
      major >= 15,
      `set allow_in_place_tablespaces = on; create tablespace space_${major} location '';
       create table u.t (a int, b int, constraint "the key" unique (a) include (b) with (fillfactor = 61) using index tablespace space_${major}
         deferrable initially deferred);
       comment on index u."the key" is 'it''s \\ ;'; comment on constraint "the key" on u.t is 'kept';
       alter table u.t cluster on "the key"`,
      'alter table u.t drop constraint "the key"',
      'u."the key"',
    ],
    [
      'a key without a tablespace',
      true,
      `create table u.t (a int constraint t_pkey primary key with (fillfactor = 61)); comment on constraint t_pkey on u.t is 'kept'`,
      'alter table u.t drop constraint t_pkey',
      'u.t_pkey',
    ],
    [
      'an exclusion constraint with a predicate and a statistics target',
      true,
      `create table u.t (a int, r int4range, constraint apart exclude using gist ((a + 1) with =, r with &&) with (fillfactor = 66)
         where (a > 0 and r is not null) deferrable);
       alter index u.apart alter column 1 set statistics 77`,
      'alter table u.t drop constraint apart',
      'u.apart',
    ],
    [
      'a replica identity',
      true,
      'create table u.t (a int not null); create unique index t_a on u.t (a); alter table u.t replica identity using index t_a',
      'drop index u.t_a',
      'u.t_a',
    ],
    [
      'the key of a partitioned table, every partition under its name',
      true,
      `create table u.t (a int, b int, constraint whole primary key (a, b)) partition by range (a);
       create table u.t1 partition of u.t for values from (0) to (10) partition by range (b);
       create table u.t11 partition of u.t1 for values from (0) to (10); create table u.t2 partition of u.t for values from (10) to (20);
       alter index u.t2_pkey rename to "mine, this"; comment on index u.t11_pkey is 'deep'; alter table u.t2 cluster on "mine, this"`,
      'alter table u.t drop constraint whole',
      'u.whole',
    ],
    [
      'the replica identity of a partitioned table',
      true,
      `create table u.t (a int not null) partition by range (a); create table u.t1 partition of u.t for values from (0) to (10);
       create unique index t_a on u.t (a); alter table u.t replica identity using index t_a; alter table u.t1 replica identity using index t1_a_idx`,
      'drop index u.t_a',
      'u.t_a',
    ],
  ])('knows %s', async (_what, applies, make, drop, name) => {
    if (!applies) return expect(major).toBe(14) // allow_in_place_tablespaces came with 15
    await db.client.query('create schema u')
    await send(make)
    const before = await described('u')
    const statements = await undo(name)
    await db.client.query(drop)
    expect(await described('u')).not.toEqual(before)
    await send(scriptOf(statements ?? []))
    expect(await described('u')).toEqual(before)
    await db.client.query('drop schema u cascade')
  })

  it('has none while a lock hides a definition, of that index alone', async () => {
    await db.client.query(
      'create table held (a int); create index held_a on held (a); create table free (a int); create index free_a on free (a)',
    )
    const holder = await db.connect()
    await holder.query('begin; lock table held in access exclusive mode')
    expect([await undo('held_a'), await undo('free_a')]).toEqual([
      null,
      ['CREATE INDEX CONCURRENTLY free_a ON public.free USING btree (a)'],
    ])
    await holder.query('rollback')
  })
})
