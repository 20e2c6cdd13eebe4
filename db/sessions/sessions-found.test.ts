import { describe, expect, it } from 'vitest'
import { checked } from '../../test/support/test-check'
import { MAJORS } from '../embedded/binaries'
import { blockedSessionsAfter } from './checks/blocked-sessions'
import { idleInTransactionAfter } from './checks/idle-in-transaction'
import { longTransactionAfter } from './checks/long-transaction'
import { nearMaxConnections } from './checks/near-max-connections'
import { preparedTransactionAfter } from './checks/prepared-transaction'
import { xminHeldFor } from './checks/xmin-held'

/** A backend goes a moment after its client has heard so. */
const eventually = (none: () => Promise<void>) =>
  expect
    .poll(() =>
      none().then(
        () => 'none',
        (error) => String(error),
      ),
    )
    .toBe('none')

// Times of nought: what counts is found at once, however fast the machine is.
describe.each(MAJORS)('checks on sessions on PostgreSQL %i', (major) => {
  it('finds a transaction that runs for long, until its session ends', () =>
    checked(major, longTransactionAfter(0), async ({ one, none, fix, connect }) => {
      const client = await connect()
      const { rows } = await client.query('select pg_backend_pid() as pid')
      const ended = client.query('begin; select pg_sleep(600)').catch(() => 'ended')
      const found = await one()
      expect(found).toMatchObject({ kind: 'session', pid: rows[0].pid, severity: 'warn', fix: { command: 'terminate-backend' } })
      expect(found.title).toContain('has been open for')
      await fix()
      expect(await ended).toBe('ended')
      await eventually(none)
    }))

  it('finds a session that idles in its transaction, until that ends', () =>
    checked(major, idleInTransactionAfter(0), async ({ one, none, fix, connect }) => {
      const client = await connect()
      await client.query('begin; select 1')
      expect(await one()).toMatchObject({ kind: 'session', severity: 'warn', fix: { command: 'terminate-backend' } })
      const gone = new Promise((resolve) => client.once('end', resolve))
      await fix()
      await gone
      await eventually(none)
    }))

  it('finds whoever is at the root of a chain of waits, once', () =>
    checked(major, blockedSessionsAfter(0), async ({ offend, one, none, fix, connect }) => {
      await offend('create table "the course" (id int primary key, seats int)', 'insert into "the course" values (1, 1), (2, 2)')
      const [root, middle, last] = [await connect(), await connect(), await connect()]
      const { rows } = await root.query('select pg_backend_pid() as pid')
      await root.query('begin; update "the course" set seats = 0 where id = 1')
      await middle.query('begin; update "the course" set seats = 0 where id = 2')
      const waits = [
        middle.query('update "the course" set seats = 3 where id = 1'),
        last.query('update "the course" set seats = 3 where id = 2'),
      ]
      await expect.poll(async () => (await one()).title).toBe(`pid ${rows[0].pid} blocks 2 sessions`)
      expect((await one()).evidence).toContain('Ending it unblocks 1 session now, 1 later.')
      await fix()
      await waits[0]
      await middle.query('commit')
      await Promise.all(waits)
      await eventually(none)
    }))

  it('never offers a session that only waits: neither as a long transaction, nor as a holder of the horizon', () =>
    checked(major, longTransactionAfter(1), async ({ offend, none, connect }) => {
      await offend('create table t (id int primary key, n int)', 'insert into t values (1, 0)')
      const [watcher, root, ...victims] = [await connect(), await connect(), await connect(), await connect(), await connect()]
      await root.query('begin; update t set n = 1')
      const waits = victims.map((victim) => victim.query('update t set n = n + 1'))
      const waiting = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and clock_timestamp() - xact_start > '1.5 s'`
      await expect.poll(async () => (await watcher.query(waiting)).rows[0].count, { timeout: 20_000 }).toBe('3')
      await none()
      await root.query('commit')
      await Promise.all(waits)
    }))

  it('finds each root once, and of a prepared transaction the statement that ends it', () =>
    checked(major, blockedSessionsAfter(0), async ({ offend, one, none, fix, connect }) => {
      await offend('create table t (id int primary key, n int)', 'insert into t values (1, 0)')
      const preparing = await connect()
      await preparing.query('begin; update t set n = 1')
      await preparing.query(`prepare transaction 'left''s'`)
      const victims = [await connect(), await connect()]
      const waits = victims.map((victim) => victim.query('update t set n = n + 1'))
      await expect.poll(async () => (await one()).title).toBe(`Prepared transaction left's blocks 2 sessions`)
      expect(await one()).toMatchObject({ kind: 'server', fix: null, sql: `ROLLBACK PREPARED 'left''s';` })
      await fix()
      await Promise.all(waits)
      await eventually(none)
    }))

  it('offers nobody of a circle, which the server ends itself', () =>
    checked(major, blockedSessionsAfter(0), async ({ offend, one, none, connect }) => {
      await offend('create table t (id int primary key, n int)', 'insert into t values (1, 0), (2, 0)')
      const [a, b] = [await connect(), await connect()]
      for (const [client, id] of [
        [a, 1],
        [b, 2],
      ] as const)
        await client.query(`set deadlock_timeout = '20s'; begin; update t set n = 1 where id = ${id}`)
      const settled = Promise.allSettled([
        a.query('update t set n = 2 where id = 2; commit'),
        b.query('update t set n = 2 where id = 1; commit'),
      ])
      await expect.poll(async () => (await one()).title).toMatch(/^pid \d+ and 1 other session wait for each other$/)
      expect(await one()).toMatchObject({ fix: null, sql: null })
      await offend(`select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
      await settled
      await a.query('rollback')
      await b.query('rollback')
      await eventually(none)
    }))

  it('finds that few connections are left', () =>
    checked(major, nearMaxConnections, async ({ one, none, connect }) => {
      const clients = await Promise.all(Array.from({ length: 52 }, () => connect()))
      expect(await one()).toMatchObject({ kind: 'server', title: expect.stringMatching(/^5\d of 57 connections are in use$/) })
      await Promise.all(clients.map((client) => client.end()))
      await eventually(none)
    }))

  it('finds a prepared transaction that was left; the oldest is for xmin-held to name', () =>
    checked(major, preparedTransactionAfter(0), async ({ offend, one, none, fix }) => {
      await offend('create table t (n int)', `begin; insert into t values (1); prepare transaction 'first'`)
      await none()
      await offend(`begin; insert into t values (2); prepare transaction 'it''s'`)
      expect(await one()).toMatchObject({ kind: 'server', name: "it's", severity: 'warn', since: expect.any(String) })
      await fix()
      await none()
      await offend(`rollback prepared 'first'`)
    }))

  it('finds no prepared transaction that is young', () =>
    checked(major, preparedTransactionAfter(300), async ({ offend, none }) => {
      await offend('create table t (n int)')
      for (const gid of ['first', 'second']) await offend(`begin; insert into t values (1); prepare transaction '${gid}'`)
      await none()
      for (const gid of ['first', 'second']) await offend(`rollback prepared '${gid}'`)
    }))

  it('finds the session, the slot and the prepared transaction that hold the horizon', async () => {
    const spend = 'do $$ begin for n in 1 .. 20 loop perform pg_current_xact_id(); commit; end loop; end $$'
    await checked(major, xminHeldFor(10, 600), async ({ offend, one, none, fix, connect }) => {
      const client = await connect()
      await client.query('begin isolation level repeatable read; select 1')
      await offend(spend)
      expect(await one()).toMatchObject({ kind: 'session', fix: { command: 'terminate-backend' } })
      const gone = new Promise((resolve) => client.once('end', resolve))
      await fix()
      await gone
      await eventually(none)
    })
    await checked(major, xminHeldFor(10, 600), async ({ offend, one, none, fix }) => {
      await offend(`select pg_create_logical_replication_slot('proctor_test', 'pgoutput')`, spend)
      const found = await one()
      expect(found).toMatchObject({ kind: 'server', name: 'proctor_test', sql: `SELECT pg_drop_replication_slot('proctor_test');` })
      expect(found.evidence).toContain('system catalogs')
      await fix()
      await eventually(none)
    })
    await checked(major, xminHeldFor(1_000_000, 0), async ({ offend, one, none, fix }) => {
      await offend('create table t (id int)', 'begin', 'insert into t values (1)', `prepare transaction 'it''s held'`)
      expect(await one()).toMatchObject({ kind: 'server', name: `it's held`, sql: `ROLLBACK PREPARED 'it''s held';` })
      await fix()
      await eventually(none)
    })
  })
})
