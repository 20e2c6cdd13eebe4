import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MovedAddress, moveableAddress } from '../../../test/support/moved-address'
import { callsOf, MINUTE_MS, type SamplingBench, samplingBench } from '../../../test/support/sampling'
import { type Standby, startStandby } from '../../../test/support/standby'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { SETTINGS } from '../../../test/support/test-servers'
import { type Cluster, startCluster } from '../../embedded/cluster'
import { freePort } from '../../embedded/free-port'
import { counterTotals } from '../../history/counters'
import { timeMarks } from '../../history/events'
import type { Sampler } from './sampler'

const DAY_MS = 86_400_000

describe.each([14, 18] as const)('an address that fails over to a standby of PostgreSQL %i', (major) => {
  let folder: string
  let primary: Cluster
  let standby: Standby
  let address: MovedAddress
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-failover-'))
    await chmod(folder, 0o755) // the account that the servers run as must get in
    const options = { major, password: 'test', settings: SETTINGS }
    primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
    address = await moveableAddress(primary.port)
    db = await testDatabase(major, primary.url.replace(`:${primary.port}`, `:${address.port}`))
    await db.client.query('create extension pg_stat_statements; create table shop (id int)')
    standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
    bench = await samplingBench(db)
    // The servers were started before the first look, and the statement was called.
    bench.set('server', DAY_MS)
    await buy(1)
    sampler = await bench.open()
    await bench.turn(sampler)
  })
  afterEach(async () => {
    await bench.drop()
    await address.close()
    await standby.stop('immediate')
    await primary.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  const buy = async (times: number, port = address.port) => {
    const client = new Client({ connectionString: db.url.replace(`:${address.port}`, `:${port}`) })
    client.on('error', () => undefined)
    await client.connect()
    for (let n = 0; n < times; n++) await client.query('select count(*) from shop')
    await client.end()
  }
  const events = async () => {
    const day = { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + 2 * DAY_MS) }
    return (await timeMarks(bench.serverId, day))
      .filter(({ kind }) => kind !== 'statistics reset' && kind !== 'setting')
      .map(({ kind, label }) => [kind, label])
  }
  const always = () => ({ from: new Date(bench.now().getTime() - 30 * MINUTE_MS), to: new Date(bench.now().getTime() + MINUTE_MS) })

  it('goes on with its series, and subtracts nothing of one server from the other', async () => {
    await buy(8)
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from shop')).toBe(8)
    const before = await counterTotals(bench.serverId, always())
    await standby.caughtUp()
    // Its own counts, which have nothing to do with those of the primary.
    await buy(30, standby.port)
    await primary.stop('immediate')
    await standby.promote()
    address.leadTo(standby.port, { cut: true })
    expect(await bench.turn(sampler)).toBe(true)
    expect(await events()).toEqual([['promotion', 'Promoted: timeline 1 → 2']])
    expect(await bench.rows('select no, timeline, in_recovery as standby from sampled_server')).toEqual([
      { no: 1, timeline: 2, standby: false },
    ])
    expect(await callsOf(bench, 'from shop')).toBe(8)
    expect((await counterTotals(bench.serverId, always())).xact_commit).toBe(before.xact_commit)
    await buy(5)
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from shop')).toBe(13)
  })

  it('does not mix a primary with the standby that answers in its place', async () => {
    await buy(8)
    await bench.turn(sampler)
    await standby.caughtUp()
    address.leadTo(standby.port, { cut: true })
    await buy(20)
    expect(await bench.turn(sampler)).toBe(true)
    expect(await callsOf(bench, 'from shop')).toBe(8)
    expect(await events()).toEqual([])
    await buy(2)
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from shop')).toBe(10)
    expect(await bench.rows('select no, timeline, in_recovery as standby from sampled_server')).toEqual([
      { no: 1, timeline: 1, standby: true },
    ])
  })
})
