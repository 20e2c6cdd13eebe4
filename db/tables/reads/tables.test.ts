import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { runRead } from '../../server/run-read'
import { listTables } from '../list-tables'
import { tableFindings } from '../table-health'
import { autovacuumSettings, tables } from './tables'

describe.each(MAJORS)('tables on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create table plain (id int primary key, note text);
      insert into plain select g, 'x' from generate_series(1, 20000) g;
      create table tuned (id int) with (autovacuum_vacuum_threshold = 7, autovacuum_vacuum_scale_factor = 0.5,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 9, autovacuum_analyze_scale_factor = 0,
        autovacuum_freeze_max_age = 150000000);
      insert into tuned select generate_series(1, 1000);
      create table off (id int) with (autovacuum_enabled = false);
      insert into off select generate_series(1, 30000);
      create table parted (id int, at date) partition by range (at);
      create table parted_a partition of parted for values from ('2026-01-01') to ('2026-02-01');
      create table parted_b partition of parted for values from ('2026-02-01') to ('2026-03-01') partition by hash (id);
      create table parted_b0 partition of parted_b for values with (modulus 1, remainder 0);
      insert into parted select g, date '2026-01-01' + g % 50 from generate_series(1, 5000) g;
      create materialized view seen as select 1 as one;
      create materialized view ready as select 1 as one; create unique index ready_one on ready (one);
      create materialized view empty as select 1 as one with no data;
      create table "x""; drop table users; --" (id int);
      alter table plain set (autovacuum_enabled = true)`)
    await db.client.query('analyze plain; analyze tuned; analyze off')
    await db.client.query('delete from off where id <= 15000')
    await flushed()
  })
  afterAll(() => db.drop())

  /** 14 has a collector process that counts a little later; from 15 on a backend flushes at its leisure. */
  const flushed = async () => {
    for (let wait = 0; wait < 50; wait++) {
      const { rows } = await db.client.query(`select pg_stat_get_dead_tuples('off'::regclass) as dead, pg_stat_clear_snapshot()`)
      if (rows[0].dead === '15000') return
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error('The statistics never came')
  }

  const read = async () => {
    const result = await runRead(db.target, { ...tables, keep: 0 }, {})
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }
  const named = async (relname: string) => {
    const row = (await read()).find((candidate) => candidate.relname === relname)
    if (!row) throw new Error(`no ${relname}`)
    return row
  }

  it('gives the thresholds of the server', async () => {
    const row = await named('plain')
    expect(row).toMatchObject({ vacuum_at: 50 + 0.2 * 20000, analyze_at: 50 + 0.1 * 20000, freeze_at: 200_000_000, autovacuum: true })
    expect(row.insert_at).toBe(1000 + 0.2 * 20000)
  })

  it("gives the table's own thresholds where it has them", async () => {
    const row = await named('tuned')
    expect(row).toMatchObject({ vacuum_at: 7 + 500, insert_at: null, analyze_at: 9, freeze_at: 150_000_000, own_parameters: true })
  })

  it('caps the threshold from 18 on, by server and by table', async () => {
    const capped = db.client.query('alter table plain set (autovacuum_vacuum_max_threshold = 300)')
    if (major < 18) {
      await expect(capped).rejects.toMatchObject({ code: '22023' })
      return
    }
    await capped
    expect((await named('plain')).vacuum_at).toBe(300)
    await db.client.query('alter table plain set (autovacuum_vacuum_max_threshold = -1)')
    expect((await named('plain')).vacuum_at).toBe(4050)
  })

  it('measures what pg_table_size and pg_indexes_size measure', async () => {
    const { rows } = await db.client.query(`select pg_table_size('plain')::int as t, pg_indexes_size('plain')::int as i`)
    expect(await named('plain')).toMatchObject({ bytes: rows[0].t, index_bytes: rows[0].i, skipped: null })
  })

  it('names a table whose index is locked, and measures the rest', async () => {
    const holder = await db.connect()
    await holder.query('begin; alter index plain_pkey set (fillfactor = 80)')
    const { rows } = await holder.query(
      `select count(*)::int as n from pg_locks where mode = 'AccessExclusiveLock' and relation = 'plain_pkey'::regclass`,
    )
    if (rows[0].n === 0) await holder.query('reindex index plain_pkey')
    const row = await named('plain')
    await holder.query('rollback')
    expect(row.index_bytes).toBeNull()
    expect(row.bytes).toBeGreaterThan(0)
    expect(row.skipped).toMatch(/^AccessExclusiveLock held by pid \d+$/)
  })

  it('does not wait for a table whose lock is held, nor for one that is only waited for', async () => {
    const [reader, waiter] = [await db.connect(), await db.connect()]
    await reader.query('begin; select from tuned limit 1')
    const queued = waiter.query('begin; lock table tuned in access exclusive mode').catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const row = await named('tuned')
    expect(row).toMatchObject({ bytes: null, index_bytes: null })
    expect(row.skipped).toMatch(/waited for/)
    expect((await named('plain')).skipped).toBeNull()
    await reader.query('rollback')
    await queued
    await waiter.query('rollback')
  })

  it('says what a table with autovacuum off needs, and nothing once it is done', async () => {
    const before = tableFindings(await read()).find(({ relname }) => relname === 'off')
    expect(before?.needs).toEqual([
      { command: 'vacuum', reason: 'dead', act: true, partitions: 0 },
      { command: 'analyze', reason: 'modified', act: true, partitions: 0 },
    ])
    await db.client.query('vacuum (analyze) off')
    await expect.poll(async () => tableFindings(await read()).find(({ relname }) => relname === 'off')?.needs).toEqual([])
  })

  it('rolls partitions up to the root, also those two levels down', async () => {
    const findings = tableFindings(await read())
    const root = findings.find(({ relname }) => relname === 'parted')
    expect(root).toMatchObject({ kind: 'partitioned table', partitions: 2, live: '5000', vacuumAt: null })
    expect(root?.bytes).toBeGreaterThan(0)
    expect(root?.needs).toContainEqual({ command: 'analyze', reason: 'uncounted', act: true, partitions: 0 })
    expect(findings.filter(({ kind }) => kind === 'partition').map(({ relname }) => relname)).toEqual(
      expect.arrayContaining(['parted_a', 'parted_b0']),
    )
    expect(findings.some(({ relname }) => relname === 'parted_b')).toBe(false)
    await db.client.query('analyze parted')
    const after = tableFindings(await read()).find(({ relname }) => relname === 'parted')
    expect(after?.needs.some(({ reason, partitions }) => reason === 'uncounted' && partitions === 0)).toBe(false)
  })

  it('filters, sorts and sums up', async () => {
    const list = async (params: Parameters<typeof listTables>[1]) => {
      const result = await listTables(db.target, params)
      if (!result.ok) throw new Error(result.problem.message)
      return result.value
    }
    const bySize = await list({ sort: 'live', q: 'PUBLIC.P' })
    expect(bySize.rows[0]?.relname).toBe('plain')
    expect(bySize.rows.some(({ kind }) => kind === 'partition')).toBe(false)
    expect(bySize.summary).toMatchObject({ total: 8, partitions: 2, views: 3, skipped: [] })
    expect((await list({ q: '"; drop' })).rows).toHaveLength(1)
    expect(await list({ show: 'partitions', limit: 1 })).toMatchObject({ total: 2, rows: [{ kind: 'partition' }] })
  })

  it('says how a materialized view can be refreshed', async () => {
    const views = tableFindings(await read()).filter(({ refresh }) => refresh !== null)
    expect(Object.fromEntries(views.map(({ relname, refresh }) => [relname, refresh]))).toEqual({
      seen: { populated: true, index: null },
      ready: { populated: true, index: 'ready_one' },
      empty: { populated: false, index: null },
    })
  })

  it('says whether autovacuum is on', async () => {
    expect(await runRead(db.target, autovacuumSettings, {})).toEqual({ ok: true, value: [{ autovacuum: true, track_counts: true }] })
  })
})
