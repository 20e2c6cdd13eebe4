import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { forgetReads } from '../server/run-read'
import { indexHealth } from './index-health'
import { UNWATCHED } from './index-past'

const VOUCHED = { ...UNWATCHED, vouched: '2000-01-01T00:00:00Z' }

describe.each([14, 18] as const)('indexes that could stand in for each other on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(() => db.client.query('drop schema public cascade; create schema public'))

  /** With no time asked for, whatever the table's reads left alone is unused. */
  const verdicts = async (unusedAfter = 0): Promise<Record<string, string>> => {
    forgetReads()
    const health = await indexHealth(db.target, [], { ...VOUCHED, unusedAfter })
    if (!health.ok) throw new Error(health.problem.message)
    return Object.fromEntries(health.value.findings.map(({ indexrelname, verdict }) => [indexrelname, verdict]))
  }
  /** Some rows, the indexes, reads of the table without any of them, and then so many scans as the planner likes. */
  const make = async (indexes: string[], query: string | null) => {
    await db.client.query(
      `create table t (a int, b int, c int, d int[]); insert into t select g % 100, g, g, array[g] from generate_series(1, 1000) g; ${indexes.join('; ')}; analyze t`,
    )
    const session = await db.connect()
    for (let times = 0; times < 50; times++) await session.query('select count(*) from t')
    await session.query('set enable_seqscan = off')
    for (let times = 0; query !== null && times < 50; times++) await session.query(query)
    await session.end()
    const counted = () => db.client.query("select pg_stat_get_numscans('t'::regclass)::int as scans").then(({ rows }) => rows[0].scans)
    await expect.poll(counted).toBeGreaterThanOrEqual(50)
  }

  it.each([
    ['duplicates', ['create index one on t (a)', 'create index two on t (a)'], 'select * from t where a = 5'],
    ['a prefix', ['create index one on t (a)', 'create index two on t (a, b)'], 'select * from t where a = 5'],
    [
      'a chain',
      ['create index one on t (a)', 'create index two on t (a, b)', 'create index three on t (a, b, c)'],
      'select * from t where a = 5 and b = 5',
    ],
    ['expressions', ['create index one on t (abs(a))', 'create index two on t (abs(a))'], 'select * from t where abs(a) = 5'],
    ['GIN', ['create index one on t using gin (d)', 'create index two on t using gin (d)'], "select * from t where d @> '{5}'"],
  ])('are redundant but for the one that takes over the scans: %s', async (_, indexes, query) => {
    await make(indexes, query)
    const found = Object.values(await verdicts(3600)).sort()
    expect(found).toEqual(['healthy', ...indexes.slice(1).map(() => 'redundant')])
  })

  it('are never all proposed where nothing scanned any of them', async () => {
    await make(['create index one on t (a)', 'create index two on t (a)', 'create index three on t (a, b)'], null)
    expect(await verdicts()).toEqual({ one: 'redundant', two: 'redundant', three: 'not-scanned' })
    await db.client.query('drop index one, two')
    expect(await verdicts()).toEqual({ three: 'unused' })
  })

  it('are never all called unused where one could stand in for the other with a doubt', async () => {
    await make(['create index one on t (a)', 'create index two on t (a desc)', 'create index three on t (c)'], null)
    expect(await verdicts()).toEqual({ one: 'not-scanned', two: 'unused', three: 'unused' })
  })
})
