import process from 'node:process'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { benchForTests } from '../../test/support/run-bench'

describe.each([14, 18] as const)('a crash in the midst of a run on PostgreSQL %i', (major) => {
  const bench = benchForTests(major, () => databaseOnOwnServer(major, { autovacuum: 'off' }))

  const session = async () => {
    const client = new Client({ connectionString: bench.db.url })
    client.on('error', () => undefined) // the crash ends it
    await client.connect()
    return client
  }

  /** A table with a materialized view that is slow to make, and an index that is slow to build, for the worker alone. */
  const slow = async (table: string): Promise<Client> => {
    const client = await session()
    await client.query(`
      set test.pause = '0';
      create or replace function slowly(int) returns int immutable language plpgsql as
        $$ begin perform pg_sleep(coalesce(current_setting('test.pause', true), '0')::float); return $1; end $$;
      create table ${table} (a int, note text);
      insert into ${table} select i, repeat(md5(i::text), 50) from generate_series(1, 300) i;
      create index ${table}_slow on ${table} (slowly(a));
      create materialized view ${table}_view as select a, note, slowly(a) from ${table};
      alter database ${bench.db.target.database} set test.pause = '1'`)
    return client
  }

  /** Waits until the statement is under way, kills its backend, and gives the run that was told. */
  const crash = async (client: Client, command: string, input: Record<string, unknown>) => {
    await bench.startWorker()
    const { id } = await bench.confirmed(command, input)
    await expect
      .poll(async () => (await client.query(`select from pg_stat_activity where wait_event = 'PgSleep'`)).rowCount, { timeout: 60_000 })
      .toBe(1)
    const { backendPid } = await bench.until(id, (run) => run.backendPid !== null)
    process.kill(backendPid ?? 0, 'SIGKILL')
    return bench.over(id)
  }

  const oidOf = async (client: Client, name: string): Promise<number> =>
    (await client.query('select $1::regclass::oid as oid', [name])).rows[0].oid

  it('leaves files of a rewrite, which the receipt names with their sizes', async () => {
    const client = await slow('rewritten')
    const run = await crash(client, 'vacuum-table', { oid: await oidOf(client, 'rewritten'), full: true })
    expect(run).toMatchObject({ state: 'failed', problem: { kind: 'unreachable' }, receipt: { files: { undecided: 0, problem: null } } })
    const sizes = run.receipt?.files?.files.map(({ bytes }) => bytes) ?? []
    expect(Math.max(...sizes)).toBeGreaterThan(300_000) // the new heap; 300 rows of 1,600 bytes
    expect(await bench.logOf(run.id)).toContain(run.receipt?.files?.files[0]?.path ?? 'none')
  })

  it('leaves files of a refresh, and names none of an earlier crash', async () => {
    const client = await slow('refreshed')
    const run = await crash(client, 'refresh-materialized-view', { oid: await oidOf(client, 'refreshed_view') })
    const begun = Date.parse(run.startedAt ?? '')
    expect(run.receipt?.files?.files.length).toBeGreaterThan(0)
    for (const { modified } of run.receipt?.files?.files ?? []) expect(Date.parse(modified)).toBeGreaterThanOrEqual(begun - 1_000)
  })

  it('may leave files that the role must not look for: the receipt says how to look', async () => {
    const client = await slow('hidden')
    await client.query(`
      create role plain login password 'plain';
      alter table hidden owner to plain;
      grant pg_monitor to plain;
      grant usage, create on schema public to plain`)
    const before = process.env.DATABASE_URL
    process.env.DATABASE_URL = Object.assign(new URL(bench.db.url), { username: 'plain', password: 'plain' }).href
    try {
      const run = await crash(client, 'vacuum-table', { oid: await oidOf(client, 'hidden'), full: true })
      expect(run).toMatchObject({
        state: 'failed',
        receipt: { files: { files: [], problem: { kind: 'insufficient_privilege' }, sql: expect.stringContaining('pg_ls_dir') } },
      })
    } finally {
      process.env.DATABASE_URL = before
    }
  })
})
