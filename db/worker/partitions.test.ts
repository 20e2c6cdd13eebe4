import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { cancelRun } from '../runs/cancel'
import { planCommand } from '../runs/planner'

describe.each([14, 18] as const)('the index of a partitioned table on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  /** Every index on what is in the schema, with whether it is valid. */
  const indexes = async (schema: string): Promise<Record<string, boolean>> => {
    const { rows } = await bench.db.client.query(
      `select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = $1::regnamespace order by 1`,
      [schema],
    )
    return Object.fromEntries(rows.map(({ relname, indisvalid }) => [relname, indisvalid]))
  }
  const create = async (definition: string) => bench.over((await bench.confirmed('create-index', { definition })).id)
  const plan = async (definition: string) => {
    const planned = await planCommand(bench.db.target, 'create-index', { definition })
    if (!planned.ok) throw new Error(planned.problem.message)
    return planned.value
  }
  const work = (statements: string[]) => statements.filter((one) => !one.startsWith('SET '))
  /** Somebody who writes to a table, and keeps no snapshot that a build elsewhere would wait for. */
  const write = async (table: string) => {
    const session = await bench.db.connect()
    await session.query(`begin isolation level read committed; lock table ${table} in row exclusive mode`)
    return { end: async () => void (await session.query('rollback')) }
  }
  const TREE = (schema: string) => `create schema ${schema}; create table ${schema}.p (a int, b int, n text) partition by range (a);
    create table ${schema}.p1 partition of ${schema}.p for values from (0) to (10);
    create table ${schema}.p2 partition of ${schema}.p for values from (10) to (20) partition by range (b);
    create table ${schema}.p21 partition of ${schema}.p2 for values from (0) to (10);
    insert into ${schema}.p select 5, 5, 'x' from generate_series(1, 100); insert into ${schema}.p values (12, 3, 'y')`

  it('is built on one partition after another, through all levels', async () => {
    await sql(TREE('c20'))
    const { plan: shown, preflight } = await plan('create index p_b on c20.p (b)')
    expect(shown.statements).toEqual([
      'SET statement_timeout = 0',
      "SET lock_timeout = '2s'",
      'CREATE INDEX p_b ON ONLY c20.p (b)',
      'SET lock_timeout = 0',
      'CREATE INDEX CONCURRENTLY p1_b ON c20.p1 (b)',
      "SET lock_timeout = '2s'",
      'ALTER INDEX c20.p_b ATTACH PARTITION c20.p1_b',
      'CREATE INDEX p2_b ON ONLY c20.p2 (b)',
      'SET lock_timeout = 0',
      'CREATE INDEX CONCURRENTLY p21_b ON c20.p21 (b)',
      "SET lock_timeout = '2s'",
      'ALTER INDEX c20.p2_b ATTACH PARTITION c20.p21_b',
      'ALTER INDEX c20.p_b ATTACH PARTITION c20.p2_b',
    ])
    expect(preflight.map(({ status }) => status)).not.toContain('stop')
    await bench.startWorker()
    const run = await create('create index p_b on c20.p (b)')
    expect(run).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid; 2 of 2 partitions have it', leftovers: [] } })
    expect(await indexes('c20')).toEqual({ p1_b: true, p21_b: true, p2_b: true, p_b: true })
    const { id } = await bench.confirmed('drop-index', run.plan.undoWith?.input ?? {})
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
    expect(await indexes('c20')).toEqual({})
  })

  it('uses what is there, whoever built it, and finishes what ON ONLY left invalid', async () => {
    await sql(TREE('c21'))
    await sql(`create index mine on c21.p1 (b); create index p_b on only c21.p (b); create index p21_b on c21.p21 (b);
      create index p2_b on only c21.p2 (b); alter index c21.p2_b attach partition c21.p21_b`)
    const { plan: shown, preflight } = await plan('create index p_b on c21.p (b)')
    expect(work(shown.statements)).toEqual([
      'ALTER INDEX c21.p_b ATTACH PARTITION c21.mine',
      'ALTER INDEX c21.p_b ATTACH PARTITION c21.p2_b',
    ])
    expect(preflight.find(({ name }) => name === 'name')).toMatchObject({ status: 'pass' })
    await bench.startWorker()
    expect(await create('create index p_b on c21.p (b)')).toMatchObject({ state: 'succeeded' })
    expect(await indexes('c21')).toEqual({ mine: true, p21_b: true, p2_b: true, p_b: true })
    expect((await plan('create index p_b on c21.p (b)')).preflight.find(({ name }) => name === 'name')).toMatchObject({ status: 'stop' })
  })

  it('skips foreign tables, and is valid all the same; a unique one is refused', async () => {
    await sql(`create extension postgres_fdw; create server c24s foreign data wrapper postgres_fdw options (dbname 'x')`)
    await sql(`${TREE('c24')}; create foreign table c24.p3 partition of c24.p for values from (20) to (30) server c24s;
      create foreign table c24.p22 partition of c24.p2 for values from (10) to (20) server c24s`)
    await bench.startWorker()
    const run = await create('create index p_n on c24.p (lower(n)) where p.b > 1')
    expect(work(run.plan.statements)).toEqual([
      'CREATE INDEX CONCURRENTLY p1_n ON c24.p1 ((lower(n))) WHERE b > 1',
      'CREATE INDEX CONCURRENTLY p21_n ON c24.p21 ((lower(n))) WHERE b > 1',
      'CREATE INDEX p2_n ON c24.p2 ((lower(n))) WHERE b > 1',
      'CREATE INDEX p_n ON c24.p ((lower(n))) WHERE b > 1',
    ])
    expect(run).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid; 2 of 2 partitions have it' } })
    expect(await indexes('c24')).toEqual({ p1_n: true, p21_n: true, p2_n: true, p_n: true })
    const { preflight } = await plan('create unique index p_key on c24.p (a, b)')
    expect(preflight.find(({ name }) => name === 'definition')).toMatchObject({ status: 'stop', detail: expect.stringContaining('p3') })
  })

  it('goes on after a cancel where it was, and tells what is there', async () => {
    await sql(TREE('c22'))
    const blocker = await write('c22.p21')
    await bench.startWorker()
    const definition = `create index p_b on c22.p (b) with (fillfactor = 80) where n <> 'z'`
    const { id } = await bench.confirmed('create-index', { definition })
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await cancelRun(id, DBA)
    const cancelled = await bench.over(id)
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      receipt: {
        leftovers: [{ relname: 'p21_b' }],
        checkedAfter: 'invalid; 1 of 2 partitions have it. The same definition, planned again, goes on from there',
      },
    })
    await blocker.end()
    expect(work((await plan(definition)).plan.statements)[0]).toBe('DROP INDEX CONCURRENTLY c22.p21_b')
    const again = await create(definition)
    expect(again).toMatchObject({ state: 'succeeded', plan: { title: 'Go on with p_b on p' } })
    expect(await indexes('c22')).toEqual({ p1_b: true, p21_b: true, p2_b: true, p_b: true })
  })

  it('tries a lock again that it cannot have within 2 s, while others go on', async () => {
    await sql(TREE('c23'))
    const blocker = await write('c23.p2')
    await bench.startWorker()
    const { id } = await bench.confirmed('create-index', { definition: 'create index p_b on c23.p (b)' })
    await expect.poll(() => bench.logOf(id), { timeout: 60_000 }).toContain('try 1 ')
    expect(await indexes('c23')).toEqual({ p1_b: true, p_b: false })
    await blocker.end()
    const run = await bench.over(id)
    expect({ state: run.state, indexes: await indexes('c23') }).toEqual({
      state: 'succeeded',
      indexes: { p1_b: true, p21_b: true, p2_b: true, p_b: true },
    })
  })
})
