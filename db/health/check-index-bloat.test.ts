import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { checkIndexBloat } from '../indexes/reads/check-index-bloat'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { installStatements } from './install'

describe.each(MAJORS)('check_index_bloat on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const sql = (text: string) => db.client.query(text)
  const check = async (target: Target = db.target) => {
    const result = await runRead(target, checkIndexBloat, { schema: 'public' })
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }
  const recommendations = async (target?: Target) =>
    Object.fromEntries((await check(target)).map((row) => [row.index_name, row.recommendation]))

  beforeAll(async () => {
    db = await testDatabase(major)
    await sql(`
      create extension pgstattuple;
      create table churned (id int primary key, half int, far text);
      insert into churned select n, n, md5(n::text) from generate_series(1, 120000) n;
      create index churned_half on churned (half) with (fillfactor = 50);
      create index churned_far on churned (far);
      create table empty (id int primary key, doc jsonb);
      create index empty_doc on empty using gin (doc);
      create table twice (n int);
      insert into twice values (1), (1)`)
    await sql('create unique index concurrently broken on twice (n)').catch(() => undefined)
    await sql('delete from churned where id % 2 = 0')
    await sql('vacuum churned')
    for (const statement of installStatements('public')) await sql(statement)
  })
  afterAll(() => db.drop())

  it('agrees with what REINDEX frees, and recommends it', async () => {
    const rows = (await check()).filter((row) => row.table_name === 'churned')
    expect(rows).toHaveLength(3)
    for (const { index_name, bloat_ratio, recommendation } of rows) {
      expect(recommendation).toBe('REINDEX RECOMMENDED')
      const size = async () => Number((await sql(`select pg_relation_size('${index_name}') as size`)).rows[0].size)
      const before = await size()
      await sql('begin')
      await sql(`reindex index ${index_name}`)
      const freed = (100 * (before - (await size()))) / before
      await sql('rollback')
      expect(Math.abs(freed - (bloat_ratio ?? 999))).toBeLessThan(0.6)
    }
  })

  it('finds nothing in an index without rows, and nothing in a new one', async () => {
    await sql('create table fresh (n int); insert into fresh select generate_series(1, 50000); create index fresh_n on fresh (n)')
    const rows = await check()
    await sql('drop table fresh')
    expect(rows.find((row) => row.index_name === 'empty_pkey')).toMatchObject({ bloat_ratio: 0, recommendation: 'HEALTHY' })
    expect(rows.find((row) => row.index_name === 'fresh_n')).toMatchObject({ recommendation: 'HEALTHY' })
    expect(rows.find((row) => row.index_name === 'fresh_n')?.bloat_ratio).toBeLessThan(1)
  })

  it('says INVALID, and what it cannot measure', async () => {
    const rows = await check()
    expect(rows.find((row) => row.index_name === 'broken')).toMatchObject({
      bloat_ratio: null,
      recommendation: 'INVALID - Rebuild',
    })
    expect(rows.find((row) => row.index_name === 'empty_doc')).toMatchObject({ bloat_ratio: null, recommendation: 'NOT MEASURED (gin)' })
  })

  it('takes the thresholds that it is given', async () => {
    const result = await runRead(db.target, checkIndexBloat, { schema: 'public', minRatio: 99 })
    expect(result.ok && result.value.map((row) => row.recommendation)).not.toContain('REINDEX RECOMMENDED')
  })

  it('is the same installed', async () => {
    const { rows } = await sql('select * from check_index_bloat()')
    expect(rows.map((row) => ({ ...row, bloat_ratio: row.bloat_ratio === null ? null : Number(row.bloat_ratio) }))).toEqual(await check())
  })

  it('never waits behind a lock, held or waited for; the others are measured', async () => {
    const [holder, reader, waiter] = [await db.connect(), await db.connect(), await db.connect()]
    await holder.query('begin; reindex index churned_half')
    await reader.query('begin; select from empty')
    const waiting = waiter.query('begin; lock table empty in access exclusive mode; rollback')
    await expect.poll(async () => (await sql('select from pg_locks where not granted')).rowCount).toBe(1)
    const found = await recommendations()
    const installed = await sql('select index_name, recommendation from check_index_bloat()')
    await holder.query('rollback')
    await reader.query('rollback')
    await waiting
    expect(found).toEqual({
      churned_pkey: 'REINDEX RECOMMENDED',
      churned_far: 'REINDEX RECOMMENDED',
      churned_half: 'NOT MEASURED (AccessExclusiveLock held or waited for)',
      empty_pkey: 'NOT MEASURED (AccessExclusiveLock held or waited for)',
      empty_doc: 'NOT MEASURED (gin)',
      broken: 'INVALID - Rebuild',
    })
    expect(Object.fromEntries(installed.rows.map((row) => [row.index_name, row.recommendation]))).toEqual(found)
  })

  it('says which right is missing, and measures once it is given', async () => {
    const role = `reader_${db.target.database}`
    await sql(`create role ${role} login password 'r'`)
    const before = await recommendations(db.as(role, 'r'))
    await sql(`grant pg_stat_scan_tables to ${role}`)
    const after = await recommendations(db.as(role, 'r'))
    await sql(`drop role ${role}`)
    expect(before).toMatchObject({ churned_pkey: 'NOT MEASURED (needs pg_stat_scan_tables)', broken: 'INVALID - Rebuild' })
    expect(after.churned_pkey).toBe('REINDEX RECOMMENDED')
  })

  it('adds partitions up at the index that can be rebuilt', async () => {
    await sql(`
      create table event (at int) partition by range (at);
      create table event_1 partition of event for values from (0) to (50000);
      create table event_2 partition of event for values from (50000) to (100000);
      create index event_at on event (at);
      insert into event select generate_series(0, 99999);
      delete from event where at < 50000 and at % 10 > 0`)
    await sql('vacuum event')
    const rows = (await check()).filter((row) => row.index_name.startsWith('event'))
    const holder = await db.connect()
    await holder.query('begin; lock table event_2 in access exclusive mode')
    const locked = await recommendations()
    await holder.query('rollback')
    await sql('drop table event')
    expect(rows).toHaveLength(1)
    expect(rows[0]?.bloat_ratio).toBeGreaterThan(40) // nine tenths of one half
    expect(rows[0]?.bloat_ratio).toBeLessThan(50)
    expect(locked.event_at).toBe('NOT MEASURED (1 of 2 partitions: AccessExclusiveLock held or waited for)')
  })

  it('finds pgstattuple in any schema, and says when it is missing', async () => {
    await sql('create schema "Ext; --"; alter extension pgstattuple set schema "Ext; --"')
    expect((await recommendations()).churned_pkey).toBe('REINDEX RECOMMENDED')
    await sql('drop extension pgstattuple')
    const installed = await sql('select index_name, recommendation from check_index_bloat()')
    expect(await recommendations()).toMatchObject({
      churned_pkey: 'NOT MEASURED (needs pgstattuple)',
      empty_doc: 'NOT MEASURED (gin)',
      broken: 'INVALID - Rebuild',
    })
    expect(installed.rows).toContainEqual({ index_name: 'churned_pkey', recommendation: 'NOT MEASURED (needs pgstattuple)' })
  })
})
