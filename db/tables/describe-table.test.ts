import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../server/run-read'
import { definitionOf, describeTable } from './describe-table'

describe.each(MAJORS)('one table of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create table parent (id int primary key);
      create table full_one (id bigint generated always as identity primary key, parent int not null default 1 references parent on delete cascade,
        note text collate "C", twice int generated always as (parent * 2) stored, unique (note, parent), check (parent > 0)) with (fillfactor = 90);
      create index on full_one (twice) where twice > 10;
      create function nothing() returns trigger language plpgsql as 'begin return new; end';
      create trigger t before update on full_one for each row execute function nothing();
      insert into parent values (1);
      insert into full_one (note) select 'x' || n from generate_series(1, 20000) n;
      create table parted (id int, at date not null) partition by range (at);
      create table parted_a partition of parted for values from ('2026-01-01') to ('2026-02-01');
      create table parted_b partition of parted for values from ('2026-02-01') to ('2026-03-01') partition by hash (id);
      create table parted_b0 partition of parted_b for values with (modulus 1, remainder 0);
      insert into parted select g, date '2026-01-01' + g % 50 from generate_series(1, 5000) g;
      create table hollow (id int);
      create materialized view seen with (fillfactor = 80) as select 1 as one;
      create role no_rights_${major} login password 'x'`)
    await db.client.query('vacuum analyze full_one; ')
  })
  afterAll(async () => {
    await db.client.query(`drop role no_rights_${major}`)
    await db.drop()
  })

  const oidOf = async (name: string): Promise<number> => (await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  const described = async (name: string, target = db.target) => {
    forgetReads()
    const read = await describeTable(target, await oidOf(name))
    if (!read.ok) throw new Error(read.problem.message)
    return read.value
  }

  it('has its files, columns and keys', async () => {
    const { detail, columns, keys, finding, problems } = await described('full_one')
    const { rows } = await db.client.query(`select pg_table_size('full_one')::int as files, pg_indexes_size('full_one')::int as indexes`)
    expect((detail.heap_bytes ?? 0) + (detail.map_bytes ?? 0) + (detail.toast_bytes ?? 0)).toBe(rows[0].files)
    expect(detail).toMatchObject({ index_bytes: rows[0].indexes, reltuples: 20000, skipped: null })
    expect(detail.indexes).toHaveLength(3)
    expect(columns.map(({ attname }) => attname)).toEqual(['id', 'parent', 'note', 'twice'])
    expect(columns[0]).toMatchObject({ n_distinct: -1, null_frac: 0, correlation: 1, analyzed: true, indexed: true, target: null })
    expect(columns[1]).toMatchObject({ n_distinct: 1, top_share: 1, shares: [1] })
    expect(keys).toMatchObject([{ direction: 'out', columns: ['parent'], other_name: 'parent', on_delete: 'cascade', validated: true }])
    expect((await described('parent')).keys).toMatchObject([{ direction: 'in', columns: ['id'], other_columns: ['parent'] }])
    expect(finding.kind).toBe('table')
    expect(problems).toEqual([])
  })

  it('names the session that holds its dead rows, until that ends', async () => {
    const holder = await db.connect()
    await holder.query('begin isolation level repeatable read; select 1')
    const pid = (await holder.query('select pg_backend_pid() as pid')).rows[0].pid
    const worker = await db.connect()
    await worker.query('delete from full_one where id <= 16000')
    await worker.end()
    const obstacles = async () =>
      ((await described('full_one')).autovacuum?.obstacles ?? []).map((one) =>
        one.kind === 'held' ? [one.kind, one.holder.pid] : [one.kind],
      )
    await expect.poll(obstacles).toEqual([['held', pid]])
    await db.client.query('vacuum full_one')
    // 14 tells of the VACUUM a moment later
    await expect
      .poll(async () => (await described('full_one')).autovacuum?.obstacles[0])
      .toMatchObject({ kind: 'held', since: expect.any(String) })
    await holder.query('commit')
    await expect.poll(obstacles).toEqual([['queued']])
    await db.client.query('vacuum full_one')
    await expect.poll(obstacles).toEqual([])
  })

  it('names the lock that autovacuum does not wait for, and hides sizes behind the strongest', async () => {
    const locker = await db.connect()
    const pid = (await locker.query('select pg_backend_pid() as pid')).rows[0].pid
    await db.client.query(`alter table hollow set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)`)
    await db.client.query('insert into hollow select generate_series(1, 100)')
    const worker = await db.connect()
    await worker.query('delete from hollow where id < 50')
    await worker.end()
    await locker.query('begin; lock table hollow in share mode')
    await expect
      .poll(async () => (await described('hollow')).autovacuum?.obstacles.find(({ kind }) => kind === 'locked'))
      .toMatchObject({
        locker: { pid, mode: 'ShareLock' },
      })
    await locker.query('lock table hollow in access exclusive mode')
    const { detail, finding } = await described('hollow')
    expect(detail).toMatchObject({ heap_bytes: null, index_bytes: null, skipped: expect.stringContaining(`pid ${pid}`) })
    expect(finding.bytes).toBeNull()
    expect(await definitionOf(db.target, await oidOf('hollow'))).toEqual({ ok: true, value: null })
    await locker.query('rollback')
  })

  it('sums up partitions, and those of a partition', async () => {
    const { finding, partitions, autovacuum } = await described('parted')
    expect(partitions.map(({ relname }) => relname).sort()).toEqual(['parted_a', 'parted_b0'])
    expect(finding.bytes).toBe(partitions.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))
    expect(autovacuum).toBeNull()
    const below = await described('parted_b')
    expect(below.partitions.map(({ relname }) => relname)).toEqual(['parted_b0'])
    expect(below.detail.parent_name).toBe('parted')
    expect((await described('parted_a')).finding.kind).toBe('partition')
  })

  it('has a definition that makes it again', async () => {
    for (const name of ['full_one', 'parted', 'seen', 'hollow']) {
      const relid = await oidOf(name)
      const made = await definitionOf(db.target, relid)
      if (!made.ok || made.value === null) throw new Error('no definition')
      await db.client.query(`begin; alter table ${name} rename to ${name}_before`)
      // Names of indexes and constraints are the table's own, and taken.
      await db.client.query(`create schema again; alter ${name === 'seen' ? 'materialized view' : 'table'} ${name}_before set schema again`)
      await db.client.query(made.value)
      const again = await oidOf(name)
      await db.client.query(`alter table again.${name}_before rename to ${name}`)
      const shape = async (oid: number) =>
        (
          await db.client.query(
            `select (select json_agg(json_build_array(attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, attidentity, attcollation) order by attnum)
                       from pg_attribute where attrelid = $1 and attnum > 0) as columns, reloptions,
                    (select count(*)::int from pg_index where indrelid = $1) as indexes, (select count(*)::int from pg_constraint where conrelid = $1) as constraints,
                    (select count(*)::int from pg_trigger where tgrelid = $1) as triggers, relkind
               from pg_class where oid = $1`,
            [oid],
          )
        ).rows[0]
      expect(await shape(again)).toEqual(await shape(relid))
      await db.client.query('rollback')
    }
  })

  it('is gone once it is dropped, and tells a role without rights what that may see', async () => {
    const { columns, detail } = await described('full_one', db.as(`no_rights_${major}`, 'x'))
    expect(detail.heap_bytes).toBeGreaterThan(0)
    expect(columns[0]).toMatchObject({ attname: 'id', readable: false, analyzed: false, n_distinct: null })
    const relid = await oidOf('hollow')
    await db.client.query('drop table hollow')
    forgetReads()
    expect(await describeTable(db.target, relid)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })
})
