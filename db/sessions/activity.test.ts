import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { closePools } from '../server/pool'
import { forgetReads, runRead } from '../server/run-read'
import { type Activity, readActivity } from './activity'
import type { BlockingNode } from './blocking'
import { sessionDetail } from './reads/sessions'

describe.each(MAJORS)('what the sessions do on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table "the course" (id int primary key, seats int); insert into "the course" values (1, 1), (2, 2)')
  })
  beforeEach(forgetReads)
  afterAll(() => db.drop())

  const look = async (target = db.target): Promise<Activity> => {
    forgetReads()
    const activity = await readActivity(target)
    if (!activity.ok) throw new Error(activity.problem.message)
    return activity.value
  }

  it('names the row, the lock and who waits behind whom', async () => {
    const [root, middle, last] = await Promise.all([db.connect(), db.connect(), db.connect()])
    await root.query('begin; update "the course" set seats = 0 where id = 1')
    const waits = [middle.query('begin; update "the course" set seats = 5 where id = 1')]
    await expect.poll(async () => (await look()).trees[0]?.all).toBe(1)
    waits.push(last.query('alter table "the course" add column more int'))
    await expect.poll(async () => (await look()).counts.waitingForLock).toBe(2)
    const { trees, sessions, counts } = await look()
    expect(trees[0]).toMatchObject({ direct: 2, all: 2, awaits: null, heldBy: null })
    const all = (nodes: BlockingNode[]): BlockingNode[] => nodes.flatMap((node) => [node, ...all(node.waiters)])
    const updater = all(trees).find(({ awaits }) => awaits?.row)
    const alterer = all(trees).find(({ awaits }) => awaits?.mode === 'AccessExclusiveLock')
    expect(updater?.awaits).toMatchObject({ locktype: 'transactionid', mode: 'ShareLock', relname: 'the course', row: true })
    expect(updater?.heldBy).toMatchObject({ mode: 'ExclusiveLock', granted: true })
    expect(alterer?.awaits).toMatchObject({
      locktype: 'relation',
      mode: 'AccessExclusiveLock',
      schemaname: 'public',
      relname: 'the course',
      row: false,
    })
    expect(alterer?.heldBy).toMatchObject({ mode: 'RowExclusiveLock', granted: true })
    expect(alterer?.others).toHaveLength(1)
    const holder = sessions.find(({ pid }) => pid === trees[0]?.pid)
    expect(holder).toMatchObject({ state: 'idle in transaction', own: false, hidden: false, datname: db.target.database })
    expect(counts).toMatchObject({ max: 60, reserved: 3, hidden: 0 })
    const detail = await runRead(db.target, sessionDetail, { pid: trees[0]?.pid ?? 0 })
    expect(detail.ok && detail.value[0]?.locks.map(({ mode, relname }) => `${mode} ${relname}`)).toContain('RowExclusiveLock the course')
    await root.query('rollback')
    await waits[0]
    await middle.query('rollback')
    await Promise.all(waits)
    await Promise.all([root, middle, last].map((client) => client.end()))
  })

  it('finds the prepared transaction that holds others up', async () => {
    const [maker, waiter] = await Promise.all([db.connect(), db.connect()])
    await maker.query('begin; update "the course" set seats = 0 where id = 2')
    await maker.query(`prepare transaction 'held'`)
    const waits = waiter.query('update "the course" set seats = 1 where id = 2')
    await expect.poll(async () => (await look()).trees.length).toBe(1)
    const { trees, prepared, holders } = await look()
    expect(trees[0]).toMatchObject({ pid: 0, gid: 'held', key: 'prepared held', all: 1 })
    expect(prepared).toMatchObject([{ gid: 'held', database: db.target.database }])
    expect(holders.some(({ kind, name }) => kind === 'prepared transaction' && name === 'held')).toBe(true)
    await maker.query(`rollback prepared 'held'`)
    await waits
    await Promise.all([maker.end(), waiter.end()])
  })

  it('counts what its role may not see, and its own', async () => {
    const role = `looker_${major}`
    await db.client.query(`create role ${role} login password 'look'`)
    const { sessions, counts, seesAll } = await look(db.as(role, 'look'))
    expect(seesAll).toBe(false)
    expect(counts.hidden).toBeGreaterThan(0)
    expect(counts.own).toBeGreaterThan(0)
    expect(counts.total).toBe(counts.own + counts.hidden + counts.active + counts.idle + counts.idleInTransaction + counts.other)
    expect(sessions.find(({ hidden }) => hidden)).toMatchObject({ state: null, query: null, backend_start: null })
    expect(sessions.some(({ own }) => own)).toBe(false)
    await closePools(`${db.target.serverId}-${role}`)
    await db.client.query(`drop role ${role}`)
  })
})
