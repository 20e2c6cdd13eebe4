import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planForTest } from '../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { COMMANDS } from './registry'

describe.each(MAJORS)('what shuts others out says so, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table busy (id int); create index busy_id on busy (id)')
  })
  afterAll(() => db.drop())

  it.each([
    ['vacuum-table', 'busy', { full: true }],
    ['reindex-table', 'busy', { concurrently: false }],
    ['reindex-index', 'busy_id', { concurrently: false }],
    ['drop-index', 'busy_id', { concurrently: false }],
  ])('%s of %s with %j', async (name, relation, options) => {
    const command = COMMANDS.get(name)
    if (!command) throw new Error(`no command ${name}`)
    const { rows } = await db.client.query('select $1::regclass::oid as oid', [relation])
    const session = await db.connect()
    await session.query(`set application_name = 'metabase'; begin; insert into busy values (1)`)
    const waiter = await db.connect()
    await waiter.query(`set application_name = 'etl'`)
    const waits = waiter.query('begin; lock table busy in share mode; rollback')
    const queued = `select from pg_locks where relation = 'busy'::regclass and not granted`
    await expect.poll(async () => (await db.client.query(queued)).rowCount).toBe(1)
    const busy = await planForTest(db.target, command, { oid: rows[0].oid, ...options })
    await session.query('rollback')
    await waits
    await waiter.end()
    const free = await planForTest(db.target, command, { oid: rows[0].oid, ...options })
    await session.end()
    if (!busy.ok || !free.ok) throw new Error('not planned')
    expect(busy.value.plan).toMatchObject({ alwaysTyped: true, statements: expect.arrayContaining(["SET lock_timeout = '2s'"]) })
    expect(busy.value.plan.locks[0]).toMatchObject({ mode: 'AccessExclusiveLock', waits: expect.stringMatching(/waits?/) })
    expect(busy.value.line('lock-user')).toMatchObject({ status: 'warn', title: 'A session uses the table, 1 session waits for it' })
    expect(busy.value.line('lock-user')?.detail).toMatch(/metabase.*Blocked now: pid \d+, etl.*waits for ShareLock/)
    expect(busy.value.line('lock-holder')).toMatchObject({ status: 'warn', title: 'Another session waits for the table' })
    expect(free.value.line('lock-user')).toMatchObject({ status: 'pass' })
  })
})
