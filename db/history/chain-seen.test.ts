import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { MAJORS } from '../embedded/binaries'
import { indexPast } from './index-first-seen'
import { seeIndexes } from './see-indexes'

const LONG_AGO = '2026-01-01T00:00:00.000Z'

describe.each(MAJORS)('what is known of an index that a run rebuilds, on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  /** Notes what is there now, as the sampler does. */
  const see = async (at: string) => {
    const { serverId, database } = bench.db.target
    const home = await bench.home()
    await home.query(
      'insert into sampled_server (server_id, current) select $1, true where not exists (select from sampled_server where server_id = $1)',
      [serverId],
    )
    const no = (await home.query('select no from sampled_server where server_id = $1', [serverId])).rows[0].no
    const datid = await bench.value<number>('select oid::int8::int from pg_database where datname = current_database()')
    await home.query('insert into sampled_database values ($1, $2, $3) on conflict do nothing', [no, datid, database])
    const found = await sql(
      `select i.indexrelid::int8::int as indexrelid, i.indrelid::int8::int as relid, n.nspname as schemaname, c.relname as indexrelname,
              pg_stat_get_numscans(c.oid)::text as "idxScan"
         from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'`,
    )
    await seeIndexes((text, values) => home.query(text, values) as never, no, datid, found.rows, at)
    await home.end()
  }
  const firstSeen = async (name: string) => {
    const { serverId, database } = bench.db.target
    const { seen } = await indexPast(serverId, database)
    const oid = await bench.oidOf(name)
    return [...seen.values()].map((indexes) => indexes.get(oid)).find((time) => time !== undefined)
  }

  const oidsOf = async (names: string[]) => {
    const oids: number[] = []
    for (const name of names) oids.push(await bench.oidOf(name))
    return oids
  }

  it('goes on under the new OID, also of expressions, predicates and partitions, and PostgreSQL takes the counters along', async () => {
    await sql(`create table t (a int, b text); insert into t select g, g from generate_series(1, 2000) g;
      create index t_plain on t (a); create index t_more on t (lower(b) text_pattern_ops desc, (a + 1)) include (a) where a > 5 and b <> 'it''s';
      create table p (a int) partition by range (a); create table p1 partition of p for values from (0) to (10);
      create table p2 partition of p for values from (10) to (20); create index p_a on p (a)`)
    const reader = await bench.db.connect()
    await reader.query('set enable_seqscan = off; select from t where a = 7')
    await reader.end()
    const scans = () => bench.value<string>(`select pg_stat_get_numscans('t_plain'::regclass)::text`)
    await expect.poll(scans).toBe('1')
    await see(LONG_AGO)
    const names = ['t_plain', 't_more', 'p1_a_idx', 'p2_a_idx']
    const before = await oidsOf(names)
    await bench.startWorker()
    for (const [command, oid] of [
      ['reindex-table', await bench.oidOf('t')],
      ['reindex-index', await bench.oidOf('p_a')],
    ] as const)
      expect(await bench.over((await bench.confirmed(command, { oid })).id)).toMatchObject({ state: 'succeeded' })
    const after = await oidsOf(names)
    for (const [at, oid] of after.entries()) expect(oid).not.toBe(before[at])
    for (const name of names) expect([name, await firstSeen(name)]).toEqual([name, LONG_AGO])
    expect(await scans()).toBe('1')
    await see('2026-02-01T00:00:00.000Z')
    for (const name of names) expect([name, await firstSeen(name)]).toEqual([name, LONG_AGO])
  })

  const LATER = '2026-02-01T00:00:00.000Z'
  /** A collation to be refreshed, and an index on it for each of three tables, rebuilt in this order. */
  const makeOutdated = async () => {
    await sql(`create collation c (provider = icu, locale = 'und'); create table l1 (v text collate c); create table l2 (v text collate c);
      create table l3 (v text collate c); create index l1_v on l1 (v); create index l2_v on l2 (v); create index l3_v on l3 (v);
      update pg_collation set collversion = '1.1' where collname = 'c' and collnamespace = 'public'::regnamespace`)
    return { oids: [await bench.value<number>(`select oid::int from pg_collation where collname = 'c'`)] }
  }
  const again = (name: string) => sql(`begin; drop index ${name}_v; create index ${name}_v on ${name} (v); commit`)

  it('begins anew where somebody makes an index again beside the run, before its rebuild or after it', async () => {
    const input = await makeOutdated()
    await see(LONG_AGO)
    const writer = await bench.db.connect()
    await writer.query('begin isolation level read committed; lock table l2 in row exclusive mode')
    await bench.startWorker()
    const { id } = await bench.confirmed('refresh-collation', input)
    await bench.until(id, ({ progress }) => progress?.step?.name === 'l2_v' && progress.waitingFor.length > 0)
    await again('l1')
    await again('l3')
    await writer.query('rollback')
    // The one of l3 is no more the one that was confirmed.
    expect(await bench.over(id)).toMatchObject({ state: 'failed', problem: { kind: 'conflict' } })
    await see(LATER)
    expect([await firstSeen('l1_v'), await firstSeen('l2_v'), await firstSeen('l3_v')]).toEqual([LATER, LONG_AGO, LATER])
  })

  it('begins anew where the rebuild waited for whoever made the index again', async () => {
    await sql('create table w (a int); create index w_a on w (a)')
    await see(LONG_AGO)
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('w_a') })
    const other = await bench.db.connect()
    await other.query('begin; drop index w_a; create index w_a on w (a)')
    await bench.startWorker()
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await other.query('commit')
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
    await see(LATER)
    expect(await firstSeen('w_a')).toBe(LATER)
  })

  it('begins anew where somebody made the index again under its name', async () => {
    await sql('create table again (a int, b int); create index again_a on again (a); create index again_b on again (b)')
    await see(LONG_AGO)
    await sql('drop index again_a; create index again_a on again (a)')
    await see('2026-02-01T00:00:00.000Z')
    expect(await firstSeen('again_a')).toBe('2026-02-01T00:00:00.000Z')
  })

  it('is not forgotten by a sample in the midst of the run', async () => {
    await sql(`create table q (a int) partition by range (a); create table q1 partition of q for values from (0) to (10);
      create table q2 partition of q for values from (10) to (20); create index q_a on q (a)`)
    await see(LONG_AGO)
    const writer = await bench.db.connect()
    await writer.query('begin isolation level read committed; lock table q2 in row exclusive mode')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('q_a') })
    await bench.until(id, ({ progress }) => progress?.step?.name === 'q2' && progress.waitingFor.length > 0)
    await see('2026-02-01T00:00:00.000Z')
    await writer.query('rollback')
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
    for (const name of ['q1_a_idx', 'q2_a_idx']) expect([name, await firstSeen(name)]).toEqual([name, LONG_AGO])
  })
})
