import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { tableApprox } from './table-approx'
import { tableBloatEstimate } from './table-bloat-estimate'

/** Tables whose rows have NULLs, gaps, a dropped column, a fillfactor, values of any length. */
const SHAPES: Record<string, string> = {
  plain: "(id bigint, note text) with (autovacuum_enabled = off); insert into plain select n, 'row ' || n from generate_series(1, 60000) n",
  gaps: '(a smallint, b bigint, c boolean, d timestamptz, e int) with (autovacuum_enabled = off); insert into gaps select 1, n, true, now(), n from generate_series(1, 40000) n',
  holes:
    "(a int, b text, c bigint, d text, e int, f int, g int, h int, i int) with (autovacuum_enabled = off); insert into holes select n, case when n % 2 = 0 then 'x' || n end, case when n % 3 = 0 then n end, repeat('y', n % 40), 1, 2, 3, 4, n from generate_series(1, 40000) n",
  loose:
    '(id int, note text) with (autovacuum_enabled = off, fillfactor = 70); insert into loose select n, md5(n::text) from generate_series(1, 40000) n',
}

describe.each(MAJORS)('tableBloatEstimate on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const steps = async (...statements: string[]) => {
    const session = await db.connect() // its counters are reported when it ends
    for (const statement of statements) await session.query(statement)
    await session.end()
  }
  const estimateOf = async (name: string, target: Target = db.target) => {
    forgetReads()
    const rows = await runRead(target, tableBloatEstimate, {})
    if (!rows.ok) throw new Error(rows.problem.message)
    return rows.value.find(({ relname }) => relname === name)
  }
  const sizeOf = async (name: string) =>
    Number((await db.client.query('select pg_relation_size($1::regclass) as bytes', [name])).rows[0].bytes)

  beforeAll(async () => {
    db = await testDatabase(major)
    await steps('create extension pgstattuple', `create role tb_${major} login password 'x' in role pg_monitor`)
    for (const [name, made] of Object.entries(SHAPES)) {
      await steps(...`create table ${name} ${made}`.split('; '), `delete from ${name} where ctid::text like '%5)'`, `vacuum ${name}`)
      await steps(`analyze ${name}`)
    }
  })
  afterAll(async () => {
    await db.client.query(`drop role tb_${major}`)
    await db.drop()
  })

  it.each(Object.keys(SHAPES))('%s: estimate and pgstattuple_approx hold against VACUUM FULL', async (name) => {
    const estimate = await estimateOf(name)
    const before = await sizeOf(name)
    expect(estimate).toMatchObject({ bytes: before, withheld: null })
    const approx = await runRead(db.target, tableApprox, { relid: estimate?.relid ?? 0, limit: 1e9 })
    await db.client.query(`vacuum (full, analyze) ${name}`)
    const after = await sizeOf(name)
    expect((100 * Math.abs((estimate?.rebuilt_bytes ?? 0) - after)) / before).toBeLessThanOrEqual(estimate?.plus_minus ?? 0)
    expect(estimate?.plus_minus).toBeLessThan(8)
    expect((100 * Math.abs((approx.ok ? (approx.value[0]?.rebuilt_bytes ?? 0) : 0) - after)) / before).toBeLessThan(6)
  })

  it('finds nothing to give back in a table that was just rewritten', async () => {
    const row = await estimateOf('holes')
    expect((row?.bytes ?? 0) - (row?.rebuilt_bytes ?? 0)).toBeLessThan(0.04 * (row?.bytes ?? 0))
  })

  it('names the grant for a role that sees no column statistics', async () => {
    expect(await estimateOf('plain', db.as(`tb_${major}`, 'x'))).toMatchObject({
      rebuilt_bytes: null,
      withheld: 'column statistics not visible',
      fix: `GRANT SELECT ON public.plain TO tb_${major}`,
    })
  })

  it('skips a table under an AccessExclusiveLock, held or waited for, and says so', async () => {
    const holder = await db.connect()
    await holder.query('begin; lock table gaps in access exclusive mode')
    expect(await estimateOf('gaps')).toMatchObject({ bytes: null, rebuilt_bytes: null, withheld: 'AccessExclusiveLock' })
    await holder.query('rollback')
  })
})
