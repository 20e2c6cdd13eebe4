import { describe, expect, it } from 'vitest'
import { linksOf } from './links'
import { replicationTitle, settingSize, settingTime } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'

const MB = 1024 ** 2
const STATE = {
  server_now: '2026-11-29T14:00:00.000Z',
  in_recovery: false,
  lsn: '0/3000000',
  receive_lsn: null,
  unreplayed_bytes: null,
  replayed_seconds: null,
  archive_mode: 'off',
  archives_by: 'nothing',
  max_wal_bytes: 64 * MB,
  wal_segment_bytes: 16 * MB,
}
const SLOT = {
  slot_name: 'left',
  slot_type: 'physical',
  plugin: null,
  active: false,
  retained_bytes: 10 * MB,
  wal_status: 'reserved',
  invalidation_reason: null,
  inactive_since: null,
  synced: null,
  limit: 600 * MB,
  reachedAt: null,
}
const STANDBY = {
  pid: 12,
  application_name: 'replica_1',
  client_addr: null,
  state: 'streaming',
  sync_state: 'async',
  slot_name: null,
  slot_type: null,
  plugin: null,
  write_bytes: 0,
  flush_bytes: 0,
  replay_bytes: 19 * 1024,
  write_seconds: null,
  flush_seconds: null,
  replay_seconds: 0.2,
  meant_seconds: null,
}
const answer = (given: object): ReplicationAnswer =>
  ({
    standbys: [],
    slots: [],
    subscriptions: [],
    conflicts: [],
    checks: [],
    receiver: null,
    archiver: null,
    files: null,
    walRate: null,
    walRoom: null,
    grant: null,
    ...given,
    state: { ...STATE, ...('state' in given ? (given.state as object) : {}) },
  }) as unknown as ReplicationAnswer

const drawn = (given: object) => linksOf(answer(given)).map(({ key, tone, broken, incoming }) => [key, tone, broken, incoming])

describe('the picture of replication', () => {
  it('is empty where a server stands alone', () => expect(drawn({})).toEqual([]))

  it('has standbys, slots that nobody reads, and the archive', () => {
    const archiver = { failing: false, archived_seconds: 4, archived_count: '3', failed_count: '0' }
    expect(drawn({ standbys: [STANDBY], slots: [SLOT], archiver, state: { archive_mode: 'on', archives_by: 'command' } })).toEqual([
      ['pid 12', 'ok', false, false],
      ['slot left', 'warn', true, false],
      ['archive', 'ok', false, false],
    ])
  })

  it('shows what is lost, what keeps too much, and what is kept in step without a reader', () => {
    expect(drawn({ slots: [{ ...SLOT, wal_status: 'lost', retained_bytes: null }] })).toEqual([['slot left', 'bad', true, false]])
    expect(drawn({ slots: [{ ...SLOT, retained_bytes: 80 * MB }] })).toEqual([['slot left', 'bad', true, false]])
    expect(drawn({ slots: [{ ...SLOT, synced: true }] })).toEqual([['slot left', 'off', false, false]])
    expect(drawn({ slots: [{ ...SLOT, active: true }] })).toEqual([])
  })

  it('shows a standby from its own side, with and without a connection', () => {
    const receiver = { sender_host: '10.0.0.1', sender_port: 5432, status: 'streaming', slot_name: null }
    expect(drawn({ state: { in_recovery: true }, receiver })).toEqual([['upstream', 'ok', false, true]])
    expect(drawn({ state: { in_recovery: true } })).toEqual([['upstream', 'bad', true, true]])
  })

  it('prints n/a for what a role may not see, and never 0', () => {
    const hidden = {
      ...STANDBY,
      application_name: null,
      state: null,
      sync_state: null,
      write_bytes: null,
      flush_bytes: null,
      replay_bytes: null,
    }
    const [link] = linksOf(answer({ standbys: [hidden] }))
    expect(link).toMatchObject({ name: 'pid 12', tone: 'off' })
    expect(link?.facts.map(({ value }) => value)).toEqual(['n/a', 'n/a', 'n/a'])
  })

  it('has the worst finding as its sentence, and says what was looked at where there is none', () => {
    const finding = { kind: 'server', name: 'left', title: 'Slot left has no reader', severity: 'bad' }
    const check = (findings: object[]) => ({ name: 'slot-inactive', about: '', findings, total: findings.length, problem: null })
    expect(replicationTitle(answer({ slots: [SLOT], checks: [check([finding])] }))).toBe('Slot left has no reader.')
    const dated = { ...SLOT, reachedAt: '2026-12-01T07:30:00.000Z' }
    expect(replicationTitle(answer({ slots: [dated], checks: [check([finding])] }))).toContain('reaches its limit on Tue 1 Dec')
    expect(replicationTitle(answer({ standbys: [STANDBY], slots: [SLOT] }))).toBe('No problems in 1 receiver and 1 slot.')
    expect(replicationTitle(answer({}))).toBe('No standby, no slot and no archive.')
  })
})

it('writes settings as PostgreSQL does', () => {
  expect([settingTime(0), settingTime(30), settingTime(300), settingTime(3600)]).toEqual(['0', '30s', '5min', '1h'])
  expect([settingSize(64 * MB), settingSize(1024 * MB), settingSize(1536 * MB)]).toEqual(['64MB', '1GB', '1536MB'])
})
