import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { monitorIndexHealth } from '../indexes/reads/monitor-index-health'
import { runRead } from '../server/run-read'
import { installStatements } from './install'

describe.each(MAJORS)('monitor_index_health on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const sql = (text: string) => db.client.query(text)
  const recommendations = async (schema: string | null = 'public'): Promise<Record<string, string>> => {
    const result = await runRead(db.target, monitorIndexHealth, { schema })
    if (!result.ok) throw new Error(result.problem.message)
    return Object.fromEntries(result.value.map((row) => [row.index_name, row.recommendation]))
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    await sql('create extension pg_trgm')
    for (const statement of installStatements('public')) await sql(statement)
  })
  afterAll(() => db.drop())

  it('never drops what a constraint, a foreign key elsewhere or the replica identity stands on', async () => {
    await sql(`
      create table kept (id int not null primary key, other int not null, span int4range, exclude using gist (span with &&));
      create unique index kept_identity on kept (id);
      alter table kept replica identity using index kept_identity;
      create unique index kept_target on kept (other);
      create table refers (other int references kept (other));
      create unique index kept_later on kept (other);
      create index kept_span on kept using gist (span);
      create table late (n int, unique (n) deferrable);
      create unique index late_strict on late (n)`)
    const found = await recommendations()
    await sql('drop table refers, kept, late')
    expect(found).toEqual({
      kept_pkey: 'CONSTRAINT - Keep',
      kept_identity: 'CONSTRAINT - Keep',
      kept_target: 'CONSTRAINT - Keep',
      kept_later: 'REDUNDANT - duplicate of kept_target',
      kept_span_excl: 'CONSTRAINT - Keep',
      kept_span: 'REDUNDANT - duplicate of kept_span_excl',
      late_n_key: 'CONSTRAINT - Keep', // is checked at the end only, so it cannot replace the other
      late_strict: 'CONSTRAINT - Keep',
    })
  })

  it('tells an invalid index from a leftover of REINDEX CONCURRENTLY', async () => {
    await sql('create table twice (n int); insert into twice values (1), (1)')
    await expect(sql('create unique index concurrently broken on twice (n)')).rejects.toMatchObject({ code: '23505' })
    await expect(sql('create unique index concurrently broken_ccnew1 on twice (n)')).rejects.toMatchObject({ code: '23505' })
    // the error comes a moment before the backend takes its progress report back
    await expect.poll(recommendations).toEqual({
      broken: 'INVALID - Rebuild',
      broken_ccnew1: 'INVALID - Drop, left over by REINDEX CONCURRENTLY',
    })
    await sql('drop table twice')
  })

  it('says what an unused index is good for, and sees when it is used', async () => {
    await sql(`
      create table parent (id int primary key);
      create table child (a int references parent, b int references parent, c int);
      insert into child select null, null, n from generate_series(1, 3000) n;
      create index child_a on child (a) where a is not null;
      create index child_b on child (b) where c > 5;
      create index child_c on child (c);
      create index child_cb on child (c, b);
      analyze child`)
    const before = await recommendations()
    const session = await db.connect()
    await session.query('set enable_seqscan = off; set enable_bitmapscan = off')
    await session.query('select count(*) from child where c >= 0 and b is null')
    await session.query('select * from child where c = 7')
    await session.end() // reports its counts
    await expect.poll(async () => (await recommendations()).child_cb).toMatch(/^LOW SELECTIVITY|^HEALTHY/)
    const after = await recommendations()
    await sql('drop table child, parent')
    expect(before).toMatchObject({
      child_a: 'NOT SCANNED - Only index for FK child_a_fkey',
      child_b: 'NOT SCANNED - Keep until its age is proved', // its predicate leaves rows of the key out
      child_c: 'REDUNDANT - prefix of child_cb',
      child_cb: 'NOT SCANNED - Stands in for child_c',
    })
    expect(after.child_cb).toMatch(/^LOW SELECTIVITY|^HEALTHY/)
  })

  it('tells by the index itself what an invalid one is, a copy, a drop that was cut off, a part of a partitioned one', async () => {
    await sql(`
      create table t (a int, b text); create index t_a on t (a); create index copied on t (a); create index other on t (a) where a > 1;
      create index cut on t (b); create unique index strict on t (a);
      create table event (at int) partition by range (at); create table event_1 partition of event for values from (0) to (10);
      create index event_at on event (at);
      update pg_index set indislive = indexrelid <> 'cut'::regclass, indisvalid = false
      where indexrelid in ('copied'::regclass, 'other'::regclass, 'cut'::regclass, 'strict'::regclass, 'event_1_at_idx'::regclass)`)
    expect(await recommendations()).toMatchObject({
      copied: 'INVALID - Drop, a copy of t_a',
      other: 'INVALID - Rebuild',
      cut: 'INVALID - Drop, its drop was cut off',
      strict: 'INVALID - Rebuild',
      event_at: 'INVALID - Rebuild the index of a partition',
    })
    const [holder, dropper] = [await db.connect(), await db.connect()]
    await holder.query('begin; lock table t in row exclusive mode')
    const dropped = dropper.query('drop index concurrently t_a')
    await expect.poll(async () => (await recommendations()).t_a).toBe('BEING DROPPED - Wait for it')
    await holder.query('commit')
    await dropped
    await sql('drop table t, event')
  })

  it('keeps one index for each foreign key, in each partition', async () => {
    await sql(`
      create table parent (id int primary key, at int, unique (id, at));
      create table child (a int references parent, h int references parent, a2 int, at int, foreign key (a2, at) references parent (id, at));
      create index child_a1 on child (a); create index child_a2 on child (a desc); create index child_h on child using hash (h);
      create index child_some on child (a2);
      create table part (a int, k int) partition by list (k); create table part_1 partition of part for values in (1);
      alter table part_1 add constraint part_1_fk foreign key (a) references parent;
      create index part_a on part (a)`)
    const found = await recommendations()
    await sql('drop table child, part, parent')
    expect(found).toMatchObject({
      child_a1: 'NOT SCANNED - Kept for FK child_a_fkey',
      child_a2: 'NOT SCANNED - Keep until its age is proved',
      child_h: 'NOT SCANNED - Only index for FK child_h_fkey',
      child_some: 'NOT SCANNED - May serve FK child_a2_at_fkey',
      part_a: 'NOT SCANNED - Only index for FK part_1_fk',
    })
  })

  it('counts the indexes of partitions under the one that can be dropped', async () => {
    await sql(`
      create table event (at int, what text) partition by range (at);
      create table event_1 partition of event for values from (0) to (1000);
      create table event_2 partition of event for values from (1000) to (2000);
      insert into event select n, 'x' from generate_series(0, 1999) n;
      create index event_what on event (what);
      create index event_what_at on event (what, at);
      create index local on event_1 (what);
      create index event_broken on only event (at)`)
    const result = await runRead(db.target, monitorIndexHealth, { schema: 'public' })
    const leaves = await sql(`select pg_size_pretty(sum(pg_relation_size(indexrelid))) as size
      from pg_stat_user_indexes where indexrelname like 'event_%_what_idx'`)
    await sql('drop table event')
    const rows = result.ok ? result.value : []
    expect(rows.map((row) => [row.table_name, row.index_name, row.recommendation]).sort()).toEqual([
      ['event', 'event_broken', 'INVALID - Attach an index of every partition'],
      ['event', 'event_what', 'REDUNDANT - prefix of event_what_at'],
      ['event', 'event_what_at', 'NOT SCANNED - Stands in for event_what'],
      ['event_1', 'local', 'REDUNDANT - duplicate of event_1_what_idx'],
    ])
    expect(rows.find((row) => row.index_name === 'event_what')?.index_size).toBe(leaves.rows[0].size)
  })

  it('names a locked relation, held or waited for, and gives the others', async () => {
    await sql('create table held (n int primary key); create table awaited (n int primary key); create table free (n int primary key)')
    const [holder, reader, waiter] = [await db.connect(), await db.connect(), await db.connect()]
    await holder.query('begin; reindex index held_pkey')
    await reader.query('begin; select from awaited')
    const waiting = waiter.query('begin; lock table awaited in access exclusive mode; rollback')
    await expect.poll(async () => (await sql('select from pg_locks where not granted')).rowCount).toBe(1)
    const found = await recommendations()
    const installed = await sql('select index_name, index_size, recommendation from monitor_index_health()')
    await holder.query('rollback')
    await reader.query('rollback')
    await waiting
    await sql('drop table held, awaited, free')
    const expected = {
      held_pkey: 'SKIPPED - AccessExclusiveLock held',
      awaited_pkey: 'SKIPPED - AccessExclusiveLock waited for',
      free_pkey: 'CONSTRAINT - Keep',
    }
    expect(found).toEqual(expected)
    expect(Object.fromEntries(installed.rows.map((row) => [row.index_name, row.recommendation]))).toEqual(expected)
    expect(
      installed.rows
        .filter((row) => row.index_size === null)
        .map((row) => row.index_name)
        .sort(),
    ).toEqual(['awaited_pkey', 'held_pkey'])
  })

  it('waits for an index that is being built concurrently', async () => {
    await sql('create table growing (n int)')
    const [holder, builder] = [await db.connect(), await db.connect()]
    await holder.query('begin; insert into growing values (1)')
    const built = builder.query('create index concurrently growing_n on growing (n)')
    await expect.poll(async () => (await recommendations()).growing_n).toBe('BEING BUILT - Wait for it')
    await holder.query('commit')
    await built
    expect((await recommendations()).growing_n).toBe('NOT SCANNED - Keep until its age is proved')
    await sql('drop table growing')
  })

  it('looks at one schema or at all, and is the same installed', async () => {
    await sql('create schema s; create table s.t (n int primary key); create table t (n int primary key, m int); create index t_m on t (m)')
    expect(Object.keys(await recommendations('s'))).toEqual(['t_pkey'])
    const all = await runRead(db.target, monitorIndexHealth, {})
    const installed = await sql('select * from monitor_index_health(null)')
    expect(all.ok && all.value.map((row) => `${row.schema_name}.${row.index_name}`).sort()).toEqual([
      'public.t_m',
      'public.t_pkey',
      's.t_pkey',
    ])
    expect(all).toMatchObject({ ok: true, value: installed.rows })
    await sql('drop schema s cascade; drop table t')
  })
})
