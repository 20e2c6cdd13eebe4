import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { indexScript } from './index-script'

describe.each(MAJORS)('scripts on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const oids: Record<string, number> = {}
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create table t (a int, b text);
      insert into t select g, g::text from generate_series(1, 100) g;
      create index plain on t (a);
      create unique index "x""; drop table t; --" on t (lower(b) desc) where a > 0;
      create table parted (a int) partition by range (a);
      create table parted_1 partition of parted for values from (0) to (10);
      create index root on parted (a)`)
    const { rows } = await db.client.query(`select relname, oid from pg_class where relkind in ('i', 'I')`)
    for (const { relname, oid } of rows) oids[relname] = oid
  })
  afterAll(() => db.drop())

  it('gives SQL that the server takes: drop, then undo, and the index is as it was', async () => {
    const ids = [oids.plain, oids['x"; drop table t; --']].map(Number)
    const before = await db.client.query('select pg_get_indexdef(oid) d from unnest($1::oid[]) oid order by 1', [ids])
    const [drop, undo, rebuild] = await Promise.all((['drop', 'undo', 'rebuild'] as const).map((kind) => indexScript(db.target, kind, ids)))
    if (!drop?.ok || !undo?.ok || !rebuild?.ok) throw new Error('a script was refused')
    expect([drop.value.statements, undo.value.statements, rebuild.value.statements]).toEqual([2, 2, 2])
    for (const script of [rebuild, drop, undo]) for (const line of script.value.sql.split('\n')) await db.client.query(line)
    const after = await db.client.query(`select pg_get_indexdef(indexrelid) d from pg_index where indrelid = 't'::regclass order by 1`)
    expect(after.rows).toEqual(before.rows)
    expect((await db.client.query('select count(*)::int n from t')).rows).toEqual([{ n: 100 }])
  })

  it('drops a partitioned index whole', async () => {
    const script = await indexScript(db.target, 'drop', [Number(oids.root)])
    expect(script).toEqual({ ok: true, value: { sql: 'DROP INDEX public.root;', statements: 1 } })
  })

  it('does not queue behind a lock, and says so', async () => {
    await db.client.query('drop index if exists held; create index held on t (b)')
    const { rows } = await db.client.query(`select 'held'::regclass::oid as oid`)
    const other = await db.connect()
    await other.query('begin; lock table t in access exclusive mode')
    const undo = await indexScript(db.target, 'undo', [rows[0].oid])
    await other.query('rollback')
    expect(undo).toMatchObject({ ok: false, problem: { kind: 'lock_not_available' } })
    expect(await indexScript(db.target, 'undo', [1])).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })

  it('brings back all that was set on several indexes, and a partition once', async () => {
    await db.client.query(`
      create table u (a int, b text, constraint u_key unique (a) with (fillfactor = 60)); comment on constraint u_key on u is 'one key';
      create index u_b on u (lower(b)); alter index u_b alter column 1 set statistics 99; comment on index u_b is 'it''s ours';
      create index u_a on u (a); alter table u cluster on u_a`)
    const names = ['u_key', 'u_b', 'u_a', 'root', 'parted_1_a_idx']
    const { rows } = await db.client.query('select array_agg(n::regclass::oid::int8::int) as ids from unnest($1::text[]) n', [names])
    const undo = await indexScript(db.target, 'undo', rows[0].ids)
    if (!undo.ok) throw new Error(undo.problem.message)
    const described = () =>
      db.client
        .query(`select c.relname, pg_get_indexdef(c.oid), obj_description(c.oid), obj_description(k.oid) as said, i.indisclustered, i.indisvalid,
                       (select json_agg(attstattarget) from pg_attribute where attrelid = c.oid) as targets
                  from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_constraint k on k.conindid = c.oid
                 where i.indrelid in ('u'::regclass, 'parted'::regclass, 'parted_1'::regclass) order by 1`)
        .then(({ rows: all }) => all)
    const before = await described()
    await db.client.query('alter table u drop constraint u_key; drop index u_b, u_a, root')
    for (const line of undo.value.sql.split('\n')) await db.client.query(line)
    expect(await described()).toEqual(before)
    expect(undo.value.statements).toBe(undo.value.sql.split('\n').length)
    expect(undo.value.sql.match(/parted_1_a_idx ON/g)).toHaveLength(1)
  })
})
