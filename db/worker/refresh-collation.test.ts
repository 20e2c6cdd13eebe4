import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { collationVersion } from '../indexes/checks/collation-version'
import { cancelRun } from '../runs/cancel'
import { forgetReads } from '../server/run-read'

describe.each([14, 18] as const)('a refresh of collations on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  const look = async () => {
    forgetReads()
    const found = await collationVersion.look(bench.db.target)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }
  const storedOf = (name: string) =>
    bench.value<string>('select collversion from pg_collation where collname = $1 and collnamespace = $2::regnamespace', ['c', name])
  const files = (schema: string) =>
    bench.value<Record<string, string>>(
      `select json_object_agg(relname, pg_relation_filenode(oid)) from pg_class where relkind = 'i' and relnamespace = $1::regnamespace`,
      [schema],
    )
  /** A collation of its own, so that the tests do not meet; two tables with an index each, in the order in which they are rebuilt. */
  const make = async (schema: string, more = '') => {
    await sql(`create schema ${schema}; create collation ${schema}.c (provider = icu, locale = 'und');
      create table ${schema}.a (v text collate ${schema}.c); create table ${schema}.b (v text collate ${schema}.c);
      insert into ${schema}.a select md5(g::text) from generate_series(1, 2000) g; insert into ${schema}.b select v from ${schema}.a;
      create unique index a_v on ${schema}.a (v); create index b_v on ${schema}.b (v); ${more}
      update pg_collation set collversion = '1.1' where collname = 'c' and collnamespace = '${schema}'::regnamespace`)
    return {
      oids: [
        await bench.value<number>(`select oid::int from pg_collation where collname = 'c' and collnamespace = $1::regnamespace`, [schema]),
      ],
    }
  }
  const refresh = (log: string) => /REFRESH VERSION/.test(log)
  const writer = async (table: string) => {
    const session = await bench.db.connect()
    await session.query(`begin isolation level read committed; lock table ${table} in row exclusive mode`)
    return { end: async () => void (await session.query('rollback')) }
  }
  const waiting = (id: string) => bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)

  it('is what the finding offers: rebuilds each index with a file, then refreshes, and nothing is found', async () => {
    await make(
      's_whole',
      `create table s_whole.p (v text collate s_whole.c, n int) partition by list (n); create table s_whole.p1 partition of s_whole.p for values in (1);
       create table s_whole.p2 partition of s_whole.p for values in (2); create index p_v on s_whole.p (v);
       create table s_whole.x (v text collate s_whole.c); create extension if not exists btree_gist;
       alter table s_whole.x add constraint x_apart exclude using gist (v with =);`,
    )
    const before = await files('s_whole')
    const [finding, ...others] = await look()
    expect(others).toEqual([])
    const { command, input } = finding?.fix ?? { command: '', input: {} }
    await bench.startWorker()
    const { id } = await bench.confirmed(command, input)
    const run = await bench.over(id)
    expect(run.problem).toBeNull()
    expect(run.plan.statements).toEqual([
      'SET statement_timeout = 0',
      'SET lock_timeout = 0',
      ...['a_v', 'b_v', 'p1_v_idx', 'p2_v_idx'].map((name) => `REINDEX INDEX CONCURRENTLY s_whole.${name}`),
      "SET lock_timeout = '2s'",
      'REINDEX INDEX s_whole.x_apart',
      'ALTER COLLATION s_whole.c REFRESH VERSION',
    ])
    expect(run).toMatchObject({ state: 'succeeded', progress: { step: { number: 6, of: 6 } } })
    const now = await storedOf('s_whole')
    expect(now).not.toBe('1.1')
    expect(run.receipt?.checkedAfter).toBe(`5 of 5 indexes rebuilt; version before: s_whole.c 1.1; now: ${now}`)
    const after = await files('s_whole')
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort())
    for (const [name, file] of Object.entries(before)) expect(after[name], name).not.toBe(file)
    expect(await look()).toEqual([])
  })

  it('ends before REFRESH where a rebuild fails', async () => {
    const input = await make(
      's_fails',
      `create function s_fails.f(text) returns int immutable language sql as 'select length($1)'; create index b_w on s_fails.b (s_fails.f(v));`,
    )
    const given = await make('s_other')
    await sql(`create or replace function s_fails.f(text) returns int immutable language sql as 'select length($1) / 0'`)
    await bench.startWorker()
    const { id } = await bench.confirmed('refresh-collation', input)
    const run = await bench.over(id)
    expect(run).toMatchObject({ state: 'failed', problem: { sqlstate: '22012' } })
    expect(refresh(await bench.logOf(id))).toBe(false)
    expect(await storedOf('s_fails')).toBe('1.1')
    expect(run.receipt?.checkedAfter).toBe('2 of 3 indexes rebuilt; not rebuilt: b_w; the version is not refreshed')
    expect(run.receipt?.leftovers).toMatchObject([{ schemaname: 's_fails', relname: 'b_w_ccnew' }])
    // Of another collation nothing was touched; it goes on its own.
    expect(await storedOf('s_other')).toBe('1.1')
    expect((await bench.over((await bench.confirmed('refresh-collation', given)).id)).state).toBe('succeeded')
  })
  it('ends before REFRESH where an index is dropped meanwhile, so that its rebuild is left out', async () => {
    const input = await make('s_left')
    const held = await writer('s_left.a')
    await bench.startWorker()
    const { id } = await bench.confirmed('refresh-collation', input)
    await waiting(id)
    await sql('drop index s_left.b_v')
    await held.end()
    const run = await bench.over(id)
    expect(run).toMatchObject({ state: 'failed', problem: { kind: 'conflict', message: expect.stringContaining('b_v was left out') } })
    expect(run.receipt?.checkedAfter).toBe('1 of 2 indexes rebuilt; dropped meanwhile: b_v; the version is not refreshed')
    expect(run.receipt?.leftovers).toEqual([])
    expect(refresh(await bench.logOf(id))).toBe(false)
    expect(await storedOf('s_left')).toBe('1.1')
  })

  it('ends before REFRESH where it is cancelled, even at its last rebuild', async () => {
    const input = await make('s_cancel')
    const held = await writer('s_cancel.b')
    await bench.startWorker()
    const { id } = await bench.confirmed('refresh-collation', input)
    await bench.until(id, ({ progress }) => progress?.step?.number === 2 && progress.waitingFor.length > 0)
    await cancelRun(id, DBA)
    const run = await bench.over(id)
    await held.end()
    expect(run).toMatchObject({ state: 'cancelled' })
    expect(run.receipt?.checkedAfter).toBe('1 of 2 indexes rebuilt; not rebuilt: b_v; the version is not refreshed')
    expect(run.receipt?.leftovers.map(({ relname }) => relname)).toEqual(['b_v_ccnew'])
    expect(refresh(await bench.logOf(id))).toBe(false)
    expect(await storedOf('s_cancel')).toBe('1.1')
  })

  it('is carried out on an index that somebody has rebuilt since', async () => {
    const input = await make('s_since')
    const { id } = await bench.confirmed('refresh-collation', input)
    await sql('reindex index concurrently s_since.b_v')
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: expect.stringMatching(/^2 of 2 /) } })
  })

  it('is not begun where somebody has refreshed it since', async () => {
    const input = await make('s_done')
    const { id } = await bench.confirmed('refresh-collation', input)
    await sql('alter collation s_done.c refresh version')
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringContaining('by now') },
    })
  })
})
