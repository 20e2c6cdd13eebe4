import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplingBench } from '../../test/support/sampling'
import { type Standby as RunningStandby, startStandby } from '../../test/support/standby'
import { testDatabase } from '../../test/support/test-database'
import { SETTINGS } from '../../test/support/test-servers'
import type { Check, Finding, Past } from '../checks/define-check'
import { type Cluster, startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import { lagSeries, slotSeries } from '../history/replication'
import type { Read } from '../server/define-read'
import { closePools } from '../server/pool'
import { forgetReads, runRead } from '../server/run-read'
import { targetFromUrl } from '../server/target-url'
import { archiverBehind } from './checks/archiver-behind'
import { archiverFailing } from './checks/archiver-failing'
import { checkpointsRequested } from './checks/checkpoints-requested'
import { receiverGone } from './checks/receiver-gone'
import { recoveryConflicts } from './checks/recovery-conflicts'
import { slotInactive, slotInactiveAfter } from './checks/slot-inactive'
import { slotLost } from './checks/slot-lost'
import { standbyLag } from './checks/standby-lag'
import { syncStandbyMissing } from './checks/sync-standby-missing'
import { replicationSlots } from './reads/replication-slots'
import { standbys } from './reads/standbys'
import { subscriptions } from './reads/subscriptions'
import { walReceiver } from './reads/wal-receiver'
import { walState } from './reads/wal-state'

const MB = 1024 ** 2
const HOUR_MS = 3_600_000
const CHECKS = [
  slotInactive,
  slotLost,
  standbyLag,
  receiverGone,
  recoveryConflicts,
  archiverFailing,
  archiverBehind,
  checkpointsRequested,
  syncStandbyMissing,
]

describe.each([14, 18] as const)('a primary of PostgreSQL %i with a standby, a subscriber and an archive', (major) => {
  let folder: string
  let primary: Cluster
  let standby: RunningStandby
  const clients: Client[] = []
  const open = async (url: string): Promise<Client> => {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined) // recovery ends the session of a query that conflicts
    await client.connect()
    clients.push(client)
    return client
  }
  let on: Client
  let there: Client
  const atPrimary = () => targetFromUrl(`primary-${major}`, primary.url)
  const atStandby = () => targetFromUrl(`standby-${major}`, standby.url)

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-replicated-'))
    await chmod(folder, 0o755) // the account that the servers run as must get in
    const settings = {
      ...SETTINGS,
      max_wal_size: '64MB',
      min_wal_size: '32MB',
      archive_mode: 'on',
      archive_command: 'true',
      wal_keep_size: '64MB',
    }
    const options = { major, password: 'test', settings }
    primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
    standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
    on = await open(primary.url)
    there = await open(standby.url)
    await on.query('set synchronous_commit = local')
    await on.query('create database subscriber')
    await on.query('create table shop (id int primary key); create publication all_of_it for table shop')
    await on.query(`select pg_create_logical_replication_slot('reader', 'pgoutput')`)
    const reader = await open(primary.url.replace(/postgres$/, 'subscriber'))
    const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=test dbname=postgres`
    await reader.query('create table shop (id int primary key)')
    await reader.query(
      `create subscription reader connection '${conninfo}' publication all_of_it with (create_slot = false, slot_name = 'reader', copy_data = false)`,
    )
  })
  afterAll(async () => {
    for (const client of clients) await client.end().catch(() => undefined)
    await closePools()
    await standby?.stop('immediate')
    await primary?.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  const rows = async <R extends Read>(target = atPrimary(), read: R) => {
    forgetReads()
    const answer = await runRead(target, read, {} as never)
    if (!answer.ok) throw new Error(answer.problem.message)
    return answer.value
  }
  const found = async (check: Check, target = atPrimary(), past?: Past): Promise<Finding[]> => {
    forgetReads()
    const answer = await check.look(target, past)
    if (!answer.ok) throw new Error(answer.problem.message)
    return answer.value
  }
  const names = async (check: Check, target = atPrimary()) =>
    (await found(check, target)).map((one) => [one.kind === 'server' && one.name, one.severity])
  const set = async (client: Client, setting: string) => {
    await client.query(`alter system set ${setting}`)
    await client.query('select pg_reload_conf()')
  }
  /** Writes so many MB of WAL, and goes on to the next file. */
  const write = async (megabytes: number) => {
    await on.query(`select count(pg_logical_emit_message(false, 'test', repeat('x', 1048576))) from generate_series(1, ${megabytes})`)
    await on.query('select pg_switch_wal()')
  }

  it('is read from both sides, and no check says anything', async () => {
    await expect
      .poll(async () => (await rows(atPrimary(), standbys)).map((one) => [one.state, one.slot_type]))
      .toEqual(
        expect.arrayContaining([
          ['streaming', null],
          ['streaming', 'logical'],
        ]),
      )
    await standby.caughtUp()
    await expect
      .poll(async () => (await rows(atPrimary(), standbys)).find((one) => one.slot_type === null))
      .toMatchObject({ sync_state: 'async', replay_bytes: 0, replay_seconds: null, usename: 'postgres' })
    expect(await rows(atPrimary(), walState)).toMatchObject([
      {
        in_recovery: false,
        timeline: 1,
        max_wal_bytes: 64 * MB,
        wal_segment_bytes: 16 * MB,
        max_slot_wal_keep_bytes: null,
        archives_by: 'command',
        sees_all: true,
      },
    ])
    expect(await rows(atStandby(), walState)).toMatchObject([
      { in_recovery: true, timeline: null, replay_paused: false, has_primary_conninfo: true },
    ])
    expect(await rows(atStandby(), walReceiver)).toMatchObject([{ status: 'streaming', sender_port: primary.port }])
    expect(await rows(atPrimary(), replicationSlots)).toMatchObject([
      { slot_name: 'reader', slot_type: 'logical', active: true, wal_status: 'reserved' },
    ])
    expect(await rows(atPrimary(), subscriptions)).toMatchObject([{ subname: 'reader', datname: 'subscriber', enabled: true }])
    for (const check of CHECKS) for (const target of [atPrimary(), atStandby()]) expect(await names(check, target)).toEqual([])
  })

  it('hides what a role without pg_monitor may not see, and says the GRANT', async () => {
    await on.query(`create role visitor login password 'visitor'`)
    await standby.caughtUp()
    const visitor = { ...atPrimary(), serverId: `visitor-${major}`, user: 'visitor', password: 'visitor' }
    expect(await rows(visitor, standbys)).toEqual(expect.arrayContaining([expect.objectContaining({ state: null, replay_bytes: null })]))
    expect(await rows(visitor, walState)).toMatchObject([{ sees_all: false, commits_waiting: null, has_primary_conninfo: null }])
    expect(await found(standbyLag, visitor)).toEqual([])
    await on.query('alter system set archive_command to default')
    const refused = await archiverBehind.look(visitor)
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege', mend: expect.stringContaining('pg_monitor') } })
    await set(on, `archive_command = 'true'`)
    await on.query('grant pg_monitor to visitor')
    forgetReads()
    expect(await archiverBehind.look(visitor)).toMatchObject({ ok: true, value: [] })
  })

  it('has a slot without a reader, with the date of its limit where the rate is known', async () => {
    await on.query(`select pg_create_physical_replication_slot('never_used')`)
    await on.query(`select pg_create_physical_replication_slot('left', true)`)
    expect(await names(slotInactive)).toEqual([])
    await write(20)
    // From 17 on the server tells since when nobody reads; a reader that restarts is back within a minute.
    if (major >= 17) expect(await names(slotInactive)).toEqual([])
    const look = major >= 17 ? slotInactiveAfter(0) : slotInactive
    expect(await names(look)).toEqual([['left', 'info']])
    await write(60)
    expect(await names(look)).toEqual([['left', 'warn']])
    await set(on, `max_slot_wal_keep_size = '150MB'`)
    await expect.poll(async () => names(look)).toEqual([['left', 'bad']])
    const none = (await found(look))[0]?.evidence
    expect(none).toContain('an hour of samples')
    const counted = (seconds: number): Past => ({ counters: async () => ({ ...NOTHING, seconds, wal_bytes: 10 * MB * seconds }) })
    expect((await found(look, atPrimary(), counted(1800)))[0]?.evidence).toContain('an hour of samples')
    expect((await found(look, atPrimary(), counted(7200)))[0]?.evidence).toMatch(
      /36000 MB|35\.2 GB of WAL an hour, that is about \d+ \w+ \d{4} \d\d:\d\d UTC/,
    )
    await on.query((await found(look))[0]?.sql ?? '')
    await on.query(`select pg_drop_replication_slot('never_used')`)
    await on.query('alter system reset max_slot_wal_keep_size')
    await on.query('select pg_reload_conf()')
    expect(await names(look)).toEqual([])
  })

  it('has a standby that is behind, but for while nothing is written', async () => {
    await standby.caughtUp()
    await there.query('select pg_wal_replay_pause()')
    expect(await names(standbyLag)).toEqual([])
    expect(await names(standbyLag, atStandby())).toEqual([])
    await write(20)
    await expect.poll(() => names(standbyLag)).toEqual([['walreceiver', 'warn']])
    await expect.poll(() => names(standbyLag, atStandby())).toEqual([['this standby', 'warn']])
    expect((await found(standbyLag, atStandby()))[0]?.sql).toBe('SELECT pg_wal_replay_resume();')
    await there.query('select pg_wal_replay_resume()')
    await expect.poll(() => names(standbyLag)).toEqual([])
    await expect.poll(() => names(standbyLag, atStandby())).toEqual([])
  })

  it('has an archive that fails, and one that takes nothing', async () => {
    await set(on, `archive_command = 'false'`)
    await write(1)
    await expect.poll(() => names(archiverFailing)).toEqual([['archiver', 'bad']])
    await write(40)
    expect(await names(archiverBehind)).toEqual([]) // told once
    await set(on, `archive_command = 'true'`)
    await write(1)
    await expect.poll(() => names(archiverFailing)).toEqual([])
    await set(on, `archive_command = ''`)
    for (let n = 0; n < 3; n++) await write(1)
    await expect.poll(() => names(archiverBehind)).toEqual([['archiver', 'warn']])
    expect(await names(archiverFailing)).toEqual([])
    await set(on, `archive_command = 'true'`)
    await write(1)
    await expect.poll(() => names(archiverBehind)).toEqual([])
  })

  it('waits for a synchronous standby that is not there', async () => {
    await set(on, `synchronous_standby_names = 'nobody'`)
    const writer = await open(primary.url)
    const commit = writer.query('insert into shop values (1)')
    await expect.poll(async () => (await rows(atPrimary(), walState))[0]?.commits_waiting).toBe(1)
    expect(await names(syncStandbyMissing)).toEqual([['synchronous_standby_names', 'bad']])
    expect((await found(syncStandbyMissing))[0]?.evidence).toContain('1 session waits')
    await set(on, `synchronous_standby_names = 'ANY 1 (walreceiver, nobody)'`)
    await commit
    await expect.poll(() => names(syncStandbyMissing)).toEqual([])
    await set(on, `synchronous_standby_names = 'FIRST 2 (walreceiver, nobody)'`)
    await expect.poll(() => names(syncStandbyMissing)).toEqual([['synchronous_standby_names', 'bad']])
    await set(on, `synchronous_standby_names = ''`)
    await expect.poll(() => names(syncStandbyMissing)).toEqual([])
  })

  it('cancels a query of the standby that recovery cannot wait for', async () => {
    await set(there, `max_standby_streaming_delay = '0'`)
    await on.query('create table old_rows as select n from generate_series(1, 1000) n')
    await standby.caughtUp()
    const query = await open(standby.url)
    await query.query('begin isolation level repeatable read')
    await query.query('select count(*) from old_rows')
    await on.query('delete from old_rows')
    await on.query('vacuum old_rows')
    await expect.poll(() => names(recoveryConflicts, atStandby())).toEqual([['postgres', 'info']])
    expect((await found(recoveryConflicts, atStandby()))[0]?.evidence).toContain('1 by rows that it still saw')
    const lately = (conflicts: number): Past => ({ counters: async () => ({ ...NOTHING, seconds: 7200, conflicts }) })
    expect((await found(recoveryConflicts, atStandby(), lately(1)))[0]?.severity).toBe('warn')
    expect(await found(recoveryConflicts, atStandby(), lately(0))).toEqual([])
    expect(await names(recoveryConflicts)).toEqual([])
  })

  it('has a standby whose receiver is gone, but for one that was told of no primary', async () => {
    const { rows: known } = await there.query('show primary_conninfo')
    const conninfo = String(known[0].primary_conninfo)
    await set(there, `primary_conninfo = '${conninfo.replace(`port=${primary.port}`, 'port=1')}'`)
    await expect.poll(() => names(receiverGone, atStandby())).toEqual([['wal receiver', 'bad']])
    expect(await names(receiverGone)).toEqual([])
    await set(there, `primary_conninfo = ''`)
    await expect.poll(() => names(receiverGone, atStandby())).toEqual([])
    await set(there, `primary_conninfo = '${conninfo}'`)
    await expect.poll(async () => (await rows(atStandby(), walReceiver)).length).toBe(1)
    expect(await names(receiverGone, atStandby())).toEqual([])
  })

  it('has checkpoints that come early by WAL, and none by those that somebody asked for', async () => {
    await set(on, `max_wal_size = '32MB'`)
    await on.query(`select pg_stat_reset_shared('${major >= 17 ? 'checkpointer' : 'bgwriter'}')`)
    await on.query(`select pg_stat_reset_shared('wal')`)
    const [view, column] = major >= 17 ? ['pg_stat_checkpointer', 'num_requested'] : ['pg_stat_bgwriter', 'checkpoints_req']
    const requested = async () => Number((await on.query(`select ${column} as n from ${view}`)).rows[0].n)
    const written = async () => Number((await on.query('select wal_bytes as n from pg_stat_wal')).rows[0].n)
    await expect.poll(requested).toBeLessThan(2)
    await expect.poll(written).toBeLessThan(MB)
    for (let n = 0; n < 12; n++) await on.query('checkpoint')
    await expect.poll(requested).toBeGreaterThanOrEqual(12)
    expect(await names(checkpointsRequested)).toEqual([])
    for (let n = 0; n < 12; n++) {
      const before = await requested()
      await write(36)
      await expect.poll(requested).toBeGreaterThan(before)
    }
    await expect.poll(() => names(checkpointsRequested)).toEqual([['max_wal_size', 'warn']])
    expect((await found(checkpointsRequested))[0]?.mend).toMatchObject({
      command: 'change-settings',
      input: { set: { max_wal_size: expect.stringMatching(/^\d+MB$/) } },
    })
    const lately = (walBytes: number): Past => ({
      counters: async () => ({ ...NOTHING, seconds: 86_400, checkpoints_timed: 250, checkpoints_req: 30, wal_bytes: walBytes }),
    })
    expect(await found(checkpointsRequested, atPrimary(), lately(60 * MB))).toEqual([])
    expect(await found(checkpointsRequested, atPrimary(), lately(2048 * MB))).toHaveLength(1)
  })

  it('is sampled: how far who follows it is, and what its slots keep', async () => {
    const db = await testDatabase(major, primary.url)
    const bench = await samplingBench(db)
    try {
      await bench.turn(await bench.open())
      const around = { from: new Date(bench.now().getTime() - HOUR_MS), to: new Date(bench.now().getTime() + HOUR_MS) }
      const lag = await lagSeries(bench.serverId, around)
      expect(lag.points.map(({ standby: of }) => of)).toEqual(['reader', 'walreceiver'])
      for (const { replay_bytes, replay_time } of lag.points)
        expect(replay_bytes === 0 ? replay_time : null, 'no time where nothing is left to replay').toBeNull()
      expect((await slotSeries(bench.serverId, around)).points).toMatchObject([{ slot: 'reader', active: true }])
    } finally {
      await bench.drop()
      await db.drop()
    }
  })

  it('loses a slot beyond its limit', async () => {
    await set(on, `max_slot_wal_keep_size = '16MB'`)
    await set(on, 'wal_keep_size = 0')
    await on.query(`select pg_create_physical_replication_slot('lost', true)`)
    const lost = async () => (await found(slotLost)).filter((one) => one.kind === 'server' && one.name === 'lost')
    expect(await lost()).toEqual([])
    await write(40)
    await expect.poll(lost).toMatchObject([{ severity: 'bad' }])
    await write(80)
    await on.query('checkpoint')
    await expect.poll(async () => (await lost())[0]?.sql).toBe(`SELECT pg_drop_replication_slot('lost');`)
    expect(await names(slotInactive)).toEqual([]) // told once
    await on.query((await lost())[0]?.sql ?? '')
    expect(await lost()).toEqual([])
  })
})

const NOTHING = {
  seconds: 0,
  wal_bytes: 0,
  checkpoints_timed: 0,
  checkpoints_req: 0,
  conflicts: 0,
  temp_files: 0,
  temp_bytes: 0,
  deadlocks: 0,
  blks_hit: 0,
  blks_read: 0,
}
