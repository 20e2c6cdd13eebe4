import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import { forgetReads, runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { indexBloatEstimate } from './index-bloat-estimate'

describe.each(MAJORS)('indexBloatEstimate on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const steps = async (...statements: string[]) => {
    const session = await db.connect() // its counters are reported when it ends
    for (const statement of statements) await session.query(statement)
    await session.end()
  }
  const estimateOf = async (name: string, target: Target = db.target) => {
    forgetReads()
    const rows = await runRead(target, indexBloatEstimate, {})
    if (!rows.ok) throw new Error(rows.problem.message)
    const { rows: found } = await db.client.query<{ oid: number }>('select $1::regclass::oid as oid', [name])
    return rows.value.find((row) => row.indexrelid === found[0]?.oid)
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    await steps(`create role be_${major} login password 'x' in role pg_monitor`)
    await steps(
      'create table t (id bigint primary key, few int not null, word text, tags int[], country int, city int) with (autovacuum_enabled = off)',
      "insert into t select n, n % 20, 'word ' || n, array[n % 7], n % 3000 / 60, n % 3000 from generate_series(1, 30000) n",
      'create index t_few on t (few)',
      'create index t_word on t (word)',
      'create index t_upper on t (upper(word))',
      'create index t_tags on t using gin (tags)',
      'create index t_city on t (country, city)',
      'create table fresh (id bigint, k text) with (autovacuum_enabled = off)',
      "insert into fresh select n, 'k' || n from generate_series(1, 5000) n",
      'create index fresh_k on fresh (k)',
      'create table empty (id bigint primary key) with (autovacuum_enabled = off)',
    )
    await steps('vacuum analyze t', 'analyze empty')
  })
  afterAll(async () => {
    await db.client.query(`drop role be_${major}`)
    await db.drop()
  })

  it.each(['t_pkey', 't_few', 't_word', 't_upper'])('finds no bloat in the fresh %s', async (name) => {
    const row = await estimateOf(name)
    expect(row?.withheld).toBeNull()
    expect(Math.abs((row?.rebuilt_bytes ?? 0) / (row?.bytes ?? 1) - 1) * 100).toBeLessThanOrEqual(row?.plus_minus ?? 0)
    expect(row?.plus_minus).toBeLessThan(12)
  })

  it('is exact for an empty index', async () => {
    expect(await estimateOf('empty_pkey')).toMatchObject({ bytes: 8192, rebuilt_bytes: 8192, plus_minus: 0, withheld: null })
  })

  it('names the access methods that it cannot speak of', async () => {
    expect(await estimateOf('t_tags')).toMatchObject({ rebuilt_bytes: null, plus_minus: null, withheld: 'GIN', mend: null })
  })

  it('asks for ANALYZE where there never was one', async () => {
    expect(await estimateOf('fresh_k')).toMatchObject({ withheld: 'never analyzed', mend: 'ANALYZE public.fresh' })
  })

  it('asks for extended statistics where key columns may be correlated, and speaks when it has them', async () => {
    const before = await estimateOf('t_city')
    expect(before).toMatchObject({ rebuilt_bytes: null, withheld: 'correlation of key columns unknown' })
    await steps(...(before?.mend ?? '').split('; '))
    const after = await estimateOf('t_city')
    expect(after?.withheld).toBeNull()
    expect(Math.abs((after?.rebuilt_bytes ?? 0) / (after?.bytes ?? 1) - 1) * 100).toBeLessThanOrEqual(after?.plus_minus ?? 0)
  })

  it('asks for ANALYZE again after heavy change, but not where no statistics are needed', async () => {
    await steps('update t set few = few + 1 where id % 2 = 0')
    // the statistics collector of PostgreSQL 14 takes its time
    await expect.poll(() => estimateOf('t_few')).toMatchObject({ withheld: 'stale statistics', mend: 'ANALYZE public.t' })
    expect(await estimateOf('t_pkey')).toMatchObject({ withheld: null })
    await steps('analyze t')
    await expect.poll(() => estimateOf('t_few')).toMatchObject({ withheld: null })
  })

  it('names the grant for a role that sees no column statistics', async () => {
    const target = db.as(`be_${major}`, 'x')
    expect(await estimateOf('t_word', target)).toMatchObject({
      withheld: 'column statistics not visible',
      mend: `GRANT SELECT ON public.t TO be_${major}`,
    })
    expect(await estimateOf('t_upper', target)).toMatchObject({ mend: `GRANT pg_read_all_data TO be_${major}` })
    expect(await estimateOf('t_pkey', target)).toMatchObject({ withheld: null })
    await db.client.query(`grant select on t to be_${major}`)
    expect(await estimateOf('t_word', target)).toMatchObject({ withheld: null })
    await db.client.query(`revoke select on t from be_${major}`)
  })

  it('skips an index under an AccessExclusiveLock, held or waited for, and says so', async () => {
    const [holder, waiter] = [await db.connect(), await db.connect()]
    await holder.query('begin; lock table fresh in access share mode')
    const waiting = waiter.query('begin; lock table fresh in access exclusive mode')
    await expect.poll(async () => (await estimateOf('fresh_k'))?.withheld).toBe('AccessExclusiveLock')
    await holder.query('rollback')
    await waiting
    expect(await estimateOf('fresh_k')).toMatchObject({ bytes: null, rebuilt_bytes: null, withheld: 'AccessExclusiveLock' })
    await waiter.query('rollback')
    expect(await estimateOf('fresh_k')).toMatchObject({ withheld: 'never analyzed' })
  })
})
