import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import type { Read, Row } from '../../server/define-read'
import { forgetReads, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { archiver } from './archiver'
import { checkpoints } from './checkpoints'
import { replicationSample } from './replication-sample'
import { replicationSlots } from './replication-slots'
import { standbyConflicts } from './standby-conflicts'
import { standbys } from './standbys'
import { subscriptions } from './subscriptions'
import { walActivity } from './wal-activity'
import { walFiles } from './wal-files'
import { walReceiver } from './wal-receiver'
import { walState } from './wal-state'

const MB = 1024 ** 2

describe.each(MAJORS)('reads of replication and WAL on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let slot: string
  let role: string
  beforeAll(async () => {
    db = await testDatabase(major)
    slot = `slot_${db.target.database}`
    role = `watcher_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; grant pg_monitor to ${role}`)
    await db.client.query('select pg_create_physical_replication_slot($1, true)', [slot])
    await db.client.query(
      `create subscription ${slot} connection 'host=127.0.0.1 dbname=nowhere' publication none with (connect = false, slot_name = NONE)`,
    )
  })
  afterAll(async () => {
    await db.client.query(`drop subscription ${slot}`)
    await db.client.query('select pg_drop_replication_slot($1)', [slot])
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
    await db.drop()
  })
  const rows = async <R extends Read>(read: R, target: Target = db.as(role, 'x')): Promise<Row<R>[]> => {
    forgetReads()
    const answer = await runRead(target, read, {} as never)
    if (!answer.ok) throw new Error(`${read.name}: ${answer.problem.message}`)
    return answer.value
  }

  it('tell settings in bytes and seconds, as pg_settings has them', async () => {
    const [state] = await rows(walState)
    expect(state).toMatchObject({
      sees_all: true,
      sees_settings: true,
      in_recovery: false,
      timeline: 1,
      receive_lsn: null,
      unreplayed_bytes: null,
      wal_level: 'logical',
      wal_segment_bytes: 16 * MB,
      max_slot_wal_keep_bytes: null,
      max_wal_bytes: 128 * MB,
      min_wal_bytes: 32 * MB,
      checkpoint_timeout_seconds: 300,
      archive_mode: 'off',
      archives_by: 'nothing',
      max_standby_streaming_delay_ms: 30_000,
      has_primary_conninfo: false,
      idle_slot_timeout_seconds: major >= 18 ? 0 : null,
      data_checksums: major >= 18,
    })
    const { rows: there } = await db.client.query(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as position`)
    expect(BigInt(state?.position ?? 0)).toBeLessThanOrEqual(BigInt(there[0].position))
  })

  it('tell slots, with what each major knows of them', async () => {
    const [found] = (await rows(replicationSlots)).filter(({ slot_name }) => slot_name === slot)
    expect(found).toMatchObject({
      slot_type: 'physical',
      active: false,
      wal_status: 'reserved',
      safe_bytes: null,
      invalidation_reason: null,
    })
    expect(found?.retained_bytes).toBeGreaterThanOrEqual(0)
    expect(found?.inactive_since === null).toBe(major < 17)
    expect([found?.synced, found?.failover]).toEqual(major < 17 ? [null, null] : [false, false])
    const [sample] = await rows(replicationSample)
    expect(sample?.slots.filter((one) => one.slot === slot)).toMatchObject([{ active: 0 }])
    expect(sample?.standbys).toEqual([])
  })

  it('tell subscriptions, checkpoints, WAL and its files', async () => {
    expect((await rows(subscriptions)).filter(({ subname }) => subname === slot)).toMatchObject([
      { datname: db.target.database, enabled: false, pid: null, apply_error_count: major < 15 ? null : '0' },
    ])
    const requested = async () => Number((await rows(checkpoints))[0]?.requested)
    const before = await requested()
    await db.client.query('checkpoint')
    await expect.poll(requested).toBeGreaterThan(before)
    expect(Number((await rows(walActivity))[0]?.wal_bytes)).toBeGreaterThan(0)
    const [files] = await rows(walFiles)
    expect(files).toMatchObject({ ready: 0, ready_since: null })
    expect(files?.wal_bytes).toBe((files?.segments ?? 0) * 16 * MB)
    expect(await rows(archiver)).toMatchObject([{ failing: false }])
    expect([await rows(standbys), await rows(walReceiver), await rows(standbyConflicts)]).toEqual([[], [], []])
  })
})
