import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'

describe.each([14, 18] as const)('a VACUUM on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  const dead = async (table: string) => Number((await sql(`select pg_stat_get_dead_tuples('${table}'::regclass) as dead`)).rows[0].dead)
  const filled = async (table: string) => {
    await sql(`create table ${table} (id int primary key) with (autovacuum_enabled = off)`)
    await sql(`insert into ${table} select generate_series(1, 20000)`)
  }
  const vacuum = async (table: string) => bench.over((await bench.confirmed('vacuum-table', { oid: await bench.oidOf(table) })).id)
  const phases = (run: Awaited<ReturnType<typeof vacuum>>) =>
    Object.fromEntries((run.progress?.phases ?? []).map(({ name, state, note }) => [name, state === 'skipped' ? note : state]))

  it('that a snapshot keeps from removing anything says so before and after, and ticks no phase that did not happen', async () => {
    await filled('held')
    const holder = await bench.db.connect()
    const { rows } = await holder.query('select pg_backend_pid() as pid')
    await holder.query('begin isolation level repeatable read; select 1')
    await sql('delete from held where id <= 15000')
    await expect.poll(() => dead('held'), { timeout: 20_000, interval: 300 }).toBe(15_000)
    await expect
      .poll(
        async () =>
          Number(
            (await sql(`select extract(epoch from clock_timestamp() - xact_start) as age from pg_stat_activity where pid = ${rows[0].pid}`))
              .rows[0].age,
          ),
        { timeout: 20_000 },
      )
      .toBeGreaterThan(1)
    await bench.startWorker()
    const run = await vacuum('held')
    const who = expect.stringContaining(`pid ${rows[0].pid} (`)
    expect(run.plan.effect[0]).toEqual(who)
    expect(run.preflight.find(({ name }) => name === 'snapshot')).toMatchObject({ status: 'warn', detail: who })
    expect(run).toMatchObject({ state: 'succeeded', receipt: { deadAfter: '15000', checkedAfter: who } })
    expect(run.receipt?.checkedAfter).toMatch(/^15,000 dead rows stay, kept for pid \d+ .*; vacuumed, says pg_stat_all_tables$/)
    expect(phases(run)).toMatchObject({
      Preflight: 'done',
      'Scan heap': 'done',
      'Vacuum indexes': 'nothing to do',
      'Vacuum heap': 'nothing to do',
      Truncate: 'nothing to do',
      Finish: 'done',
    })
    await holder.query('commit')
    const second = await vacuum('held')
    expect(second.receipt).toMatchObject({ deadAfter: '0', checkedAfter: 'vacuumed, says pg_stat_all_tables' })
    expect(second.preflight.find(({ name }) => name === 'snapshot')).toMatchObject({ status: 'pass' })
    expect(phases(second)).toMatchObject({ 'Vacuum indexes': 'done', 'Vacuum heap': 'done' })
  })
})
