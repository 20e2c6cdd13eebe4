import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import { indexSizes } from './index-sizes'

describe.each(MAJORS)('index-sizes on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(
      'create table t (id int primary key, a int); create index t_a on t (a); insert into t select n, n from generate_series(1, 10000) n',
    )
  })
  afterAll(() => db.drop())

  const sizes = async () => {
    forgetReads()
    const result = await runRead(db.target, indexSizes, {})
    if (!result.ok) throw new Error(result.problem.message)
    return new Map(result.value.map(({ indexrelid, bytes }) => [indexrelid, bytes]))
  }

  it('agrees with pg_relation_size, and leaves out what is locked', async () => {
    const { rows } = await db.client.query(
      'select indexrelid::int8::int as oid, pg_relation_size(indexrelid)::int as bytes from pg_stat_user_indexes order by 1',
    )
    expect([...(await sizes())].sort(([a], [b]) => a - b)).toEqual(rows.map(({ oid, bytes }) => [oid, bytes]))
    const holder = await db.connect()
    await holder.query('begin; reindex index t_a')
    expect([...(await sizes()).values()].sort()).toEqual([rows[0].bytes, null].sort())
    await holder.query('rollback')
  })
})
