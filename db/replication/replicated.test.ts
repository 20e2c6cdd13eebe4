import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOTHING, type ReplicatedServers, replicatedServers } from '../../test/support/replicated'
import { samplingBench } from '../../test/support/sampling'
import { testDatabase } from '../../test/support/test-database'
import type { DelayedStandby, Past } from '../checks/define-check'
import { delayedStandbys, lagSeries, slotSeries, slotsReadUntil } from '../history/replication'
import { forgetReads } from '../server/run-read'
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

describe.each([14, 18] as const)('a primary of PostgreSQL %i with a standby and a subscriber', (major) => {
  let servers: ReplicatedServers
  beforeAll(async () => {
    servers = await replicatedServers(major)
  })
  afterAll(() => servers?.stop())

  it('is read from both sides, and no check says anything', async () => {
    const { primary, standby, atPrimary, atStandby, rows, names } = servers
    await expect
      .poll(async () => (await rows(atPrimary, standbys)).map((one) => [one.state, one.slot_type]))
      .toEqual(
        expect.arrayContaining([
          ['streaming', null],
          ['streaming', 'logical'],
        ]),
      )
    await standby.caughtUp()
    await expect
      .poll(async () => (await rows(atPrimary, standbys)).find((one) => one.slot_type === null))
      .toMatchObject({ sync_state: 'async', replay_bytes: 0, replay_seconds: null, usename: 'postgres' })
    expect(await rows(atPrimary, walState)).toMatchObject([
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
    expect(await rows(atStandby, walState)).toMatchObject([
      { in_recovery: true, timeline: null, replay_paused: false, has_primary_conninfo: true },
    ])
    expect(await rows(atStandby, walReceiver)).toMatchObject([{ status: 'streaming', sender_port: primary.port }])
    expect(await rows(atPrimary, replicationSlots)).toMatchObject([
      { slot_name: 'reader', slot_type: 'logical', active: true, wal_status: 'reserved' },
    ])
    expect(await rows(atPrimary, subscriptions)).toMatchObject([{ subname: 'reader', datname: 'subscriber', enabled: true }])
    for (const check of CHECKS) for (const target of [atPrimary, atStandby]) expect(await names(check, target)).toEqual([])
  })

  it('hides what a role without pg_monitor may not see, and says the GRANT', async () => {
    const { standby, on, atPrimary, rows, found, set } = servers
    await on.query(`create role visitor login password 'visitor'`)
    await standby.caughtUp()
    const visitor = { ...atPrimary, serverId: `visitor-${major}`, user: 'visitor', password: 'visitor' }
    expect(await rows(visitor, standbys)).toEqual(expect.arrayContaining([expect.objectContaining({ state: null, replay_bytes: null })]))
    expect(await rows(visitor, walState)).toMatchObject([{ sees_all: false, commits_waiting: null, has_primary_conninfo: null }])
    expect(await found(standbyLag, visitor)).toEqual([])
    await on.query('alter system set archive_command to default')
    const refused = await archiverBehind.look(visitor)
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege', fix: expect.stringContaining('pg_monitor') } })
    await set(on, `archive_command = 'true'`)
    await on.query('grant pg_monitor to visitor')
    forgetReads()
    expect(await archiverBehind.look(visitor)).toMatchObject({ ok: true, value: [] })
  })

  it('has a slot without a reader, with the date of its limit where the rate is known', async () => {
    const { on, atPrimary, found, names, set, write } = servers
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
    const counted = (seconds: number): Past => ({ counters: async () => ({ ...NOTHING, seconds, wal_bytes: 10 * MB * seconds }) })
    // Without a limit the disk is one: that of this machine, where these servers lie.
    const endless = async (seconds: number) => (await found(look, atPrimary, counted(seconds)))[0]
    expect((await endless(1800))?.evidence).toContain('an hour of samples')
    expect((await endless(7200))?.evidence).toMatch(/are free\. At the mean rate .* that is about \d+ \w+ \d{4} \d\d:\d\d UTC/)
    const proposed = (await found(look))[0]?.also
    expect(proposed).toMatchObject({
      command: 'change-settings',
      input: { set: { max_slot_wal_keep_size: expect.stringMatching(/^\d+[GM]B$/) } },
    })
    await set(on, `max_slot_wal_keep_size = '150MB'`)
    await expect.poll(async () => names(look)).toEqual([['left', 'bad']])
    expect((await found(look))[0]?.also).toMatchObject({ input: { set: { max_slot_wal_keep_size: '300MB' } } })
    const none = (await found(look))[0]?.evidence
    expect(none).toContain('an hour of samples')
    expect((await found(look, atPrimary, counted(1800)))[0]?.evidence).toContain('an hour of samples')
    expect((await found(look, atPrimary, counted(7200)))[0]?.evidence).toMatch(
      /36000 MB|35\.2 GB of WAL an hour, that is about \d+ \w+ \d{4} \d\d:\d\d UTC/,
    )
    if (major < 17) {
      const read = { slotsRead: async () => new Map([['left', '2026-01-01T00:00:00.000Z']]) }
      expect((await found(look, atPrimary, read))[0]?.since).toBe('2026-01-01T00:00:00.000Z')
    }
    await on.query((await found(look))[0]?.sql ?? '')
    await on.query(`select pg_drop_replication_slot('never_used')`)
    await on.query('alter system reset max_slot_wal_keep_size')
    await on.query('select pg_reload_conf()')
    expect(await names(look)).toEqual([])
  })

  it('has a standby that is behind, but for while nothing is written', async () => {
    const { standby, there, atPrimary, atStandby, found, names, write } = servers
    await standby.caughtUp()
    await there.query('select pg_wal_replay_pause()')
    expect(await names(standbyLag)).toEqual([])
    expect(await names(standbyLag, atStandby)).toEqual([])
    await write(20)
    await expect.poll(() => names(standbyLag)).toEqual([['walreceiver', 'warn']])
    // As it would be if somebody had asked for it: what has come there is no lag.
    const meant = (delayed: DelayedStandby) => found(standbyLag, atPrimary, { delayed: async () => [delayed] })
    await expect.poll(() => meant({ name: 'walreceiver', slot: null, seconds: 3600 })).toEqual([])
    expect(await meant({ name: 'another', slot: null, seconds: 3600 })).toHaveLength(1)
    expect(await meant({ name: 'walreceiver', slot: 'a_slot', seconds: 3600 })).toHaveLength(1)
    await expect.poll(() => names(standbyLag, atStandby)).toEqual([['this standby', 'warn']])
    expect((await found(standbyLag, atStandby))[0]?.sql).toBe('SELECT pg_wal_replay_resume();')
    await there.query('select pg_wal_replay_resume()')
    await expect.poll(() => names(standbyLag)).toEqual([])
    await expect.poll(() => names(standbyLag, atStandby)).toEqual([])
  })

  it('is sampled: how far who follows it is, and what its slots keep', async () => {
    const { primary } = servers
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
      expect([...(await slotsReadUntil(bench.serverId, around.to)).keys()]).toEqual(['reader'])
      // As if the console sampled a standby of the cluster, which somebody has delayed by an hour.
      const delayed = { id: 'delayed', name: 'delayed' }
      await bench.rows(
        `insert into server select (jsonb_populate_record(null::server, to_jsonb(s) || $1::jsonb)).* from server s where id = $2`,
        [delayed, bench.serverId],
      )
      expect(await delayedStandbys(bench.serverId)).toEqual([])
      await bench.rows(
        `with o as (insert into sampled_server (server_id, system_identifier, in_recovery)
                    select 'delayed', system_identifier, true from sampled_server where server_id = $1 and current returning no)
         insert into setting_seen (server, name, value, unit, source, pending_restart, at)
         select no, name, value, unit, 'configuration file', false, now() from o,
                (values ('recovery_min_apply_delay', '3600000', 'ms'), ('cluster_name', '', null), ('primary_slot_name', 'copy', null)) x (name, value, unit)`,
        [bench.serverId],
      )
      expect(await delayedStandbys(bench.serverId)).toEqual([{ name: 'walreceiver', slot: 'copy', seconds: 3600 }])
    } finally {
      await bench.drop()
      await db.drop()
    }
  })

  it('loses a slot beyond its limit', async () => {
    const { on, found, names, set, write } = servers
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
    expect((await lost())[0]?.fix).toMatchObject({ command: 'drop-replication-slot', input: { slot: 'lost' } })
    expect(await names(slotInactive)).toEqual([]) // told once
    await on.query((await lost())[0]?.sql ?? '')
    expect(await lost()).toEqual([])
  })
})
