import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'

describe.each([14, 18] as const)('what a run leaves as a baseline on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  /** The indexes of which a size was noted as that of a fresh one. */
  const noted = async (): Promise<number[]> => {
    const home = await bench.home()
    const { rows } = await home.query(`delete from index_measurement where method = 'rebuild' returning indexrelid::int8::int`)
    await home.end()
    return rows.map(({ indexrelid }) => indexrelid)
  }
  const run = async (command: string, input: Record<string, unknown>) => {
    const over = await bench.over((await bench.confirmed(command, input)).id)
    expect(over).toMatchObject({ command, state: 'succeeded' })
    return noted()
  }

  it('is nothing where no index is written, however bloated, and the new file where one is', async () => {
    await bench.db.client.query(`create table t with (autovacuum_enabled = off) as select n as id, array[n % 1000, n] as tags from generate_series(1, 20000) n;
      create index t_gin on t using gin (tags); create index t_id on t (id);
      create materialized view seen as select id, tags from t; create unique index seen_id on seen (id); create index seen_gin on seen using gin (tags)`)
    for (const table of ['t', 'seen']) await bench.db.client.query(`vacuum analyze ${table}`)
    const [t, seen] = [await bench.oidOf('t'), await bench.oidOf('seen')]
    // Rows that are counted only later would look like changes beside the runs.
    const counted = (oid: number) =>
      bench.db.client.query('select pg_stat_get_tuples_inserted($1)::int as n', [oid]).then(({ rows }) => rows[0].n)
    for (const oid of [t, seen]) await expect.poll(() => counted(oid)).toBe(20_000)
    await bench.startWorker()
    expect(await run('analyze-table', { oid: t })).toEqual([])
    expect(await run('vacuum-table', { oid: t })).toEqual([])
    expect(await run('refresh-materialized-view', { oid: seen, concurrently: true })).toEqual([])
    expect(await run('set-table-options', { oid: t, set: { autovacuum_vacuum_threshold: '100' } })).toEqual([])
    expect(await run('vacuum-table', { oid: t, full: true })).toEqual([await bench.oidOf('t_gin')])
    expect(await run('reindex-index', { oid: await bench.oidOf('t_id') })).toEqual([await bench.oidOf('t_id')])
    const made = await run('create-index', { definition: 'create index t_new on public.t using gin (tags)' })
    expect(made).toEqual([await bench.oidOf('t_new')])
    expect(await run('reset-statistics', { of: 'relation', oid: t })).toEqual([])
  })
})
