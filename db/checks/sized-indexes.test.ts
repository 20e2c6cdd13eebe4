import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import { indexHealth as indexHealthRead } from '../reads/index-health'
import { forgetRead, forgetReads } from '../server/run-read'
import { indexHealth } from './index-health'
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
    for (const { trust, bloatBytes } of health.value.findings) {
      expect(bloatBytes).toBeNull()
      expect(trust).toMatchObject({ kind: 'withheld', reason: expect.stringContaining('no estimate') })
    }
  })

  it('are put together once for the same answers', async () => {
    const [one, other] = [await sizedIndexes(db.target), await sizedIndexes(db.target)]
    expect(one.ok && other.ok && one.value === other.value).toBe(true)
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
