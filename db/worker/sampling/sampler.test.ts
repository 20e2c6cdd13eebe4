import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, MINUTE_MS, type SamplingBench, samplingBench } from '../../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { SETTINGS } from '../../../test/support/test-servers'
import { MAJORS, type Major } from '../../embedded/binaries'
import { type Cluster, startCluster } from '../../embedded/cluster'
import { freePort } from '../../embedded/free-port'
import { settingChanges, timeMarks } from '../../history/events'
import { samplingState } from '../../history/state'
import { closePools } from '../../server/pool'
import type { Sampler } from './sampler'

describe.each(MAJORS)('a server of PostgreSQL %i that is sampled', (major: Major) => {
  let folder: string
  let port: number
  let cluster: Cluster
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  // 100 is the least that the module takes.
  const settings = { ...SETTINGS, 'pg_stat_statements.max': '100' }
  const start = async () => {
    cluster = await startCluster({ major, folder: path.join(folder, 'server'), port, password: 'test', settings })
  }
  const reconnect = async (): Promise<void> => {
    db.client = await db.connect()
  }
  const wholeDay = () => ({ from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) })
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-sampled-'))
    await chmod(folder, 0o755) // the account that the server runs as must get in
    port = await freePort()
    await start()
    db = await testDatabase(major, cluster.url)
    await db.client.query('create extension pg_stat_statements; create table orders (id int); create table others (id int)')
    bench = await samplingBench(db)
    sampler = await bench.open()
    await bench.turn(sampler)
  })
  afterAll(async () => {
    await bench.drop()
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  it('counts an entry that was evicted and came back from its new begin', async () => {
    for (let n = 0; n < 40; n++) await db.client.query('select count(*) from orders')
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from orders')).toBe(40)
    // Whether it is thrown out or taken out: it begins anew, with fewer calls, which is all that 14 to 16 show of it.
    await db.client.query(
      `select pg_stat_statements_reset(0, 0, queryid) from pg_stat_statements where query = 'select count(*) from orders'`,
    )
    const deallocated = async () => Number((await db.client.query('select dealloc from pg_stat_statements_info')).rows[0].dealloc)
    const before = await deallocated()
    for (let n = 1; (await deallocated()) === before; n++) {
      const list = Array.from({ length: n }, (_, at) => `null as c${at}`).join(', ')
      for (let times = 0; times < 12; times++) await db.client.query(`select ${list} from others`)
      if (n > 400) throw new Error('There is room for all')
    }
    // So often that it is not among the least used before it is looked at.
    for (let n = 0; n < 30; n++) await db.client.query('select count(*) from orders')
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from orders')).toBe(70)
    const marks = await timeMarks(bench.serverId, wholeDay())
    expect(marks.map(({ kind }) => kind)).toContain('statements evicted')
  })

  it('tells of a setting that somebody changed', async () => {
    await db.client.query(`alter system set log_min_duration_statement = '250ms'`)
    await db.client.query('select pg_reload_conf()')
    await expect
      .poll(async () => (await db.client.query('show log_min_duration_statement')).rows[0].log_min_duration_statement)
      .toBe('250ms')
    const before = bench.now().toISOString()
    await bench.turn(sampler)
    expect(await settingChanges(bench.serverId, wholeDay())).toMatchObject([
      { name: 'log_min_duration_statement', old: '-1', new: '250ms', newSource: 'configuration file', after: before },
    ])
    const marks = await timeMarks(bench.serverId, wholeDay(), db.target.database)
    expect(marks.filter(({ kind }) => kind === 'setting')).toMatchObject([
      { at: bench.now().getTime(), label: 'log_min_duration_statement: -1 → 250ms' },
    ])
    await bench.turn(sampler)
    expect(await settingChanges(bench.serverId, wholeDay())).toHaveLength(1)
  })

  it('keeps no password of a setting', async () => {
    await db.client.query(`alter system set primary_conninfo = 'host=elsewhere password=hush'`)
    await db.client.query('select pg_reload_conf()')
    await expect.poll(async () => (await db.client.query('show primary_conninfo')).rows[0].primary_conninfo).toContain('hush')
    await bench.turn(sampler)
    const [change] = await settingChanges(bench.serverId, wholeDay())
    expect(change).toMatchObject({ name: 'primary_conninfo', new: 'host=elsewhere password=[redacted]' })
    expect(JSON.stringify(await bench.rows('select * from setting_seen'))).not.toContain('hush')
  })

  it('goes on after a restart, and marks it', async () => {
    for (let n = 0; n < 3; n++) await db.client.query('select count(*) from orders')
    await bench.turn(sampler)
    const before = await callsOf(bench, 'from orders')
    await cluster.stop()
    await start()
    await reconnect()
    for (let n = 0; n < 4; n++) await db.client.query('select count(*) from orders')
    await bench.turn(sampler)
    // The module kept its entries over the restart; whether or not, the four are counted, and nothing else.
    expect(await callsOf(bench, 'from orders')).toBe(before + 4)
    const marks = await timeMarks(bench.serverId, wholeDay())
    expect(marks.filter(({ kind }) => kind === 'restart')).toHaveLength(1)
  })

  it('is left alone for longer and longer while it does not answer, and is sampled again when it does', async () => {
    await cluster.stop()
    expect(await bench.turn(sampler)).toBe(false)
    const failing = await samplingState(bench.serverId)
    expect(failing).toMatchObject({ failures: 1, problem: { kind: 'unreachable' }, failingSince: bench.now().toISOString() })
    expect(Date.parse(failing?.retryAt ?? '') - bench.now().getTime()).toBe(10_000)
    expect(await bench.turn(sampler, 9_000)).toBe(false)
    expect(await samplingState(bench.serverId)).toMatchObject({ failures: 1 })
    for (const [waited, next] of [
      [1_000, 20_000],
      [20_000, 40_000],
      [40_000, 60_000],
    ] as const) {
      await bench.turn(sampler, waited)
      const state = await samplingState(bench.serverId)
      expect(Date.parse(state?.retryAt ?? '') - bench.now().getTime()).toBe(next)
    }
    // A worker that takes over keeps to it.
    await sampler.close()
    sampler = await bench.open()
    expect(await bench.turn(sampler, 1_000)).toBe(false)
    expect(await samplingState(bench.serverId)).toMatchObject({ failures: 4 })

    await start()
    await reconnect()
    expect(await bench.turn(sampler, 60_000)).toBe(true)
    expect(await samplingState(bench.serverId)).toMatchObject({ failures: 0, problem: null, retryAt: null, failingSince: null })
  })

  it('counts as silent when it takes connections and says nothing', async () => {
    await sampler.close()
    sampler = await bench.open({ answerMs: 300 })
    await closePools(bench.serverId) // a connection that is open already would still be served
    process.kill(cluster.pid, 'SIGSTOP')
    try {
      expect(await bench.turn(sampler)).toBe(false)
      expect((await samplingState(bench.serverId))?.failures).toBe(1)
    } finally {
      process.kill(cluster.pid, 'SIGCONT')
    }
    await expect.poll(() => bench.turn(sampler, 10 * MINUTE_MS)).toBe(true)
  })
})
