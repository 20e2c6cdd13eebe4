import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { forgetFacts } from '../../server/facts'
import { runRead } from '../../server/run-read'
import { describeIndex } from '../describe-index'
import { brinRanges } from './brin-ranges'

describe.each([14, 18] as const)('ranges of a BRIN index on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const oidOf = async (name: string): Promise<number> =>
    Number((await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid)
  const ranges = async (name = 'log_at') => {
    const read = await runRead(db.target, { ...brinRanges, keep: 0 }, { indexrelid: await oidOf(name) })
    if (!read.ok) throw new Error(read.problem.message)
    return read.value[0]
  }
  const grow = () => db.client.query("insert into log select g, repeat('x', 700) from generate_series(1, 1000) g")
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table log (at int, note text) with (autovacuum_enabled = false)')
    await grow()
    await db.client.query('create index log_at on log using brin (at) with (pages_per_range = 8); create index plain on log (at)')
  })
  afterAll(() => db.drop())

  it('cannot be told without pageinspect', async () => {
    const read = await runRead(db.target, { ...brinRanges, keep: 0 }, { indexrelid: await oidOf('log_at') })
    expect(read.ok ? null : read.problem.kind).toBe('missing_extension')
    const described = await describeIndex(db.target, await oidOf('log_at'), [])
    expect(described.ok && described.value.ranges).toMatchObject({ ok: false, problem: { fix: 'CREATE EXTENSION pageinspect' } })
  })

  it('counts those without a summary, until VACUUM or the function makes one', async () => {
    await db.client.query('create schema ext; create extension pageinspect schema ext')
    forgetFacts()
    const first = await ranges()
    expect(first).toMatchObject({ pages_per_range: 8, autosummarize: false })
    expect(first?.ranges).toBeGreaterThan(5)
    expect(first?.summarized).toBeGreaterThanOrEqual(first?.ranges ?? 0)
    await grow()
    const behind = await ranges()
    expect((behind?.ranges ?? 0) - (behind?.summarized ?? 0)).toBeGreaterThan(5)
    await db.client.query("select brin_summarize_new_values('log_at')")
    const after = await ranges()
    expect(after?.summarized).toBeGreaterThanOrEqual(after?.ranges ?? 0)
    await db.client.query("select brin_desummarize_range('log_at', 0)")
    expect((await ranges())?.summarized).toBe((after?.summarized ?? 0) - 1)
  })

  it('is nothing of an index of another kind, and waits for no lock', async () => {
    expect(await ranges('plain')).toBeUndefined()
    const holder = await db.connect()
    await holder.query('begin; lock table log in access exclusive mode')
    expect(await ranges()).toBeUndefined()
    await holder.query('rollback')
  })
})
