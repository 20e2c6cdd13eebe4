import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetReads, runRead } from '../server/run-read'
import { redundantPairs } from './reads/redundant-pairs'
import { type Pair, redundancies } from './redundancy'
import { doubtOf } from './redundancy-sentences'

describe.each(MAJORS)('redundant indexes on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.client.query('drop schema public cascade; create schema public')
    forgetReads()
  })

  const look = async () => {
    const pairs = await runRead(db.target, redundantPairs, {})
    if (!pairs.ok) throw new Error(pairs.problem.message)
    return redundancies(pairs.value)
  }
  const told = (found: Map<number, Pair>) =>
    Object.fromEntries([...found.values()].map(({ indexrelname, kind, kept_name: kept }) => [indexrelname, `${kind} ${kept}`]))
  const make = (...indexes: string[]) =>
    db.client.query(`create table t (a int, b int, c int, d text, e varchar, f int[], g int4range); ${indexes.join('; ')}`)
  /** Makes table t with the indexes, then tells which is redundant with which. */
  const redundant = async (...indexes: string[]): Promise<Record<string, string>> => {
    await make(...indexes)
    return told((await look()).redundant)
  }

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
    ['direction of one column', 'create index one on t (a, b desc)', 'create index two on t (a, b)'],
    ['place of NULLs', 'create index one on t (a nulls first)', 'create index two on t (a)'],
    ['operator class', 'create index one on t (d)', 'create index two on t (d text_pattern_ops)'],
    ['collation', 'create index one on t (d)', 'create index two on t (d collate "POSIX")'],
    ['predicate', 'create index one on t (a) where b > 1', 'create index two on t (a) where b > 2'],
    ['a predicate of one only', 'create index one on t (a) where b > 1', 'create index two on t (a)'],
    ['expression', 'create index one on t (lower(d))', 'create index two on t (upper(d))'],
    ['access method', 'create index one on t (a)', 'create index two on t using hash (a)'],
    ['first column', 'create index one on t (b)', 'create index two on t (a, b)'],
    ['INCLUDE', 'create index one on t (a) include (b)', 'create index two on t (a) include (c)'],
    ['uniqueness', 'create unique index one on t (a)', 'create index two on t (a, b)'],
    [
      'operator class parameters',
      'create index one on t using gist (d gist_trgm_ops)',
      'create index two on t using gist (d gist_trgm_ops(siglen=256))',
    ],
    ['a nondeterministic collation', 'create index one on t (d)', 'create index two on t (d collate public.ci)'],
    ['INCLUDE of GiST', 'create index one on t using gist (g) include (a)', 'create index two on t using gist (g) include (b)'],
    ['parameters of GIN', 'create index one on t using gin (f)', 'create index two on t using gin (f) with (fastupdate = off)'],
    ['uniqueness of fewer columns', 'create unique index one on t (a, b)', 'create unique index two on t (a)'],
    ['uniqueness with a predicate', 'create unique index one on t (a)', 'create unique index two on t (a) where b > 1'],
    ['constraint of a unique one', 'alter table t add constraint one unique (a)', 'alter table t add constraint two unique (a)'],
    ['deferral', 'create unique index one on t (a)', 'alter table t add constraint two unique (a) deferrable'],
  ])('does not call those redundant that differ in %s', async (_, one, two) => {
    await db.client.query(
      "create extension pg_trgm; create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    )
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

  it('compares operator classes by what they do', async () => {
    await db.client.query('create extension pg_trgm; create extension intarray')
    expect(
      await redundant(
        'create index e1 on t (e varchar_pattern_ops)',
        'create index e2 on t (e text_pattern_ops, a)',
        'create index d1 on t using gist (d gist_trgm_ops(siglen=12))',
        'create index d2 on t using gist (d gist_trgm_ops(siglen=12))',
        'create index f1 on t using gin (f)',
        'create index f2 on t using gin (f gin__int_ops)',
      ),
    ).toEqual({ e1: 'prefix e2', d2: 'duplicate d1' })
  })

  it('knows a column beside expressions, and expressions one by one', async () => {
    expect(
      await redundant(
        'create index a1 on t (a)',
        'create index a2 on t (a, lower(d))',
        'create index x1 on t (lower(d))',
        'create index x2 on t (lower(d), upper(d))',
        'create index y1 on t (abs(a), b)',
        'create index y2 on t (abs(b), b)',
      ),
    ).toEqual({ a1: 'prefix a2', x1: 'prefix x2' })
  })

  it.each([
    ['mirrored', 'create index one on t (a desc)', 'create index two on t (a, b)'],
    ['mirrored', 'create index one on t (a desc nulls last, b)', 'create index two on t (a nulls first, b desc, c)'],
    ['subset', 'create index one on t using gin (f)', 'create index two on t using gin (f, to_tsvector($$simple$$, d))'],
    ['subset', 'create index one on t using gin (f)', 'create index two on t using gin (to_tsvector($$simple$$, d), f)'],
    ['subset', 'create index one on t using brin (b)', 'create index two on t using brin (a, b)'],
    ['pattern', 'create index one on t (d collate "C" text_pattern_ops)', 'create index two on t (d collate "C")'],
    ['not-null', 'create index one on t (a) where a is not null', 'create index two on t (a, b)'],
    [
      'statistics',
      'create index one on t (lower(d)); alter index one alter column 1 set statistics 500',
      'create index two on t (lower(d), a)',
    ],
    ['clustered', 'create index one on t (a); alter table t cluster on one', 'create index two on t (a, b)'],
  ])('tells a stand-in with a doubt, and proposes nothing: %s', async (doubt, one, two) => {
    await make(one, two)
    const { redundant, doubtful } = await look()
    expect(redundant.size).toBe(0)
    expect([...doubtful.values()].map((pair) => [pair.indexrelname, pair.kept_name, pair.doubts])).toEqual([['one', 'two', [doubt]]])
  })

  it('calls no index redundant beside one that is many times as large', async () => {
    await make('create index small on t (a)', 'create index large on t (a, d)')
    const fill = (characters: number) =>
      db.client.query(
        `truncate t; insert into t select n % 50, n, n, repeat(md5(n::text), ${characters / 32}) from generate_series(1, 30000) n`,
      )
    await fill(160)
    const { redundant, doubtful } = await look()
    expect([told(redundant), told(doubtful)]).toEqual([{}, { small: 'prefix large' }])
    const [pair] = [...doubtful.values()]
    expect(pair && doubtOf(pair)).toBe(
      'it is 30 times as large (8 MB against 272 kB): a range read from the index alone would read as many times the pages',
    )
    await fill(0)
    forgetReads()
    expect(told((await look()).redundant)).toEqual({ small: 'prefix large' })
  })

  it('keeps of two equals the one that queries use, and has it take over', async () => {
    await make('create index older on t (a)', 'create index younger on t (a)')
    expect(told((await look()).redundant)).toEqual({ younger: 'duplicate older' })
    const session = await db.connect()
    await session.query('set enable_seqscan = off; select from t where a = 1')
    await session.end()
    // the planner takes the younger of two that cost the same
    const found = async () => {
      forgetReads()
      return told((await look()).redundant)
    }
    await expect.poll(found).toEqual({ older: 'duplicate younger' })
  })

  it('gives a stand-in that nothing stands in for itself, and says what counts on it', async () => {
    await make('create index a1 on t (a)', 'create index a2 on t (a, b)', 'create index a3 on t (a, b, c)')
    const { redundant, standsInFor } = await look()
    expect(told(redundant)).toEqual({ a1: 'prefix a3', a2: 'prefix a3' })
    expect([...standsInFor.values()].map((pairs) => pairs.map(({ indexrelname }) => indexrelname).sort())).toEqual([['a1', 'a2']])
  })

  it('counts on the partitioned index whose part a local index repeats', async () => {
    await db.client.query(`
      create table p (a int, b int) partition by range (a); create table p1 partition of p for values from (0) to (10);
      create index p_b on p (b); create index local on p1 (b)`)
    const { redundant, standsInFor } = await look()
    expect(told(redundant)).toEqual({ local: 'duplicate p1_b_idx' })
    const { rows } = await db.client.query("select 'p_b'::regclass::oid as oid")
    expect([...standsInFor.keys()]).toEqual([rows[0].oid])
  })

  it('leaves an extension its indexes, and those of its tables', async () => {
    await make('create index a1 on t (a)', 'create index a2 on t (a, b)')
    await db.client.query('create extension pg_trgm; alter extension pg_trgm add table t')
    expect((await look()).redundant.size).toBe(0)
    await db.client.query('alter extension pg_trgm drop table t')
  })

  it('compares while the table is locked, and proposes nothing whose size is hidden', async () => {
    await make('create index a1 on t (lower(d))', 'create index a2 on t (lower(d), b)')
    const holder = await db.connect()
    await holder.query('begin; lock table t')
    expect(told((await look()).redundant)).toEqual({ a1: 'prefix a2' })
    await holder.query('rollback; begin; reindex index a1')
    forgetReads()
    const { redundant, doubtful } = await look()
    expect([redundant.size, [...doubtful.values()].map(doubtOf)]).toEqual([0, ['a lock hides the size of one of them']])
    await holder.end()
  })

  it('answers with intarray in public, and calls nothing that anybody put there', async () => {
    await db.client.query(`create extension intarray schema public;
      create function public.shadow(smallint[], smallint[]) returns boolean language plpgsql as $$ begin raise exception 'runs as %', current_user; end $$;
      create operator public.<@ (leftarg = smallint[], rightarg = smallint[], function = public.shadow)`)
    expect(await redundant('create index a1 on t (a)', 'create index a2 on t (a, b)')).toEqual({ a1: 'prefix a2' })
  })
})
