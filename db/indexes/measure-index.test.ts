import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetFacts } from '../server/facts'
import type { Result } from '../server/problem'
import { forgetReads, runRead } from '../server/run-read'
import { bloatOf } from './bloat'
import { measureIndex } from './measure-index'
import { measureByStatindex } from './measure-index-statindex'
import { ginPending } from './reads/gin-pending'
import { indexBloatEstimate } from './reads/index-bloat-estimate'

/** Shapes of the lab in bench/, small: how each is made, filled and churned. */
const SHAPES: Record<string, { table: string; index: string; churn: string[] }> = {
  int_purged: {
    table: 'select n as id, (n * 7919) % 1000003 as k from generate_series(1, 20000) n',
    index: '(k)',
    churn: ['delete from int_purged where id % 10 < 6'],
  },
  few_updated: {
    table: 'select n as id, (n % 30)::smallint as k from generate_series(1, 40000) n',
    index: '(k)',
    churn: ['update few_updated set k = (id % 29)::smallint where id % 3 = 0'],
  },
  dedup_off: {
    table: 'select n as id, n % 100 as k from generate_series(1, 20000) n',
    index: '(k) with (deduplicate_items = off, fillfactor = 70)',
    churn: ['delete from dedup_off where id % 4 = 0'],
  },
  expression: {
    table: "select n as id, 'Name ' || md5(n::text) as k from generate_series(1, 10000) n",
    index: '(lower(k))',
    churn: ['delete from expression where id % 2 = 0'],
  },
  nullable_pair: {
    table: 'select n as id, case when n % 3 > 0 then n end as a, case when n % 2 > 0 then n end as b from generate_series(1, 20000) n',
    index: '(a, b)',
    churn: ['delete from nullable_pair where id % 10 < 5'],
  },
}

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

describe.each(MAJORS)('measureIndex on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const oidOf = async (name: string) =>
    (await db.client.query<{ oid: number }>('select $1::regclass::oid as oid', [name])).rows[0]?.oid ?? 0
  const sizeOf = async (oid: number) =>
    Number((await db.client.query<{ bytes: string }>('select pg_relation_size($1::oid) as bytes', [oid])).rows[0]?.bytes)
  const steps = async (...statements: string[]) => {
    const session = await db.connect() // its counters are reported when it ends
    for (const statement of statements) await session.query(statement)
    await session.end()
  }
  const afresh = () => {
    forgetFacts()
    forgetReads()
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    await steps('create extension pageinspect', 'create extension pgstattuple')
    for (const [name, shape] of Object.entries(SHAPES)) {
      await steps(
        `create table ${name} with (autovacuum_enabled = off) as ${shape.table}`,
        `create index ${name}_i on ${name} ${shape.index}`,
        ...shape.churn,
        `vacuum ${name}`,
      )
      await steps(`analyze ${name}`)
    }
    await db.client.query(`create table plain (id bigint primary key, tags int[], k int); create index plain_gin on plain using gin (tags);
      create role mi_${major} login password 'x'; create role mi_scan_${major} login password 'x' in role pg_stat_scan_tables`)
  })
  afterAll(async () => {
    await db.client.query(`drop role mi_${major}; drop role mi_scan_${major}`)
    await db.drop()
  })

  it.each(Object.keys(SHAPES))('%s: each way holds its ± against REINDEX', async (name) => {
    afresh()
    const oid = await oidOf(`${name}_i`)
    const before = await sizeOf(oid)
    const estimate = value(await runRead(db.target, indexBloatEstimate, {})).find((row) => row.indexrelid === oid)
    const sample = value(await measureIndex(db.target, oid))
    const seen = await measureByStatindex(db.target, oid)
    const statindex = seen.ok ? seen.value : undefined
    await db.client.query(`reindex index ${name}_i`)
    const truth = Math.max(0, 100 * (1 - (await sizeOf(oid)) / before))
    expect(sample).toMatchObject({ method: 'sample', bytes: before })
    if (name === 'nullable_pair')
      expect(seen).toMatchObject({ ok: false, problem: { kind: 'conflict', fix: 'CREATE EXTENSION pageinspect' } })
    else expect(statindex).toMatchObject({ method: 'pgstatindex', bytes: before })
    expect(estimate?.bytes).toBe(before)
    for (const known of [sample, statindex, estimate].filter((one) => one !== undefined)) {
      const bloat = bloatOf(known)
      if (bloat.trust.kind === 'withheld') {
        expect([name, bloat.trust.reason]).toEqual(['nullable_pair', 'correlation of key columns unknown'])
        continue
      }
      const plusMinus = bloat.trust.kind === 'estimated' ? bloat.trust.plusMinus : 0.5
      expect(Math.abs(100 * (bloat.bloatRatio ?? 1000) - truth)).toBeLessThanOrEqual(plusMinus)
    }
    expect(100 * (bloatOf(sample).bloatRatio ?? 0)).toBeGreaterThan(truth - 3)
  })

  it('counts rows that are dead but not vacuumed', async () => {
    await steps(
      'create table dead with (autovacuum_enabled = off) as select n as k from generate_series(1, 20000) n',
      'create index dead_i on dead (k)',
      'delete from dead where k % 2 = 0',
    )
    const oid = await oidOf('dead_i')
    const before = await sizeOf(oid)
    afresh()
    const sample = value(await measureIndex(db.target, oid))
    await db.client.query('reindex index dead_i')
    const truth = 1 - (await sizeOf(oid)) / before
    expect(truth).toBeGreaterThan(0.4)
    // a random sample of the heap: beyond its ± once in twenty times, beyond twice its ± once in ten thousand
    expect(sample.plusMinus).toBeLessThan(14)
    expect(100 * Math.abs((bloatOf(sample).bloatRatio ?? 0) - truth)).toBeLessThan(2 * sample.plusMinus)
  })

  it('measures an empty index', async () => {
    expect(value(await measureIndex(db.target, await oidOf('plain_pkey')))).toMatchObject({ bytes: 8192, rebuiltBytes: 8192 })
  })

  it('says why a GIN index is not measured, and what its pending list holds', async () => {
    const oid = await oidOf('plain_gin')
    expect(await measureIndex(db.target, oid)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    const pending = async () => value(await runRead(db.target, ginPending, { indexrelid: oid }))[0]
    expect(await pending()).toEqual({ pending_pages: 0, pending_tuples: 0, fastupdate: true, limit_bytes: 4 * 1024 ** 2 })
    await steps('insert into plain select n, array[n, n + 1], n from generate_series(1, 300) n')
    forgetReads()
    expect(await pending()).toMatchObject({ pending_tuples: 300, pending_pages: expect.toSatisfy((pages: number) => pages > 0) })
    await steps("select gin_clean_pending_list('plain_gin')", 'alter index plain_gin set (fastupdate = off, gin_pending_list_limit = 64)')
    forgetReads()
    expect(await pending()).toEqual({ pending_pages: 0, pending_tuples: 0, fastupdate: false, limit_bytes: 64 * 1024 })
    await steps('delete from plain', 'vacuum plain')
    expect(value(await runRead(db.target, ginPending, { indexrelid: await oidOf('plain_pkey') }))).toEqual([])
  })

  it('measures a hash index with pgstathashindex, within its ± of a rebuild', async () => {
    await steps(
      'create table hashed with (autovacuum_enabled = off) as select n as k from generate_series(1, 40000) n',
      'analyze hashed',
      'create index hashed_i on hashed using hash (k)',
      'delete from hashed where k > 8000',
    )
    await expect
      .poll(
        async () => {
          await steps('vacuum analyze hashed')
          const { rows } = await db.client.query(
            "select pg_stat_get_dead_tuples('hashed'::regclass)::int + pg_stat_get_live_tuples('hashed'::regclass)::int as n",
          )
          return rows[0].n
        },
        { timeout: 60_000 },
      )
      .toBe(8000)
    afresh()
    const oid = await oidOf('hashed_i')
    const before = await sizeOf(oid)
    const found = value(await measureIndex(db.as(`mi_scan_${major}`, 'x'), oid))
    expect(found).toMatchObject({ method: 'pgstathashindex', bytes: before, detail: { live_items: 8000, amount: 8000 } })
    expect(await measureIndex(db.as(`mi_${major}`, 'x'), oid)).toMatchObject({
      ok: false,
      problem: { kind: 'insufficient_privilege', fix: `GRANT pg_stat_scan_tables TO mi_${major}` },
    })
    await steps('reindex index hashed_i')
    const truth = 1 - (await sizeOf(oid)) / before
    expect(truth).toBeGreaterThan(0.5)
    expect(100 * Math.abs((bloatOf(found).bloatRatio ?? 0) - truth)).toBeLessThanOrEqual(found.plusMinus)
  })

  it('does not touch an index whose table is locked, or about to be', async () => {
    const oid = await oidOf('plain_pkey')
    const [holder, waiter] = [await db.connect(), await db.connect()]
    await holder.query('begin; lock table plain in access share mode')
    const waiting = waiter.query('begin; lock table plain in access exclusive mode')
    await expect.poll(async () => (await measureIndex(db.target, oid)).ok).toBe(false)
    expect(await measureIndex(db.target, oid)).toMatchObject({ ok: false, problem: { kind: 'lock_not_available' } })
    await holder.query('rollback')
    await waiting
    expect(await measureIndex(db.target, oid)).toMatchObject({ ok: false, problem: { kind: 'lock_not_available' } })
    await waiter.query('rollback')
    expect(await measureIndex(db.target, oid)).toMatchObject({ ok: true })
  })

  it('uses pgstatindex for a role that may run it', async () => {
    afresh()
    const oid = await oidOf('int_purged_i')
    const role = db.as(`mi_scan_${major}`, 'x')
    // without the statistics of the column nobody knows which keys a rebuild would merge
    expect(await measureIndex(role, oid)).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', fix: `GRANT SELECT ON public.int_purged TO mi_scan_${major}` },
    })
    await db.client.query(`grant select on int_purged to mi_scan_${major}`)
    afresh()
    expect(value(await measureIndex(role, oid))).toMatchObject({ method: 'pgstatindex', bytes: await sizeOf(oid) })
    await db.client.query(`revoke select on int_purged from mi_scan_${major}`)
  })

  it('names the grant or the extension that is missing', async () => {
    afresh()
    const oid = await oidOf('int_purged_i')
    expect(await measureIndex(db.as(`mi_${major}`, 'x'), oid)).toMatchObject({
      ok: false,
      problem: { kind: 'insufficient_privilege', fix: `GRANT pg_stat_scan_tables TO mi_${major}` },
    })
    await db.client.query('drop extension pageinspect; drop extension pgstattuple')
    afresh()
    expect(await measureIndex(db.target, oid)).toMatchObject({
      ok: false,
      problem: { kind: 'missing_extension', fix: 'CREATE EXTENSION pageinspect' },
    })
    expect(await measureIndex(db.target, await oidOf('hashed_i'))).toMatchObject({
      ok: false,
      problem: { kind: 'missing_extension', fix: 'CREATE EXTENSION pgstattuple' },
    })
    expect(await runRead(db.target, ginPending, { indexrelid: await oidOf('plain_gin') })).toMatchObject({
      ok: false,
      problem: { kind: 'missing_extension' },
    })
  })
})
