import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
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
      "insert into t select n, n % 20, 'word ' || n, array[n % 7], n % 49, n % 3000 from generate_series(1, 30000) n",
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
    await steps(
      // what holds for the table does not hold for the rows of the predicate
      `create table part (id int, mail text, state text, left_at timestamptz, a int, b int, tag text) with (autovacuum_enabled = off)`,
      `alter table part alter tag set statistics 0`,
      `insert into part select n, case when n % 10 = 0 then 'user' || n end, (array['open', 'done', 'done', 'done'])[1 + n % 4],
              case when n % 4 > 0 then now() end, case when n % 2 = 0 then n end, case when n % 2 = 0 then n end, 'x' || n from generate_series(1, 40000) n`,
      'create index part_mail on part (mail) where mail is not null',
      "create index part_not_empty on part (mail) where mail <> ''",
      "create index part_open on part (state) where state = 'open'",
      'create index part_left on part (left_at) where left_at is null',
      "create index part_either on part (mail) where mail is not null or state = 'open'",
      'create index part_both on part (a, b)',
      'create index part_tag on part (tag)',
      // half of the rows share twenty keys, the others have one each; the sample of ANALYZE is a quarter of them
      // as before, and half of the rows are gone
      `create table gone (id int, a int, b int) with (autovacuum_enabled = off)`,
      `insert into gone select n, case when n % 2 = 0 then n end, case when n % 2 = 0 then n end from generate_series(1, 40000) n`,
      'create index gone_both on gone (a, b)',
      'delete from gone where id % 4 < 2',
      // country and city as they are on a map: each city is in one country
      'create table map (country int, city int, street int, primary key (city, street)) with (autovacuum_enabled = off)',
      'insert into map select n % 3000 / 60, n % 3000, n / 3000 from generate_series(1, 30000) n',
      'create index map_city on map (country, city)',
      'create index map_street on map (street, city)',
      'create table crowd (k int) with (autovacuum_enabled = off)',
      'insert into crowd select case when n % 2 = 0 then n % 20 else n end from generate_series(1, 120000) n',
      'create index crowd_k on crowd (k)',
      'create table queue (id int primary key, state text) with (autovacuum_enabled = off)',
      "insert into queue select n, 'done' from generate_series(1, 20000) n",
      "create index queue_open on queue (id) where state = 'done'",
      'create table spans (r int4range) with (autovacuum_enabled = off)',
      'insert into spans select int4range(n, n + 5) from generate_series(1, 20000) n',
      'create index spans_r on spans (r)',
    )
    for (const table of ['part', 'gone', 'map', 'crowd', 'spans']) await steps(`vacuum analyze ${table}`)
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

  it.each([
    'part_mail',
    'part_not_empty',
    'part_open',
    'part_left',
    'part_both', // nothing is smaller
    'map_city',
    'map_street', // by the primary key
    'crowd_k',
    'spans_r',
  ])('knows which values are in the fresh %s', async (name) => {
    const row = await estimateOf(name)
    expect(row?.withheld).toBeNull()
    expect(Math.abs((row?.rebuilt_bytes ?? 0) / (row?.bytes ?? 1) - 1) * 100).toBeLessThan(3 + (100 * 8192) / (row?.bytes ?? 1))
  })

  it('withholds what depends on which NULLs come together, or on what a predicate of several columns leaves', async () => {
    // ndistinct would not tell which NULLs come together
    expect(await estimateOf('gone_both')).toMatchObject({ rebuilt_bytes: null, withheld: 'correlation of key columns unknown', fix: null })
    expect(await estimateOf('part_either')).toMatchObject({ rebuilt_bytes: null, withheld: 'too uncertain' })
  })

  it('names a column of which no statistics are taken, and what would take them', async () => {
    const row = await estimateOf('part_tag')
    expect(row).toMatchObject({ withheld: 'no statistics are taken of a column (statistics target 0)' })
    await steps(...(row?.fix ?? '').split('; '))
    expect(await estimateOf('part_tag')).toMatchObject({ withheld: null })
  })

  it('knows that nearly nothing would be left of an index whose rows are all gone', async () => {
    await steps('analyze queue', 'delete from queue', 'vacuum (truncate off) queue', 'analyze queue')
    for (const name of ['queue_pkey', 'queue_open'])
      await expect
        .poll(() => estimateOf(name)) // 14 counts a little later
        .toMatchObject({
          rebuilt_bytes: 8192,
          withheld: null,
          bytes: expect.toSatisfy((bytes) => bytes > 300_000),
        })
  })

  it('is exact for an empty index', async () => {
    expect(await estimateOf('empty_pkey')).toMatchObject({ bytes: 8192, rebuilt_bytes: 8192, plus_minus: 0, withheld: null })
  })

  it('names the access methods that it cannot speak of', async () => {
    expect(await estimateOf('t_tags')).toMatchObject({ rebuilt_bytes: null, plus_minus: null, withheld: 'GIN', fix: null })
  })

  it('asks for ANALYZE where there never was one', async () => {
    expect(await estimateOf('fresh_k')).toMatchObject({ withheld: 'never analyzed', fix: 'ANALYZE public.fresh' })
  })

  it('asks for extended statistics where key columns may be correlated, and speaks when it has them', async () => {
    const before = await estimateOf('t_city')
    expect(before).toMatchObject({ rebuilt_bytes: null, withheld: 'correlation of key columns unknown' })
    await steps(...(before?.fix ?? '').split('; '))
    const after = await estimateOf('t_city')
    expect(after?.withheld).toBeNull()
    expect(Math.abs((after?.rebuilt_bytes ?? 0) / (after?.bytes ?? 1) - 1) * 100).toBeLessThanOrEqual(after?.plus_minus ?? 0)
  })

  it('asks for ANALYZE again after heavy change, but not where no statistics are needed', async () => {
    await steps('update t set few = few + 1 where id % 2 = 0')
    // the statistics collector of PostgreSQL 14 takes its time
    await expect.poll(() => estimateOf('t_few')).toMatchObject({ withheld: 'stale statistics', fix: 'ANALYZE public.t' })
    expect(await estimateOf('t_pkey')).toMatchObject({ withheld: null })
    await steps('analyze t')
    await expect.poll(() => estimateOf('t_few')).toMatchObject({ withheld: null })
  })

  it('names the grant for a role that sees no column statistics', async () => {
    const target = db.as(`be_${major}`, 'x')
    expect(await estimateOf('t_word', target)).toMatchObject({
      withheld: 'column statistics not visible',
      fix: `GRANT SELECT ON public.t TO be_${major}`,
    })
    expect(await estimateOf('t_upper', target)).toMatchObject({ fix: `GRANT pg_read_all_data TO be_${major}` })
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
