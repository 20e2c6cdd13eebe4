import { describe, expect, it } from 'vitest'
import { age, lockObject, releaseWords } from './activity-messages'
import type { Session } from './activity-types'
import { countShown, grouped, inHeldOrder, listSessions, type SessionFilter } from './list-sessions'

const session = (pid: number, more: Partial<Session> = {}): Session => ({
  pid,
  leader_pid: null,
  backend_start: `2026-11-23T14:00:00.${String(pid).padStart(6, '0')}Z`,
  backend_type: 'client backend',
  datname: 'lms',
  usename: 'teacher',
  application_name: 'web',
  client_addr: null,
  state: 'idle',
  wait_event_type: null,
  wait_event: null,
  xact_seconds: null,
  query_seconds: null,
  state_seconds: 1,
  wait_seconds: null,
  xmin_age: null,
  xid_age: null,
  query_id: null,
  query: 'select 1',
  own: false,
  others_run: false,
  hidden: false,
  awaits: null,
  blocked_by: null,
  ...more,
})

const ALL: SessionFilter = { show: 'all', q: '', user: null, app: null, datname: null, sort: 'xact', dir: 'desc' }
const pids = (rows: Session[], filter: Partial<SessionFilter> = {}) => listSessions(rows, { ...ALL, ...filter }).map(({ row }) => row.pid)

describe('the list of sessions', () => {
  const rows = [
    session(1, { state: 'active', xact_seconds: 5, application_name: 'metabase' }),
    session(2, { state: 'idle in transaction', xact_seconds: 60, query: 'update courses' }),
    session(3, { usename: 'student' }),
    session(4, { leader_pid: 1, state: 'active', backend_type: 'parallel worker', xact_seconds: 5 }),
  ]

  it('has the oldest transaction first, and workers with their leader', () => {
    const lines = listSessions(rows, ALL)
    expect(lines.map(({ row }) => row.pid)).toEqual([2, 1, 3])
    expect(lines[1]?.workers.map(({ pid }) => pid)).toEqual([4])
  })

  it('is filtered by state, by who it is, and by any word of it', () => {
    expect(pids(rows, { show: 'idle-in-transaction' })).toEqual([2])
    expect(pids(rows, { user: 'student' })).toEqual([3])
    expect(pids(rows, { app: 'metabase' })).toEqual([1])
    expect(pids(rows, { q: 'COURSES' })).toEqual([2])
    expect(pids(rows, { q: '4' })).toEqual([1]) // its worker
    expect(countShown(rows, 'active')).toBe(1)
  })

  it('shows a worker whose leader is not there by itself', () => {
    expect(pids([session(9, { leader_pid: 8 })])).toEqual([9])
  })

  it('is grouped, the largest group first', () => {
    const groups = grouped(listSessions(rows, ALL), 'user')
    expect(groups.map(({ name, lines }) => [name, lines.length])).toEqual([
      ['teacher', 2],
      ['student', 1],
    ])
  })

  it('keeps its order while it is held: what ended is marked, what is new comes last', () => {
    const held = listSessions(rows, ALL)
    const now = listSessions(
      [session(7, { xact_seconds: 900 }), session(3, { xact_seconds: 99, usename: 'student' }), rows[0] as Session],
      ALL,
    )
    expect(inHeldOrder(held, now).map(({ row, ended }) => [row.pid, ended ?? false])).toEqual([
      [2, true],
      [1, false],
      [3, false],
      [7, false],
    ])
  })
})

describe('words about locks', () => {
  const lock = {
    locktype: 'relation',
    datname: 'lms',
    schemaname: 'public',
    relname: 'courses',
    relation: 1,
    row: false,
    transactionid: null,
    virtualxid: null,
  }

  it('name what is waited for', () => {
    expect(lockObject(lock)).toBe('courses')
    expect(lockObject({ ...lock, schemaname: 'old', row: true, locktype: 'tuple' })).toBe('a row of old.courses')
    expect(lockObject({ ...lock, relname: null, schemaname: null, relation: 77, datname: 'other' })).toBe('relation 77 of database other')
    expect(lockObject({ ...lock, relname: null, relation: null, locktype: 'transactionid', transactionid: '12' })).toBe('transaction 12')
    expect(lockObject({ ...lock, locktype: 'extend' })).toBe('extend of courses')
  })

  it('say what an end would give', () => {
    expect(releaseWords({ all: 3, releases: 1 })).toBe('Ending it unblocks 1 session now, 2 later')
    expect(releaseWords({ all: 1, releases: 1 })).toBe('Ending it unblocks 1 session now')
    expect(releaseWords({ all: 2, releases: 0 })).toContain('no session')
    expect(age(0.4)).toBe('< 1 s')
    expect(age(null)).toBe('–')
  })
})
