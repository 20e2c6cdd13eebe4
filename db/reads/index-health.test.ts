import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import type { Row } from '../server/define-read'
import { forgetReads, runRead } from '../server/run-read'
import { indexHealth } from './index-health'

/** Index names that PostgreSQL takes and pages trip over; the last has 63 bytes. */
const HOSTILE = ['x"; drop table users; --', '<img onerror>', '名'.repeat(21)]

describe.each(MAJORS)('index-health on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.client.query('drop schema public cascade; create schema public')
    forgetReads()
  })

  const look = async (): Promise<Map<string, Row<typeof indexHealth>>> => {
    const result = await runRead(db.target, indexHealth, {})
    if (!result.ok) throw new Error(result.problem.message)
    return new Map(result.value.map((row) => [row.indexrelname, row]))
  }
  /** Makes table t (a, b, c int, d text) with the indexes, then says which is redundant with which. */
  const redundant = async (...indexes: string[]): Promise<Record<string, string>> => {
    await db.client.query(`create table t (a int, b int, c int, d text); ${indexes.join('; ')}`)
    const found = await look()
    const names = new Map([...found.values()].map((row) => [row.indexrelid, row.indexrelname]))
    const pairs = [...found.values()].filter((row) => row.redundant_with !== null)
    return Object.fromEntries(pairs.map((row) => [row.indexrelname, `${row.redundant_kind} ${names.get(row.redundant_with ?? 0)}`]))
  }

  it('is empty on an empty database', async () => {
    expect(await look()).toEqual(new Map())
  })

  it('reads use and what an index enforces', async () => {
    await db.client.query(
      'create table t (id int primary key, a int); create index t_a on t (a); insert into t select n, n from generate_series(1, 1000) n',
    )
    await db.client.query('vacuum analyze t')
    await db.client.query('set enable_seqscan = off; select count(*) from t where a = 5; reset enable_seqscan')
    const counted = async () => {
      await db.client.query('select 1') // up to 14 a session reports its counters only as it ends a statement
      forgetReads()
      return (await look()).get('t_a')?.idx_scan
    }
    await expect.poll(counted).toBe('1')
    const found = await look()
    expect(found.get('t_a')).toMatchObject({
      reltuples: 1000,
      idx_scan: '1',
      table_changes: '1000',
      conname: null,
      skipped: null,
    })
    expect(found.get('t_a')?.last_idx_scan === null).toBe(major < 16)
    expect(found.get('t_pkey')).toMatchObject({ conname: 't_pkey', indisprimary: true, indisunique: true, idx_scan: '0' })
  })

  it('names duplicates and prefixes, and keeps what must stay', async () => {
    expect(
      await redundant(
        'alter table t add constraint t_key unique (a, b)',
        'create index t_ab on t (a, b)',
        'create index t_a on t (a)',
        'create index t_c on t (c)',
        'create index t_c_again on t (c)',
        'create unique index t_ca on t (c, a)',
        'create index t_gin on t using gin (to_tsvector($$simple$$, d))',
        'create index t_gin_again on t using gin (to_tsvector($$simple$$, d))',
      ),
    ).toEqual({
      t_ab: 'duplicate t_key',
      t_a: 'prefix t_key',
      t_c: 'prefix t_ca',
      t_c_again: 'prefix t_ca',
      t_gin_again: 'duplicate t_gin',
    })
  })

  it.each([
    ['order', 'create index one on t (a)', 'create index two on t (a desc)'],
    ['operator class', 'create index one on t (d)', 'create index two on t (d text_pattern_ops)'],
    ['collation', 'create index one on t (d)', 'create index two on t (d collate "POSIX")'],
    ['predicate', 'create index one on t (a) where b > 1', 'create index two on t (a) where b > 2'],
    ['a predicate of one only', 'create index one on t (a) where b > 1', 'create index two on t (a)'],
    ['expression', 'create index one on t (lower(d))', 'create index two on t (upper(d))'],
    ['access method', 'create index one on t (a)', 'create index two on t using hash (a)'],
    ['first column', 'create index one on t (b)', 'create index two on t (a, b)'],
    ['INCLUDE', 'create index one on t (a) include (b)', 'create index two on t (a) include (c)'],
    ['uniqueness', 'create unique index one on t (a)', 'create index two on t (a, b)'],
    ['deferral', 'create unique index one on t (a)', 'alter table t add constraint two unique (a) deferrable'],
  ])('does not call those redundant that differ in %s', async (_, one, two) => {
    expect(await redundant(one, two)).toEqual({})
  })

  it('compares predicates, expressions and INCLUDE columns that are alike', async () => {
    expect(
      await redundant(
        'create index p1 on t (a) where b > 1',
        'create index p2 on t (a, c) where b > 1',
        'create index e1 on t (lower(d))',
        'create index e2 on t (lower(d), c)',
        'create index i1 on t (c) include (b)',
        'create index i2 on t (c, b)',
      ),
    ).toEqual({ p1: 'prefix p2', e1: 'prefix e2', i1: 'prefix i2' })
  })

  it('tells NULLS NOT DISTINCT apart, from 15 on', async () => {
    const [clause, expected] = major >= 15 ? ['nulls not distinct', {}] : ['', { two: 'duplicate one' }]
    expect(await redundant('create unique index one on t (a)', `create unique index two on t (a) ${clause}`)).toEqual(expected)
  })

  it('never calls a replica identity or what a foreign key refers to redundant', async () => {
    const indexes = ['alter table t alter c set not null', 'create index c1 on t (c, a)', 'create unique index c2 on t (c)']
    const more = ['alter table t replica identity using index c2', 'create unique index b1 on t (b)', 'create unique index b2 on t (b)']
    expect(await redundant(...indexes, ...more, 'create table child (b int references t (b))')).toEqual({ b2: 'duplicate b1' })
  })

  it('knows the foreign keys that an index serves, and keeps one index for each', async () => {
    await db.client.query(`
      create table parent (a int, b int, primary key (a, b)); create table other (id int primary key);
      create table child (a int, b int, c int, o int references other, p int references other, constraint child_ab foreign key (a, b) references parent);
      create index ba on child (b, a, c); create index a_only on child (a); create index o_partial on child (o) where o is not null;
      create index p_partial on child (p) where c > 1; create index o_hash on child using hash (o);
      create table twice (o int constraint twice_o references other, x int, y int);
      create index ox on twice (o, x); create index oy on twice (o, y)`)
    const found = await look()
    const keys = Object.fromEntries([...found].map(([name, row]) => [name, [row.foreign_keys, row.sole_for]]))
    expect(keys).toMatchObject({
      ba: [['child_ab'], ['child_ab']],
      a_only: [null, null],
      o_partial: [['child_o_fkey'], ['child_o_fkey']],
      p_partial: [null, null],
      o_hash: [null, null],
      ox: [['twice_o'], ['twice_o']],
      oy: [['twice_o'], null],
    })
  })

  it('names the root of a partitioned index', async () => {
    await db.client.query(`
      create table part (id int primary key, at int) partition by range (id); create index part_at on part (at);
      create table part_1 partition of part for values from (0) to (10) partition by range (id);
      create table part_11 partition of part_1 for values from (0) to (5)`)
    const found = await look()
    const root = found.get('part_at')
    expect(root).toMatchObject({ relkind: 'I', indexroot: null })
    expect(found.get('part_1_at_idx')).toMatchObject({ relkind: 'I', indexroot: root?.indexrelid })
    expect(found.get('part_11_at_idx')).toMatchObject({ relkind: 'i', indexroot: root?.indexrelid })
  })

  it('tells an invalid index from one that is being built', async () => {
    await db.client.query('create table t (a int); insert into t values (1), (1)')
    await expect(db.client.query('create unique index concurrently broken on t (a)')).rejects.toThrow(/duplicated|unique/)
    // The error arrives a moment before the backend takes its progress report back.
    const broken = async () => {
      forgetReads()
      return (await look()).get('broken')
    }
    await expect.poll(broken).toMatchObject({ indisvalid: false, building: null })
    await db.client.query('drop index broken')
    const holder = await db.connect()
    await holder.query('begin; lock table t in row exclusive mode')
    const builder = await db.connect()
    const done = builder.query('create index concurrently growing on t (a)')
    let row: Row<typeof indexHealth> | undefined
    const seen = async () => {
      forgetReads()
      row = (await look()).get('growing')
      return row?.building ?? null
    }
    await expect.poll(seen).not.toBeNull()
    const { rows } = await db.client.query("select pid from pg_stat_activity where query like 'create index concurrently growing%'")
    await holder.query('commit')
    await done
    expect(row).toMatchObject({ indisvalid: false, building: rows[0].pid })
    forgetReads()
    expect((await look()).get('growing')).toMatchObject({ indisvalid: true, building: null })
  })

  it('names what is under an AccessExclusiveLock, held or waited for, and reads the rest', async () => {
    await db.client.query('create table t (a int, b int); create index t_a on t (a) where b > 1; create table free (a int primary key)')
    const holder = await db.connect()
    await holder.query('begin; lock table t in access share mode; select 1')
    const waiter = await db.connect()
    const waited = waiter.query('begin; lock table t in access exclusive mode; drop index t_a; rollback')
    let queued = await look()
    const skipped = async () => {
      forgetReads()
      queued = await look()
      return queued.get('t_a')?.skipped
    }
    await expect.poll(skipped).toMatch(/^AccessExclusiveLock waited for by pid \d+$/)
    expect(queued.get('free_pkey')).toMatchObject({ skipped: null })
    await holder.query('commit')
    await waited
    await holder.query('begin; reindex index t_a')
    forgetReads()
    const held = await look()
    expect(held.get('t_a')?.skipped).toMatch(/^AccessExclusiveLock held by pid \d+$/)
    await holder.query('rollback')
  })

  it('returns hostile names as they are', async () => {
    const quoted = HOSTILE.map((name) => `"${name.replaceAll('"', '""')}"`)
    await db.client.query(
      `create table ${quoted[1]} (a int); ${quoted.map((name) => `create index ${name === quoted[1] ? '"<b>"' : name} on ${quoted[1]} (a)`).join('; ')}`,
    )
    const found = await look()
    expect([...found.keys()].sort()).toEqual([HOSTILE[0], '<b>', HOSTILE[2]].sort())
    expect([...found.values()].every((row) => row.relname === HOSTILE[1])).toBe(true)
  })
})
