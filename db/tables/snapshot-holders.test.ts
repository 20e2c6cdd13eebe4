import { describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { MAJORS } from '../embedded/binaries'
import { readHolders } from './read-holders'
import { formatHolder, formatHolders, holdersOf, type SnapshotHolder } from './snapshot-holders'

const holder = (more: Partial<SnapshotHolder>): SnapshotHolder => ({
  kind: 'session',
  name: '12',
  pid: 12,
  who: 'app',
  state: 'active',
  age: 1,
  seconds: 60,
  hidden: false,
  pace: 0,
  ...more,
})
const holds = (more: Partial<SnapshotHolder>) => holdersOf([holder(more)]).length === 1

describe('who holds dead rows', () => {
  it('is a transaction that has been open for long enough, with others since', () => {
    expect(holds({})).toBe(true)
    expect(holds({ age: 0 })).toBe(false)
    expect(holds({ seconds: 4 })).toBe(false)
    expect(holds({ seconds: 4, state: 'idle in transaction' })).toBe(true)
    expect(holds({ seconds: null })).toBe(false)
    expect(holds({ kind: 'prepared transaction', seconds: 0 })).toBe(true)
  })

  it('is a standby or its slot only beyond what its feedback lags by', () => {
    expect(holds({ kind: 'standby', age: 1_000, pace: 100 })).toBe(false)
    expect(holds({ kind: 'standby', age: 2_000, pace: 100 })).toBe(true)
    expect(holds({ kind: 'replication slot', state: 'active', age: 1_000, pace: 100 })).toBe(false)
    expect(holds({ kind: 'replication slot', state: null, age: 1_000, pace: 100 })).toBe(true)
  })

  it('is one holder, however many parallel workers share its snapshot unseen', () => {
    const unseen = { hidden: true, state: null, seconds: null, age: 9 }
    const found = [
      holder(unseen),
      holder({ ...unseen, pid: 13 }),
      holder({ ...unseen, pid: 14, who: 'other' }),
      holder({ pid: 15, age: 9 }),
    ]
    expect(holdersOf(found).map(({ pid }) => pid)).toEqual([12, 14, 15])
  })

  it('is a session whose times are hidden, where more transactions began than in the time that passes', () => {
    const unseen = { hidden: true, state: null, seconds: null }
    expect(holds({ ...unseen, age: 1, pace: 0 })).toBe(true)
    expect(holds({ ...unseen, age: 400, pace: 100 })).toBe(false)
    expect(holds({ ...unseen, age: 600, pace: 100 })).toBe(true)
    expect(holds({ ...unseen, age: 0 })).toBe(false)
    expect(formatHolder(holder({ ...unseen, grant: 'GRANT pg_read_all_stats TO mini' }))).toBe(
      'pid 12 (app; what it does and since when is hidden from this role, GRANT pg_read_all_stats TO mini shows it)',
    )
  })

  it('is named', () => {
    expect(formatHolder(holder({ state: 'idle in transaction', seconds: 840 }))).toBe('pid 12 (app, idle in transaction), open for 14 min')
    expect(formatHolder(holder({ kind: 'replication slot', name: 'old', state: null, seconds: null }))).toBe(
      'replication slot old, which nobody reads',
    )
    expect(formatHolder(holder({ kind: 'prepared transaction', name: 'x', state: null }))).toBe('prepared transaction x of app, for 60 s')
    expect(formatHolders([holder({}), holder({}), holder({})])).toBe('pid 12 (app, active), open for 60 s, and 2 more')
  })
})

describe.each(MAJORS)('holders on PostgreSQL %i', (major) => {
  it('are no VACUUM, and can be asked for by a role without rights', async () => {
    const db = await databaseOnOwnServer(major)
    try {
      await db.client.query(`create role plain login password 'x'; create table t (n int); insert into t select generate_series(1, 50000)`)
      const own = await db.connect({ user: 'plain', password: 'x' })
      await own.query('begin isolation level repeatable read; select 1')
      const slow = await db.connect()
      await slow.query(`set vacuum_cost_delay = 100; set vacuum_cost_limit = 1`)
      const vacuum = slow.query('vacuum t').catch(() => undefined)
      await expect.poll(async () => (await db.client.query('select count(*)::int as n from pg_stat_progress_vacuum')).rows[0].n).toBe(1)
      await db.client.query('create table later ()')
      for (const target of [db.target, db.as('plain', 'x')])
        await expect
          .poll(
            async () => {
              const found = await readHolders(target)
              return found.ok ? found.value.map(({ kind, who }) => [kind, who]) : found.problem
            },
            { timeout: 10_000 },
          )
          .toEqual([['session', 'plain']])
      await db.client.query('select pg_terminate_backend(pid) from pg_stat_progress_vacuum')
      await vacuum
      await own.query('commit')
      const other = await db.connect()
      await other.query("set application_name = 'elsewhere'; begin isolation level repeatable read; select 1")
      const told = async () => {
        const found = await readHolders(db.as('plain', 'x'))
        return found.ok ? found.value.map(({ kind, who, state, hidden, grant }) => ({ kind, who, state, hidden, grant })) : found.problem
      }
      await db.client.query('create table latest ()')
      const unseen = {
        kind: 'session',
        who: 'elsewhere',
        state: null,
        hidden: true,
        grant: expect.stringMatching(/^GRANT pg_read_all_stats TO plain/),
      }
      // As many transactions as may begin in five seconds go by one by one.
      await expect.poll(async () => (await db.client.query('select pg_current_xact_id()')) && told(), { timeout: 30_000 }).toEqual([unseen])
      await db.client.query('grant pg_read_all_stats to plain')
      await expect
        .poll(told, { timeout: 10_000 })
        .toEqual([{ kind: 'session', who: 'elsewhere', state: 'idle in transaction', hidden: false, grant: undefined }])
    } finally {
      await db.drop()
    }
  })
})
