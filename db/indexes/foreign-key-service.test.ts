import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { forgetReads } from '../server/run-read'
import { keysOfIndexes, type Service, soleFor } from './foreign-key-service'
import { foreignKeyServices } from './foreign-key-services'
import { sizedIndexes } from './sized-indexes'

describe('what is kept for foreign keys', () => {
  const services = fc.uniqueArray(
    fc.record({ oid: fc.nat(3), relid: fc.nat(2), indexrelid: fc.nat(7), sure: fc.boolean() }).map((service) => ({
      ...service,
      conname: `key ${service.oid}`,
      whole: service.indexrelid % 5, // some are attached to one that others are attached to, too
    })),
    { selector: ({ oid, relid, indexrelid }) => `${oid} ${relid} ${indexrelid}`, maxLength: 20 },
  )
  const places = (of: Service[]) => new Set(of.map(({ oid, relid }) => `${oid} ${relid}`))

  it('serves each key in each table, whatever else is dropped in whatever order', () => {
    fc.assert(
      fc.property(services, fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }), (all, order) => {
        const keys = keysOfIndexes(all, (one, other) => (order[one] ?? 0) - (order[other] ?? 0) || one - other)
        const droppable = [...new Set(all.map(({ whole }) => whole))].filter((whole) => !keys.get(whole)?.sole_for)
        const left = all.filter(({ whole }) => !droppable.includes(whole))
        expect(places(left)).toEqual(places(all))
        expect(places(left.filter(({ sure }) => sure))).toEqual(places(all.filter(({ sure }) => sure)))
        const kept = [...keys.values()].filter(({ sole_for }) => sole_for !== null)
        if (all.every(({ sure }) => sure)) expect(kept.length).toBeLessThanOrEqual(places(all).size)
      }),
    )
  })
})

const FK_INDEX_KINDS = `
  create schema c05; create table c05.p (code text primary key);
  create table c05.ch_expr (id int primary key, code text references c05.p); create index ch_expr_i on c05.ch_expr (lower(code));
  create table c05.ch_pat (id int primary key, code text references c05.p); create index ch_pat_i on c05.ch_pat (code text_pattern_ops);
  create table c05.ch_coll (id int primary key, code text references c05.p); create index ch_coll_i on c05.ch_coll (code collate "und-x-icu");
  create table c05.ch_incl (id int primary key, code text references c05.p); create index ch_incl_i on c05.ch_incl (id) include (code);
  create table c05.ch_hash (id int primary key, code text references c05.p); create index ch_hash_i on c05.ch_hash using hash (code);
  create table c05.ch_both (id int primary key, code text references c05.p);
  create index ch_both_wrong on c05.ch_both (code collate "und-x-icu"); create index ch_both_right on c05.ch_both (code)`

describe.each([14, 18] as const)('indexes that serve foreign keys on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(() => db.client.query('drop schema public cascade; create schema public'))

  /** Names of the indexes that serve, with ? where only perhaps, and what each is kept for. */
  const found = async () => {
    forgetReads()
    const [known, sized] = [await foreignKeyServices(db.target), await sizedIndexes(db.target)]
    if (!known.ok || !sized.ok) throw new Error('No answer')
    const names = new Map(sized.value.indexes.map((index) => [index.indexrelid, index.indexrelname]))
    const serving = known.value.services.map(({ indexrelid, sure }) => `${names.get(indexrelid)}${sure ? '' : '?'}`)
    const kept = sized.value.indexes.filter(({ sole_for }) => sole_for !== null).map(({ indexrelname }) => indexrelname)
    const sole = (name: string) =>
      soleFor(known.value.services, sized.value.indexes.find(({ indexrelname }) => indexrelname === name)?.indexrelid ?? 0)
    return { serving: serving.sort(), kept: kept.sort(), sole }
  }

  it('are known by operator class, collation and access method', async () => {
    await db.client.query(FK_INDEX_KINDS)
    const { serving, kept } = await found()
    await db.client.query('drop schema c05 cascade')
    expect(serving).toEqual(['ch_both_right', 'ch_hash_i', 'ch_pat_i'])
    expect(kept).toEqual(['ch_both_right', 'ch_hash_i', 'ch_pat_i'])
  })

  it('are those that the check of an enforced key asks, validated or not', async () => {
    const clause = major >= 18 ? 'not enforced' : 'not valid'
    await db.client.query(`create table q (k int primary key); create table ch2 (k int); create table ch3 (k int);
      alter table ch2 add constraint ch2_fk foreign key (k) references q ${clause}; create index ch2_k on ch2 (k);
      alter table ch3 add constraint ch3_fk foreign key (k) references q not valid; create index ch3_k on ch3 (k)`)
    expect((await found()).kept).toEqual(major >= 18 ? ['ch3_k'] : ['ch2_k', 'ch3_k'])
  })

  it('are kept whole where an attached one serves a key of its partition, and dropped where each partition has its own', async () => {
    await db.client.query(`create table p (id int primary key);
      create table t (a int, b int references p, k int) partition by list (k);
      create table t1 partition of t for values in (1); create table t2 partition of t for values in (2) partition by list (a);
      create table t2a partition of t2 default;
      alter table t1 add constraint t1_fk foreign key (a) references p; create index ti on t (a);
      create index b1 on t1 (b); create index b2 on t2a (b)`)
    const first = await found()
    expect(first.serving).toEqual(['b1', 'b2', 't1_a_idx'])
    expect(first.kept).toEqual(['b1', 'b2', 'ti'])
    expect(first.sole('ti')).toEqual(['t1_fk'])
    expect(first.sole('b1')).toEqual(['t_b_fkey'])
    await db.client.query('create index tb on t (b, k)')
    const then = await found()
    expect(then.sole('b1')).toEqual([])
    expect(then.sole('tb')).toEqual([])
    expect(then.kept.filter((name) => name !== 'ti')).toHaveLength(2 - Number(then.kept.includes('tb')))
  })

  it('of a key that refers to a partitioned table are known once', async () => {
    await db.client.query(`create table p (id int, k int, primary key (id, k)) partition by list (k);
      create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
      create table c (id int, k int, constraint c_fk foreign key (id, k) references p); create index c_ik on c (k, id)`)
    const { serving, sole } = await found()
    expect(serving).toEqual(['c_ik'])
    expect(sole('c_ik')).toEqual(['c_fk'])
  })

  it('may have fewer columns than the key, where these are known to select enough', async () => {
    await db.client.query(`create table p (few int, many int, primary key (few, many));
      create table c (few int, many int, foreign key (few, many) references p not valid);
      create index c_few on c (few); create index c_many on c (many)`)
    expect((await found()).serving).toEqual(['c_few?', 'c_many?'])
    expect((await found()).kept).toEqual(['c_few', 'c_many'])
    await db.client.query(
      'alter table c disable trigger all; insert into c select n % 3, n / 5 from generate_series(1, 20000) n; analyze c',
    )
    expect(await found()).toMatchObject({ serving: ['c_many'], kept: ['c_many'] })
    await db.client.query(
      'create unique index c_id on c (few, many, (null::int)); create table d (few int, many int unique, foreign key (few, many) references p)',
    )
    expect((await found()).serving).toEqual(['c_id', 'c_many', 'd_many_key'])
  })

  it('are one kept of several that do, rather one that stays anyway', async () => {
    await db.client.query(`create table p (id int primary key); create table c (a int references p, b int, constraint c_key unique (a, b));
      create index c_a on c (a, (b + 1)); create index c_hash on c using hash (a)`)
    expect(await found()).toMatchObject({ serving: ['c_a', 'c_hash', 'c_key'], kept: ['c_key'] })
  })
})
