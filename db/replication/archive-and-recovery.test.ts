import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOTHING, type ReplicatedServers, replicatedServers } from '../../test/support/replicated'
import type { Past } from '../checks/define-check'
import { archiverBehind } from './checks/archiver-behind'
import { archiverFailing } from './checks/archiver-failing'
import { checkpointsRequested } from './checks/checkpoints-requested'
import { receiverGone } from './checks/receiver-gone'
import { recoveryConflicts } from './checks/recovery-conflicts'
import { syncStandbyMissing } from './checks/sync-standby-missing'
import { walReceiver } from './reads/wal-receiver'
import { walState } from './reads/wal-state'

const MB = 1024 ** 2

describe.each([14, 18] as const)('the archive, commits, recovery and checkpoints of PostgreSQL %i', (major) => {
  let servers: ReplicatedServers
  beforeAll(async () => {
    servers = await replicatedServers(major)
  })
  afterAll(() => servers?.stop())

  it('has an archive that fails, and one that takes nothing', async () => {
    const { on, names, set, write } = servers
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
    const { primary, open, on, atPrimary, rows, found, names, set } = servers
    await set(on, `synchronous_standby_names = 'nobody'`)
    const writer = await open(primary.url)
    const commit = writer.query('insert into shop values (1)')
    await expect.poll(async () => (await rows(atPrimary, walState))[0]?.commits_waiting).toBe(1)
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
    const { standby, open, on, there, atStandby, found, names, set } = servers
    await set(there, `max_standby_streaming_delay = '0'`)
    await on.query('create table old_rows as select n from generate_series(1, 1000) n')
    await standby.caughtUp()
    const query = await open(standby.url)
    await query.query('begin isolation level repeatable read')
    await query.query('select count(*) from old_rows')
    await on.query('delete from old_rows')
    await on.query('vacuum old_rows')
    await expect.poll(() => names(recoveryConflicts, atStandby)).toEqual([['postgres', 'info']])
    expect((await found(recoveryConflicts, atStandby))[0]?.evidence).toContain('1 by rows that it still saw')
    const lately = (conflicts: number): Past => ({ counters: async () => ({ ...NOTHING, seconds: 7200, conflicts }) })
    expect((await found(recoveryConflicts, atStandby, lately(1)))[0]?.severity).toBe('warn')
    expect(await found(recoveryConflicts, atStandby, lately(0))).toEqual([])
    expect(await names(recoveryConflicts)).toEqual([])
  })

  it('has a standby whose receiver is gone, but for one that was told of no primary', async () => {
    const { primary, there, atStandby, rows, names, set } = servers
    const { rows: known } = await there.query('show primary_conninfo')
    const conninfo = String(known[0].primary_conninfo)
    await set(there, `primary_conninfo = '${conninfo.replace(`port=${primary.port}`, 'port=1')}'`)
    await expect.poll(() => names(receiverGone, atStandby)).toEqual([['wal receiver', 'bad']])
    expect(await names(receiverGone)).toEqual([])
    await set(there, `primary_conninfo = ''`)
    await expect.poll(() => names(receiverGone, atStandby)).toEqual([])
    await set(there, `primary_conninfo = '${conninfo}'`)
    await expect.poll(async () => (await rows(atStandby, walReceiver)).length).toBe(1)
    expect(await names(receiverGone, atStandby)).toEqual([])
  })

  it('has checkpoints that come early by WAL, and none by those that somebody asked for', async () => {
    const { on, atPrimary, found, names, set, write } = servers
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
    expect((await found(checkpointsRequested))[0]?.fix).toMatchObject({
      command: 'change-settings',
      input: { set: { max_wal_size: expect.stringMatching(/^\d+MB$/) } },
    })
    const lately = (walBytes: number): Past => ({
      counters: async () => ({ ...NOTHING, seconds: 86_400, checkpoints_timed: 250, checkpoints_req: 30, wal_bytes: walBytes }),
    })
    expect(await found(checkpointsRequested, atPrimary, lately(60 * MB))).toEqual([])
    expect(await found(checkpointsRequested, atPrimary, lately(2048 * MB))).toHaveLength(1)
  })
})
