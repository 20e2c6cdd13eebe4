import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { cancelRun } from '../runs/cancel'
import { planCommand } from '../runs/planner'

describe.each([14, 18] as const)('a rebuild partition by partition on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  const oidOf = (name: string) => bench.value<number>('select $1::regclass::oid::int8::int', [name])
  const filesOf = (schema: string) =>
    bench.value<Record<string, number>>(
      `select json_object_agg(c.relname, pg_relation_filenode(c.oid)) from pg_class c where c.relkind = 'i' and c.relnamespace = $1::regnamespace`,
      [schema],
    )
  const make = (schema: string) =>
    sql(`create schema ${schema}; create table ${schema}.p (a int, b int) partition by range (a);
      create table ${schema}.p1 partition of ${schema}.p for values from (0) to (10);
      create table ${schema}.p2 partition of ${schema}.p for values from (10) to (20) partition by range (b);
      create table ${schema}.p21 partition of ${schema}.p2 for values from (0) to (10);
      create table ${schema}.p9 partition of ${schema}.p for values from (90) to (99);
      insert into ${schema}.p select 5, 5 from generate_series(1, 100); create index p_b on ${schema}.p (b)`)
  const work = (statements: string[]) => statements.filter((one) => !one.startsWith('SET '))
  /** Somebody who writes to a table, and keeps no snapshot that a build elsewhere would wait for. */
  const write = async (table: string) => {
    const session = await bench.db.connect()
    await session.query(`begin isolation level read committed; lock table ${table} in row exclusive mode`)
    return { end: async () => void (await session.query('rollback')) }
  }
  const waiting = (id: string) => bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)

  it.each([
    ['reindex-index', 'p_b', 'REINDEX INDEX', ['p1_b_idx', 'p21_b_idx', 'p9_b_idx']],
    ['reindex-table', 'p', 'REINDEX TABLE', ['p1', 'p21', 'p9']],
  ])('is a statement for each partition: %s', async (command, name, verb, names) => {
    for (const concurrently of [true, false]) {
      const schema = `s_${command.replace('reindex-', '')}_${concurrently}`
      await make(schema)
      const before = await filesOf(schema)
      await bench.startWorker()
      const { id } = await bench.confirmed(command, { oid: await oidOf(`${schema}.${name}`), concurrently })
      const run = await bench.over(id)
      expect(work(run.plan.statements)).toEqual(names.map((one) => `${verb}${concurrently ? ' CONCURRENTLY' : ''} ${schema}.${one}`))
      expect(run).toMatchObject({
        state: 'succeeded',
        progress: { step: { number: 3, of: 3, name: 'p9' } },
        receipt: { checkedAfter: expect.stringMatching(/every index rebuilt$/), leftovers: [] },
      })
      const after = await filesOf(schema)
      expect(Object.keys(after)).toEqual(Object.keys(before))
      for (const [index, file] of Object.entries(before)) expect(after[index]).not.toBe(file)
    }
  })

  it('is cancelled between partitions, and counts what was done', async () => {
    await make('s_cancel')
    const blocker = await write('s_cancel.p21')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await oidOf('s_cancel.p_b') })
    expect((await waiting(id)).progress?.step).toEqual({ number: 2, of: 3, name: 'p21' })
    await cancelRun(id, DBA)
    const run = await bench.over(id)
    await blocker.end()
    expect(run).toMatchObject({
      state: 'cancelled',
      receipt: { checkedAfter: expect.stringContaining('1 of 3 indexes rebuilt; p21_b_idx; p9_b_idx were not rebuilt') },
    })
  })

  it('leaves out what is dropped or detached meanwhile, and names what came', async () => {
    await make('s_changed')
    const blocker = await write('s_changed.p1')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-table', { oid: await oidOf('s_changed.p') })
    await waiting(id)
    await sql('drop table s_changed.p21')
    await sql('alter table s_changed.p detach partition s_changed.p9')
    await sql('create table s_changed.p5 (a int, b int); create index p5_b on s_changed.p5 (b)')
    await sql('alter table s_changed.p attach partition s_changed.p5 for values from (50) to (60)')
    const before = await filesOf('s_changed')
    await blocker.end()
    const run = await bench.over(id)
    expect(run.state).toBe('succeeded')
    expect(run.receipt?.checkedAfter).toBe(
      '1 of 3 indexes rebuilt; p21_b_idx; p9_b_idx were dropped or detached meanwhile; p5_b came meanwhile and was not rebuilt',
    )
    expect((await filesOf('s_changed')).p9_b_idx).toBe(before.p9_b_idx)
    const log = await bench.logOf(id)
    expect(log).toContain('step 2 of 3 is left out, p21')
    expect(log).toContain('step 3 of 3 is left out, p9')
  })

  it.each(['reindex-index', 'reindex-table'])('works on what somebody has rebuilt since it was confirmed: %s', async (command) => {
    const schema = `s_since_${command.replace('reindex-', '')}`
    await make(schema)
    const name = command === 'reindex-index' ? `${schema}.p_b` : `${schema}.p`
    const { id } = await bench.confirmed(command, { oid: await oidOf(name) })
    await sql(`reindex index concurrently ${schema}.p21_b_idx`)
    const before = await filesOf(schema)
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'succeeded',
      receipt: { checkedAfter: expect.stringMatching(/every index rebuilt$/) },
    })
    for (const [index, file] of Object.entries(await filesOf(schema))) expect(before[index]).not.toBe(file)
    expect(await bench.logOf(id)).not.toContain('left out')
  })

  it('is not begun where a partition was made anew under its name', async () => {
    await make('s_anew')
    const { id } = await bench.confirmed('reindex-table', { oid: await oidOf('s_anew.p') })
    await sql('drop table s_anew.p9; create table s_anew.p9 partition of s_anew.p for values from (90) to (99)')
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringContaining('gone: p9, new: p9') },
    })
  })

  it('tells of no partitions where an older console stored no steps', async () => {
    await make('s_old')
    const { id } = await bench.confirmed('reindex-table', { oid: await oidOf('s_old.p') })
    const home = await bench.home()
    await home.query(
      `update run set plan = plan - 'steps' || '{"statements": ["SET lock_timeout = 0", "SET statement_timeout = 0", "REINDEX TABLE CONCURRENTLY s_old.p"]}' where id = $1`,
      [id],
    )
    await home.end()
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: 'Its statements would be different now. Plan it again.' },
    })
  })

  it('rebuilds the index of TOAST data where a table or a partition has no other', async () => {
    await sql(`create schema s_toast; create table s_toast.p (a int, v text) partition by range (a);
      create table s_toast.p1 partition of s_toast.p for values from (0) to (10); create table s_toast.p2 partition of s_toast.p for values from (10) to (20);
      create index p1_a on s_toast.p1 (a); create table s_toast.alone (v text); create table s_toast.none (a int)`)
    const toastOf = (table: string) =>
      bench.value<string>(
        'select string_agg(pg_relation_filenode(i.indexrelid)::text, $2) from pg_class c join pg_index i on i.indrelid = c.reltoastrelid where c.oid = $1::regclass',
        [table, ' '],
      )
    const before = [await toastOf('s_toast.p2'), await toastOf('s_toast.alone')]
    await bench.startWorker()
    for (const [table, checked] of [
      ['p', 'the index was rebuilt'],
      ['alone', 'the index was rebuilt'],
    ] as const) {
      const { id } = await bench.confirmed('reindex-table', { oid: await oidOf(`s_toast.${table}`) })
      const run = await bench.over(id)
      expect(run).toMatchObject({ state: 'succeeded', receipt: { done: 'yes', checkedAfter: checked } })
      expect(await bench.logOf(id)).not.toContain('left out')
    }
    const after = [await toastOf('s_toast.p2'), await toastOf('s_toast.alone')]
    for (const [at, files] of after.entries()) expect(files).not.toBe(before[at])
    expect(await planCommand(bench.db.target, 'reindex-table', { oid: await oidOf('s_toast.none') })).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
  })

  it('is not begun where its partitions are others than those that were confirmed', async () => {
    await make('s_other')
    const { id } = await bench.confirmed('reindex-index', { oid: await oidOf('s_other.p_b') })
    await sql('drop table s_other.p9; create table s_other.p5 partition of s_other.p for values from (50) to (60)')
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringContaining('gone: p9, new: p5') },
    })
  })
})
