import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import type { TestDatabase } from '../../test/support/test-database'
import type { Profile } from '../domain/server-profile'
import { GB } from '../domain/setting-units'
import { MAJORS } from '../embedded/binaries'
import { runRead } from '../server/run-read'
import type { Measured } from '../settings/measured'
import { settings } from '../settings/reads/settings'
import { ALSO_READ, type Recommendation, recommend } from '../settings/recommend'
import { PARAMETER_NAMES } from '../settings/registry'
import type { Sampler } from '../worker/sampling/sampler'
import { insertRows } from './insert-rows'
import { SERVER_DELTA } from './series'
import { tuningFacts } from './tuning-facts'

const PROFILE: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 50 }
/** Spills at the work_mem of this server. */
const SORT = 'select count(*) from (select n from generate_series(1, 100000) n order by -n offset 1) sorted'
/** Each writes WAL enough for a checkpoint at the max_wal_size of this server. */
const ROUNDS = 6
/** What is inserted spills too: the rows of generate_series. */
const SORTS = 8 * ROUNDS

describe.each(MAJORS)('facts for tuning from samples of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  const settled = (sql: string, expected: number) =>
    expect.poll(async () => Number(Object.values((await db.client.query(sql)).rows[0])[0])).toBeGreaterThanOrEqual(expected)
  const requested = major >= 17 ? 'select num_requested from pg_stat_checkpointer' : 'select checkpoints_req from pg_stat_bgwriter'
  const advice = async (name: string, facts: Measured): Promise<Recommendation | undefined> => {
    const rows = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
    if (!rows.ok) throw new Error(rows.problem.message)
    return recommend(rows.value, major, PROFILE, facts).recommendations.find((one) => one.name === name)
  }
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { work_mem: '64kB', max_wal_size: '32MB', min_wal_size: '32MB' })
    await db.client.query('create extension pg_stat_statements; create table filler (note text)')
    bench = await samplingBench(db)
    sampler = await bench.open()
    await bench.turn(sampler)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })

  it('are none of a server that was never sampled', async () => {
    expect(await tuningFacts('another', bench.now())).toEqual({})
  })

  it('are counted, and overrule nothing before a day is over', async () => {
    const before = Number(Object.values((await db.client.query(requested)).rows[0])[0])
    const worker = await db.connect() // its counters are reported when it ends
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < SORTS / ROUNDS; n++) await worker.query(SORT)
      await worker.query(`insert into filler select repeat('x', 1000) from generate_series(1, 20000)`)
      await worker.query('checkpoint')
    }
    await worker.end()
    await settled('select temp_files from pg_stat_database where datname = current_database()', SORTS)
    await settled(requested, before + ROUNDS)
    await bench.turn(sampler)
    const facts = await tuningFacts(bench.serverId, bench.now())
    expect(facts.spills).toMatchObject({ statements: { calls: SORTS + ROUNDS }, window: { samples: 2 } })
    expect(facts.spills?.files).toBeGreaterThanOrEqual(SORTS)
    expect(facts.checkpoints?.requested).toBeGreaterThanOrEqual(ROUNDS)
    expect(facts.checkpoints?.walBytes).toBeGreaterThan(ROUNDS * 20e6)
    expect(facts.peak?.connections).toBeGreaterThanOrEqual(1)
    for (const name of ['work_mem', 'max_wal_size'])
      expect(await advice(name, facts)).toMatchObject({
        measured: false,
        evidence: expect.stringMatching(/^Seen for /),
      })
  })

  it('overrule the formulas after a day', async () => {
    const formula = await advice('work_mem', {})
    // Hours in which nothing happened.
    const [known] = await bench.rows<{ no: number }>('select no from sampled_server')
    const query = async (sql: string, values?: unknown[]) => ({ rows: await bench.rows(sql, values) })
    await insertRows(query, SERVER_DELTA, known?.no ?? 0, bench.now(), [{ seconds: 90_000 }])
    const facts = await tuningFacts(bench.serverId, bench.now())
    const memory = await advice('work_mem', facts)
    expect(memory).toMatchObject({
      measured: true,
      evidence: expect.stringMatching(/^Measured: \d+ temporary files of .* nine of ten of the 54 calls that spilled wrote at most/),
    })
    expect(memory?.recommended).not.toBe(formula?.recommended)
    expect(await advice('max_wal_size', facts)).toMatchObject({
      measured: true,
      why: expect.stringContaining('checkpoints came early'),
      evidence: expect.stringMatching(/^Measured: \d+ of \d+ checkpoints were forced by \d+ MB of WAL/),
    })
  })

  it('begin anew where somebody changed what they speak of', async () => {
    await db.client.query(`alter system set work_mem = '128kB'`)
    await db.client.query('select pg_reload_conf()')
    await expect.poll(async () => (await db.client.query('show work_mem')).rows[0].work_mem).toBe('128kB')
    await bench.turn(sampler)
    const facts = await tuningFacts(bench.serverId, bench.now())
    expect(facts.spills).toMatchObject({ files: 0, statements: null, window: { seconds: 0, since: 'work_mem' } })
    expect(await advice('work_mem', facts)).toMatchObject({
      measured: false,
      evidence: expect.stringContaining('since work_mem was changed'),
    })
    expect(await advice('max_wal_size', facts)).toMatchObject({ measured: true })
  })

  it('count tables that wait for autovacuum: not those that are done, small, or that it leaves alone', async () => {
    for (const [name, rows] of [
      ['waits', 30_000],
      ['small', 9_000],
      ['off', 30_000],
      ['done', 30_000],
    ] as const) {
      const worker = await db.connect()
      await worker.query(`create table ${name} (id int) with (autovacuum_enabled = ${name !== 'off'})`)
      await worker.query(`insert into ${name} select generate_series(1, ${rows})`)
      await worker.query(`analyze ${name}`)
      if (name === 'done') await worker.query(`vacuum ${name}`)
      await worker.query(`delete from ${name}`)
      await worker.end()
    }
    await settled(`select count(*) from pg_stat_user_tables where n_dead_tup > 0 and relname in ('waits', 'small', 'off', 'done')`, 4)
    await bench.turn(sampler, 2 * MINUTE_MS)
    const facts = await tuningFacts(bench.serverId, bench.now())
    expect(facts.backlog).toMatchObject({ most: 1, deadRows: 30_000 })
    expect(facts.backlog?.mean).toBeLessThanOrEqual(1)
    expect(facts.backlog?.mean).toBeGreaterThan(0)
  })
})
