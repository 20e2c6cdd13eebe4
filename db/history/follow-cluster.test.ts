import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { SETTINGS } from '../../test/support/test-servers'
import { findServer } from '../console/servers'
import type { Major } from '../embedded/binaries'
import { type Cluster, startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import type { Sampler } from '../worker/sampling/sampler'
import { newestSample } from './activity'
import { counterTotals } from './counters'
import { settingChanges, timeMarks } from './events'
import { samplingState } from './state'
import { statementTotals } from './statements'

const TEN_S = 10_000
const PASSWORD = 'test'

interface SeriesRow {
  no: number
  current: boolean
  system_identifier: string | null
  timeline: number | null
  version: string | null
}

let folder: string
let port: number
let running: Cluster
let db: TestDatabase
let bench: SamplingBench
let sampler: Sampler

/** Clusters of their own, one after another at one address. */
const start = async (major: Major, name: string): Promise<void> => {
  running = await startCluster({ major, folder: path.join(folder, name), port, password: PASSWORD, settings: SETTINGS })
}
const instead = async (major: Major, name: string): Promise<void> => {
  await running.stop()
  await start(major, name)
}
const ask = async (sql: string, database = db.target.database) => {
  const url = new URL(running.url)
  url.pathname = `/${database}`
  const client = new Client({ connectionString: url.href })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
const furnish = async () => {
  await ask(`create database ${db.target.database}`, 'postgres')
  await ask('create extension pg_stat_statements; create table shop (id int); insert into shop select generate_series(1, 5000)')
}
const buy = async (times: number) => {
  for (let n = 0; n < times; n++) await ask('select count(*) from shop')
}
const identifierNow = async (): Promise<string> => (await ask('select system_identifier::text as id from pg_control_system()'))[0].id
const versionNow = async (): Promise<string> => (await ask(`select split_part(current_setting('server_version'), ' ', 1) as v`))[0].v
const series = () => bench.rows<SeriesRow>('select no, current, system_identifier, timeline, version from sampled_server order by no')
const problems = () =>
  bench.rows(
    'select t.task, t.problem from sampling_turn t join sampled_server s on s.no = t.server where s.current and t.problem is not null',
  )
const always = () => ({ from: new Date(bench.now().getTime() - 30 * MINUTE_MS), to: new Date(bench.now().getTime() + 30 * MINUTE_MS) })
const bought = async (): Promise<number> => {
  const { statements } = await statementTotals(bench.serverId, always(), { filter: { search: 'from shop' } })
  return statements.reduce((sum, { calls }) => sum + calls, 0)
}
const marked = async (kind: string) =>
  (await timeMarks(bench.serverId, always())).filter((mark) => mark.kind === kind).map(({ label }) => label)

const begin = async (major: Major) => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-series-'))
  await chmod(folder, 0o755) // the account that the server runs as must get in
  port = await freePort()
  await start(major, 'first')
  db = await testDatabase(major, running.url)
  await ask('create extension pg_stat_statements; create table shop (id int); insert into shop select generate_series(1, 5000)')
  bench = await samplingBench(db)
  sampler = await bench.open()
  await bench.turn(sampler)
}
afterEach(async () => {
  await bench.drop()
  await running.stop('immediate')
  await rm(folder, { recursive: true, force: true })
})

describe.each([
  [14, 14],
  [18, 18],
  [14, 18],
  [17, 18],
] as const)('an address that leads from a cluster of PostgreSQL %i to another of %i', (one, other) => {
  beforeEach(() => begin(one))

  it('has a series for each, and nothing of one is in the other', async () => {
    await buy(4)
    await bench.turn(sampler)
    expect(await bought()).toBe(4)
    const [first, firstVersion] = [await identifierNow(), await versionNow()]
    const before = await counterTotals(bench.serverId, always())

    await instead(other, 'second')
    await furnish()
    await buy(9)
    const [second, secondVersion] = [await identifierNow(), await versionNow()]
    expect(await bench.turn(sampler)).toBe(true)
    // Everything was looked at anew, by reads of the right major.
    expect(await problems()).toEqual([])
    expect((await samplingState(bench.serverId))?.turns.map(({ task }) => task)).toEqual(
      expect.arrayContaining(['counters', 'activity', 'statements', 'settings', 'sizes', 'tables', 'indexes']),
    )
    expect(await series()).toEqual([
      { no: 1, current: false, system_identifier: first, timeline: 1, version: firstVersion },
      { no: 2, current: true, system_identifier: second, timeline: 1, version: secondVersion },
    ])
    expect(await findServer(bench.serverId)).toMatchObject({ systemIdentifier: first, otherIdentifier: second })
    expect(await marked('another cluster')).toEqual([
      `Another cluster answers: system identifier ${second} (PostgreSQL ${secondVersion}) in place of ${first} (PostgreSQL ${firstVersion})`,
    ])
    expect(await marked('upgrade')).toEqual(other > one ? [`PostgreSQL ${firstVersion} → ${secondVersion}`] : [])
    expect(await marked('restart')).toEqual([])
    expect(await settingChanges(bench.serverId, always())).toEqual([])
    // What the other one had counted before is no activity here.
    expect(await bought()).toBe(0)
    expect(await counterTotals(bench.serverId, always())).toMatchObject({ seconds: 0, xact_commit: 0, wal_bytes: 0 })
    await buy(2)
    await bench.turn(sampler)
    expect(await bought()).toBe(2)
    expect((await newestSample(bench.serverId, bench.now()))?.at).toBe(bench.now().getTime())

    await instead(one, 'first')
    expect(await bench.turn(sampler)).toBe(true)
    expect((await series()).map(({ no, current }) => [no, current])).toEqual([
      [1, true],
      [2, false],
    ])
    expect(await bought()).toBe(4)
    await buy(3)
    await bench.turn(sampler)
    expect(await bought()).toBe(7)
    expect((await marked('another cluster')).at(-1)).toContain(
      `system identifier ${first} (PostgreSQL ${firstVersion}) in place of ${second}`,
    )
    const after = await counterTotals(bench.serverId, always())
    expect(after.wal_bytes).toBeGreaterThanOrEqual(before.wal_bytes)
    expect(after.seconds).toBe(before.seconds + 60)
  })
})

describe.each([14, 18] as const)('what is sampled of PostgreSQL %i', (major) => {
  beforeEach(() => begin(major))

  it('comes from the cluster whose series it goes into, though another has come in the middle of a turn', async () => {
    await sampler.close()
    sampler = await bench.open({ activityMs: MINUTE_MS, statementsMs: TEN_S })
    expect(await bench.turn(sampler)).toBe(true)
    await instead(major, 'second')
    await furnish()
    // Counters, which tell the clusters apart, are not due yet.
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
    expect((await problems()).map(({ task, problem }) => [task, (problem as { kind: string }).kind])).toEqual(
      expect.arrayContaining([
        ['statements', 'another_cluster'],
        ['settings', 'another_cluster'],
      ]),
    )
    expect(await series()).toHaveLength(1)
    expect(await bench.rows(`select * from setting_change`)).toEqual([])
    await bench.turn(sampler, MINUTE_MS)
    expect(await series()).toMatchObject([{ current: false }, { current: true, system_identifier: await identifierNow() }])
    expect(await problems()).toEqual([])
  })

  it('counts anew after a promotion, and goes on with settings', async () => {
    await buy(2)
    await bench.turn(sampler)
    await running.stop()
    await writeFile(path.join(running.dataDir, 'standby.signal'), '')
    await start(major, 'first')
    expect(await bench.turn(sampler)).toBe(true)
    expect(await marked('promotion')).toEqual([])
    await buy(5)
    await bench.turn(sampler)
    const standby = { calls: await bought(), wal: (await counterTotals(bench.serverId, always())).wal_bytes }
    await buy(6)
    await ask('select pg_promote()')
    await ask('create table written ()')
    expect(await bench.turn(sampler)).toBe(true)
    expect(await marked('promotion')).toEqual(['Promoted: timeline 1 → 2'])
    expect(await series()).toMatchObject([{ no: 1, current: true, timeline: 2 }])
    expect({ calls: await bought(), wal: (await counterTotals(bench.serverId, always())).wal_bytes }).toEqual(standby)
    await buy(1)
    await bench.turn(sampler)
    expect(await bought()).toBe(standby.calls + 1)
    expect(await marked('promotion')).toHaveLength(1)
    expect(await bench.rows('select distinct server from setting_seen')).toEqual([{ server: 1 }])
  })

  it('goes on after a minor upgrade, and says it', async () => {
    const version = await versionNow()
    await sampler.close()
    await bench.home.client.query(`update sampled_server set version = '${major}.0'`)
    sampler = await bench.open()
    expect(await bench.turn(sampler)).toBe(true)
    expect(await marked('upgrade')).toEqual([`PostgreSQL ${major}.0 → ${version}`])
    expect(await series()).toMatchObject([{ current: true, version }])
  })

  it('is nobody knows whose while the system identifier is withheld, and of one cluster once that is known', async () => {
    await ask(
      `create role watcher login password 'w'; grant pg_monitor to watcher; revoke execute on function pg_control_system() from public`,
    )
    await sampler.close()
    await bench.home.client.query('delete from sampled_server')
    process.env.DATABASE_URL = db.url.replace('postgres:test@', 'watcher:w@')
    sampler = await bench.open()
    expect(await bench.turn(sampler)).toBe(true)
    expect(await series()).toMatchObject([{ system_identifier: null }])
    // Each attempt is an error in the server's log.
    await bench.turn(sampler)
    expect(
      (await readFile(path.join(folder, 'first', 'server.log'), 'utf8')).match(/permission denied for function pg_control_system/g),
    ).toHaveLength(1)
    await ask('grant execute on function pg_control_system() to watcher')
    await bench.turn(sampler, 61 * MINUTE_MS)
    expect(await series()).toMatchObject([{ current: true, system_identifier: await identifierNow() }])

    await ask('revoke execute on function pg_control_system() from watcher')
    expect(await bench.turn(sampler)).toBe(false)
    const fix = 'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() TO watcher'
    expect(await samplingState(bench.serverId)).toMatchObject({ failures: 1, problem: { kind: 'another_cluster', fix } })
    await ask('grant execute on function pg_control_system() to watcher')
    expect(await bench.turn(sampler)).toBe(true)
    expect(await series()).toHaveLength(1)
  })
})
