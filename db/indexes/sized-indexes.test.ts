import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetRead, forgetReads } from '../server/run-read'
import { indexHealth } from './index-health'
import { indexHealth as indexHealthRead } from './reads/index-health'
import { sizedIndexes } from './sized-indexes'

describe.each(MAJORS)('indexes with their sizes on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(
      'create table t (id int primary key, a int); create index t_a on t using hash (a); insert into t select n, n from generate_series(1, 9000) n',
    )
    // A role of which the statistics views are hidden cannot have an estimate; sizes and verdicts stand.
    await db.client.query(`create role blind_${major} login password 'x'; revoke select on pg_catalog.pg_stats from public`)
  })
  afterAll(async () => {
    await db.drop()
  })

  it('are the same with and without an estimate, and the answer says what is missing', async () => {
    forgetReads()
    const seen = await sizedIndexes(db.target)
    const blind = await sizedIndexes(db.as(`blind_${major}`, 'x'))
    if (!seen.ok || !blind.ok) throw new Error('No answer')
    expect(seen.value.estimates.ok).toBe(true)
    expect(blind.value.estimates).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
    expect(blind.value.indexes.map(({ bytes }) => bytes)).toEqual(seen.value.indexes.map(({ bytes }) => bytes))
    const { rows } = await db.client.query("select pg_relation_size('t_a')::int as bytes")
    expect(blind.value.indexes.find(({ indexrelname }) => indexrelname === 't_a')?.bytes).toBe(rows[0].bytes)

    const health = await indexHealth(db.as(`blind_${major}`, 'x'), [])
    if (!health.ok) throw new Error(health.problem.message)
    expect(health.value.problems).toMatchObject([{ part: 'bloat estimate', problem: { kind: 'insufficient_privilege' } }])
    expect(health.value.findings).toHaveLength(2)
    const told = Object.fromEntries(
      health.value.findings.map(({ indexrelname, bloatBytes, trust }) => [indexrelname, { bloatBytes, trust }]),
    )
    expect(told).toMatchObject({
      t_pkey: { bloatBytes: null, trust: { kind: 'withheld', reason: expect.stringContaining('no estimate') } },
      // its growth needs no column statistics
      t_a: { bloatBytes: null, trust: { kind: 'withheld', reason: 'never analyzed' } },
    })
  })

  it('are put together once for the same answers', async () => {
    const [one, other] = [await sizedIndexes(db.target), await sizedIndexes(db.target)]
    expect(one.ok && other.ok && one.value === other.value).toBe(true)
  })
  it('knows the foreign keys that an index serves, and keeps one index for each', async () => {
    await db.client.query(`
      create table parent (a int, b int, primary key (a, b)); create table other (id int primary key);
      create table child (a int, b int, c int, o int references other, p int references other, constraint child_ab foreign key (a, b) references parent);
      create index ba on child (b, a, c); create index a_only on child (a); create index o_partial on child (o) where o is not null;
      create index p_partial on child (p) where c > 1; create index o_hash on child using hash (o);
      create table twice (o int constraint twice_o references other, x int, y int);
      create index ox on twice (o, x); create index oy on twice (o, y)`)
    forgetReads()
    const found = await sizedIndexes(db.target)
    if (!found.ok) throw new Error(found.problem.message)
    const keys = Object.fromEntries(found.value.indexes.map((row) => [row.indexrelname, [row.foreign_keys, row.sole_for]]))
    expect(keys).toMatchObject({
      ba: [['child_ab'], ['child_ab']],
      a_only: [['child_ab'], null], // perhaps: it is not known how selective a is
      o_partial: [['child_o_fkey'], ['child_o_fkey']],
      p_partial: [null, null],
      o_hash: [['child_o_fkey'], null],
      ox: [['twice_o'], ['twice_o']],
      oy: [['twice_o'], null],
    })
  })

  it('know an index that was rebuilt since the estimate, though that is kept longer', async () => {
    await sizedIndexes(db.target)
    await db.client.query('reindex index concurrently t_a')
    forgetRead(db.target, indexHealthRead, {})
    const after = await sizedIndexes(db.target)
    if (!after.ok) throw new Error(after.problem.message)
    const { rows } = await db.client.query("select 't_a'::regclass::oid as oid, pg_relation_size('t_a')::int as bytes")
    expect(after.value.indexes.find(({ indexrelid }) => indexrelid === rows[0].oid)?.bytes).toBe(rows[0].bytes)
  })
})
