import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { connectionSeries, newestSample, peakConnections, queryWaits, waitSeries, xminHolders } from '../../history/activity'
import { ioTotals, relationTotals } from '../../history/block-totals'
import { counterTotals, findingSeries, sizeSeries } from '../../history/counters'
import { timeMarks } from '../../history/events'
import { indexHistory } from '../../history/indexes'
import { sampledAt, samplingState } from '../../history/state'
import { statementApplications, statementExamples } from '../../history/statement-words'
import { tableSizeHistory } from '../../history/tables'
import { dailyIds, dailySequences } from '../../history/used-up'
import type { Sampler } from './sampler'

const HOUR_MS = 60 * MINUTE_MS

describe.each(MAJORS)('samples of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  const around = () => ({ from: new Date(bench.now().getTime() - 3 * HOUR_MS), to: new Date(bench.now().getTime() + HOUR_MS) })
  const settled = (sql: string, expected: number) =>
    expect.poll(async () => Number(Object.values((await db.client.query(sql)).rows[0])[0])).toBeGreaterThanOrEqual(expected)
  beforeAll(async () => {
    db = await testDatabase(major)
    const maker = await db.connect() // its counters are reported when it ends
    // The second one is for the counters of tables: sessions that stay report what they did to the first at a moment of their own.
    for (const name of ['t', 'followed'])
      await maker.query(
        `create table ${name} (id int primary key, note text); insert into ${name} select n from generate_series(1, 500) n; analyze ${name}`,
      )
    await maker.end()
    bench = await samplingBench(db)
    sampler = await bench.open()
    await bench.turn(sampler)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })
  it('show sessions by what they wait for, with an example, and leave Proctor out', async () => {
    const [holder, waiter] = [await db.connect(), await db.connect()]
    await holder.query(`begin; update t set note = 'held' where id = 42`)
    await waiter.query(`set application_name = 'shop'`)
    const waiting = waiter.query(`update t set note = 'a secret of mine' where id = 42`)
    await settled(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`, 1)
    await bench.turn(sampler, 10_000)
    const { rows } = await db.client.query(
      `select query_id::text as id, (select oid from pg_database where datname = current_database()) as dbid
         from pg_stat_activity where application_name = 'shop'`,
    )
    const { id, dbid } = rows[0]
    await holder.query('rollback')
    await waiting
    const { points } = await waitSeries(bench.serverId, around(), { queryid: id, dbid })
    expect(points).toMatchObject([{ type: 'Lock', event: 'transactionid' }])
    expect(points[0]?.sessions).toBeGreaterThan(0)
    expect(await queryWaits(bench.serverId, id, dbid, around())).toEqual([{ type: 'Lock', event: 'transactionid', sessions: 1, share: 1 }])
    const examples = await statementExamples(bench.serverId, id, dbid)
    expect(examples).toMatchObject([{ query: `update t set note = 'a secret of mine' where id = 42`, applicationName: 'shop' }])
    expect(await statementApplications(bench.serverId, id, dbid)).toMatchObject([{ applicationName: 'shop', seen: 1 }])
    expect(await bench.rows(`select * from statement_application where application_name like 'proctor%'`)).toEqual([])
    const connections = await connectionSeries(bench.serverId, around())
    expect(Math.max(...connections.points.map((point) => point.peak))).toBeGreaterThanOrEqual(3)
    expect(await peakConnections(bench.serverId, around())).toMatchObject({ max_connections: 60 })
    const newest = await newestSample(bench.serverId)
    expect(newest).toMatchObject({ at: Math.floor(bench.now().getTime() / 10_000) * 10_000, max_connections: 60, reserved: 3 })
    expect(newest?.total).toBeGreaterThanOrEqual(3)
    expect(newest?.idle_in_transaction).toBeGreaterThanOrEqual(1)
    expect(await newestSample('nobody')).toBeNull()
    expect(await sampledAt(bench.serverId, 'sizes')).toBeLessThanOrEqual(bench.now().getTime())
    expect(await sampledAt(bench.serverId, 'no such task')).toBeNull()
  })

  it('keep no values where that is switched off', async () => {
    const before = await bench.rows('select id from statement_example')
    await sampler.close()
    sampler = await bench.open({ keepExamples: false })
    const [holder, waiter] = [await db.connect(), await db.connect()]
    await holder.query(`begin; update t set note = 'held' where id = 42`)
    const waiting = waiter.query(`update t set id = 42, note = 'another secret' where id = 42`)
    await settled(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`, 1)
    await bench.turn(sampler)
    await holder.query('rollback')
    await waiting
    expect(await bench.rows('select id from statement_example')).toEqual(before)
  })

  it('say who holds the oldest xmin, as one episode', async () => {
    const slot = `slot_${major}`
    await db.client.query(`select pg_create_logical_replication_slot('${slot}', 'pgoutput')`)
    await bench.turn(sampler, 10_000)
    await bench.turn(sampler, 10_000)
    await db.client.query(`select pg_drop_replication_slot('${slot}')`)
    const holders = await xminHolders(bench.serverId, around())
    expect(holders).toMatchObject([{ kind: 'replication slot', identity: slot, lastSeen: bench.now().toISOString() }])
    expect(Date.parse(holders[0]?.lastSeen ?? '') - Date.parse(holders[0]?.firstSeen ?? '')).toBe(10_000)
  })

  it('count what databases did, and tell of a reset', async () => {
    await settled(`select tup_inserted from pg_stat_database where datname = current_database()`, 1_000)
    await bench.turn(sampler, 10_000)
    const before = await counterTotals(bench.serverId, around(), db.target.database)
    const { rows } = await db.client.query(`select tup_inserted::int as n from pg_stat_database where datname = current_database()`)
    const worker = await db.connect()
    await worker.query('begin; insert into t select n from generate_series(1000, 1299) n; commit')
    await worker.query('begin; rollback')
    await worker.end()
    await settled(`select tup_inserted from pg_stat_database where datname = current_database()`, rows[0].n + 300)
    await bench.turn(sampler, 10_000)
    const after = await counterTotals(bench.serverId, around(), db.target.database)
    expect(after.tup_inserted - before.tup_inserted).toBeGreaterThanOrEqual(300)
    expect(after.tup_inserted - before.tup_inserted).toBeLessThan(500) // rows of the catalog beside, not those from before
    expect(after.xact_rollback - before.xact_rollback).toBeGreaterThanOrEqual(1)
    expect(after.wal_bytes).toBeGreaterThan(before.wal_bytes)
    expect(after.proctor_time).toBeGreaterThan(0)

    await db.client.query('select pg_stat_reset()')
    await settled('select count(stats_reset) from pg_stat_database where datname = current_database()', 1)
    await bench.turn(sampler, 10_000)
    // A reset is told by the server's clock, not by the bench's.
    const today = { from: new Date(Date.now() - HOUR_MS), to: new Date(Date.now() + HOUR_MS) }
    const kinds = (await timeMarks(bench.serverId, today, db.target.database)).map(({ kind }) => kind)
    expect(kinds).toContain('statistics reset')
    const again = await counterTotals(bench.serverId, around(), db.target.database)
    expect(again.tup_inserted).toBe(after.tup_inserted)
  })

  it('follow blocks by relation, and I/O by backend', async () => {
    const pkey = Number((await db.client.query(`select 't_pkey'::regclass::oid as oid`)).rows[0].oid)
    await bench.turn(sampler, 10 * MINUTE_MS)
    await bench.turn(sampler, 10_000)
    const before = await relationTotals(bench.serverId, db.target.database, around(), 10)
    const worker = await db.connect()
    await worker.query(`set enable_seqscan = off`)
    await worker.query('do $$ begin for n in 1..15000 loop perform from t where id = n % 500; end loop; end $$')
    await worker.end()
    await settled(`select pg_stat_get_blocks_fetched('t_pkey'::regclass)`, 15_000)
    await bench.turn(sampler)
    await bench.turn(sampler, 10 * MINUTE_MS)
    const after = await relationTotals(bench.serverId, db.target.database, around(), 10)
    const hitOf = ({ relations }: typeof after) => relations.find(({ relid }) => relid === pkey)?.hit ?? 0
    expect(hitOf(after) - hitOf(before)).toBeGreaterThanOrEqual(15_000)
    expect(hitOf(after) - hitOf(before)).toBeLessThan(60_000)
    expect(after.seconds - before.seconds).toBeGreaterThanOrEqual(600)
    expect(after.user.hit).toBeGreaterThanOrEqual(hitOf(after))
    expect(after.to - after.from).toBeGreaterThanOrEqual(10 * MINUTE_MS)
    expect(await relationTotals(bench.serverId, 'no such database', around(), 10)).toMatchObject({ seconds: 0, relations: [] })
    const { rows } = await ioTotals(bench.serverId, around())
    const backend = rows.find((row) => row.backend_type === 'client backend' && row.object === 'relation' && row.context === 'normal')
    if (major < 16) expect(rows).toEqual([])
    else expect(backend?.hits).toBeGreaterThanOrEqual(15_000)
  })

  it('follow tables, indexes and sizes', async () => {
    const { rows } = await db.client.query(`select 'followed'::regclass::oid as relid, 'followed_pkey'::regclass::oid as indexrelid`)
    const { relid, indexrelid } = rows[0]
    const worker = await db.connect()
    await worker.query(`create sequence near as smallint; create sequence far; select setval('near', 20000), nextval('far')`)
    const near = Number((await worker.query(`select 'near'::regclass::oid as oid`)).rows[0].oid)
    await worker.query('update followed set note = 1 where id <= 100')
    await worker.query('set enable_seqscan = off')
    for (let n = 0; n < 5; n++) await worker.query(`select from followed where id = ${n}`)
    await worker.end()
    await settled(`select least(n_tup_upd, idx_scan - 4) from pg_stat_user_tables where relname = 'followed'`, 1)
    const updated = `select coalesce(sum(n_tup_upd), 0)::int as upd, coalesce(sum(idx_scan), 0)::int as scans from table_delta_60 where relid = $1`
    await bench.turn(sampler)
    const [first] = await bench.rows<{ upd: number; scans: number }>(updated, [relid])
    expect(first?.upd).toBe(100)
    expect(first?.scans).toBeGreaterThanOrEqual(5)
    await bench.turn(sampler, HOUR_MS)
    await bench.turn(sampler, HOUR_MS)
    const history = await indexHistory(bench.serverId, db.target.database, [indexrelid], around())
    expect(history.length).toBeGreaterThanOrEqual(2)
    expect(history[0]?.bytes).toBeGreaterThan(0)
    expect(history.reduce((sum, { scans }) => sum + (scans ?? 0), 0)).toBeGreaterThanOrEqual(5)
    const sizes = await sizeSeries(bench.serverId, around())
    expect(sizes.some(({ datname, bytes }) => datname === db.target.database && bytes > 0)).toBe(true)
    const sized = (await tableSizeHistory(bench.serverId, db.target.database, [relid], around())).at(-1)
    const { rows: now } = await db.client.query('select pg_table_size($1)::int as files, pg_indexes_size($1)::int as indexes', [relid])
    expect({ files: (sized?.heap ?? 0) + (sized?.toast ?? 0), indexes: sized?.indexes }).toEqual(now[0])
    const { xids, mxids } = await dailyIds(bench.serverId, bench.now())
    expect(xids.length).toBeGreaterThanOrEqual(1)
    expect(xids.at(-1)?.value).toBeGreaterThan(700)
    expect(mxids.at(-1)?.value).toBeGreaterThanOrEqual(1)
    const [{ members }] = (await bench.rows<{ members: number }>('select max(members)::int as members from id_sample_3600')) as [
      { members: number },
    ]
    expect(members).toBe(52_352) // the one file of a fresh server
    const [[seqrelid, values] = [], ...more] = [...(await dailySequences(bench.serverId, db.target.database, bench.now()))]
    expect(more).toEqual([]) // the other sequence has only begun
    expect({ seqrelid, last: values?.at(-1)?.value }).toEqual({ seqrelid: near, last: 20_000 })
    const findings = await findingSeries(bench.serverId, around(), db.target.database)
    expect(findings.map(({ verdict }) => verdict)).toContain('constraint')
    const state = await samplingState(bench.serverId)
    expect(state?.turns.map(({ task }) => task)).toEqual([
      'activity',
      'blocks',
      'counters',
      'ids',
      'indexes',
      'io',
      'replication',
      'sequences',
      'settings',
      'sizes',
      'statements',
      'table sizes',
      'tables',
    ])
    expect(state?.turns.find(({ task }) => task === 'statements')?.problem?.kind).toBe('missing_extension')
  })
})
