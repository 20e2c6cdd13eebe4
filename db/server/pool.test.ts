import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { CONNECTIONS_PER_SERVER, closePools, limitConnections, openConnections, withConnection } from './pool'
import { inDatabase, type Target } from './target'

describe.each(MAJORS)('connections to PostgreSQL %i', (major) => {
  let db: TestDatabase
  let others: TestDatabase[]
  let targets: Target[]
  beforeAll(async () => {
    db = await testDatabase(major)
    others = [await testDatabase(major), await testDatabase(major)]
    targets = [db, ...others].map(({ target }) => inDatabase(db.target, target.database))
  })
  afterEach(async () => {
    limitConnections(CONNECTIONS_PER_SERVER)
    await closePools(db.target.serverId)
  })
  afterAll(async () => {
    for (const other of others) await other.drop()
    await db.drop()
  })

  const OPEN = `select count(*)::int as n from pg_stat_activity where application_name = 'proctor' and datname = any ($1)`
  const seen = async (): Promise<number> => (await db.client.query(OPEN, [targets.map(({ database }) => database)])).rows[0].n

  /** Looks at the server again and again until `work` is done; the most connections that it showed. */
  async function mostDuring(work: Promise<unknown>): Promise<number> {
    let most = 0
    let over = false
    const done = work.finally(() => {
      over = true
    })
    while (!over) most = Math.max(most, await seen())
    await done
    return most
  }

  it.each([CONNECTIONS_PER_SERVER, 2, 1])('are never more than %i, over all databases and however many ask', async (limit) => {
    limitConnections(limit)
    const asked = Array.from({ length: 60 }, (_, at) =>
      withConnection(targets[(at * 7) % 3] as Target, async (client) => {
        const { rows } = await client.query('select pg_sleep(0.005), current_database() as name')
        return rows[0].name
      }),
    )
    expect(await mostDuring(Promise.all(asked))).toBeLessThanOrEqual(limit)
    expect(await Promise.all(asked)).toEqual(asked.map((_, at) => targets[(at * 7) % 3]?.database))
    expect(openConnections().find(({ serverId }) => serverId === db.target.serverId)).toMatchObject({ busy: 0 })
  })

  it('serve the next one, until they are closed', async () => {
    const pid = () => withConnection(db.target, async (client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid)
    const first = await pid()
    expect(await pid()).toBe(first)
    const later = performance.now() + 60_000
    const old = vi.spyOn(performance, 'now').mockReturnValue(later)
    expect(await pid()).toBe(first) // one that has grown old is used for the last time
    const second = await pid()
    old.mockRestore()
    expect(second).not.toBe(first)
    await closePools(db.target.serverId)
    await expect.poll(seen).toBe(0)
    expect(await pid()).not.toBe(first)
  })

  it('are made anew when the server has ended them, idle or lent', async () => {
    const end = (pid: number) => db.client.query('select pg_terminate_backend($1)', [pid])
    const pid = await withConnection(db.target, async (client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid)
    await end(pid)
    await expect.poll(() => openConnections().find(({ serverId }) => serverId === db.target.serverId)?.open).toBe(0)
    const lent = withConnection(db.target, async (client) => {
      const { rows } = await client.query('select pg_backend_pid() as pid')
      await end(rows[0].pid)
      await turn()
      return client.query('select 1')
    })
    await expect(lent).rejects.toThrow()
    const { rows } = await withConnection(db.target, (client) => client.query('select 1 as one'))
    expect(rows).toEqual([{ one: 1 }])
  })

  it('of a server that has stopped answering are given up, and whoever waits for one is told at once', async () => {
    limitConnections(1)
    const pidOf = async () => (await withConnection(db.target, (client) => client.query('select pg_backend_pid() as pid'))).rows[0].pid
    const stopped = await pidOf()
    vi.stubEnv('PROCTOR_READ_TIMEOUT', '0.2')
    await closePools(db.target.serverId)
    const silent = await pidOf()
    expect(silent).not.toBe(stopped)
    process.kill(silent, 'SIGSTOP')
    const asked = Array.from({ length: 20 }, () => withConnection(db.target, (client) => client.query('select 1')))
    const answers = await Promise.allSettled(asked).finally(() => process.kill(silent, 'SIGCONT'))
    expect(answers.map((answer) => answer.status === 'rejected' && String(answer.reason))).toEqual(
      asked.map(() => 'Error: The server did not answer within 5.2 s.'),
    )
    vi.unstubAllEnvs()
    expect(await pidOf()).not.toBe(silent)
    expect(openConnections().find(({ serverId }) => serverId === db.target.serverId)?.open).toBe(1)
  })

  it('made fresh for one work are closed after it, and take a place', async () => {
    limitConnections(1)
    const pidOf = async (fresh: boolean) =>
      (await withConnection(db.target, (client) => client.query('select pg_backend_pid() as pid'), { fresh })).rows[0].pid
    const kept = await pidOf(false)
    expect(await mostDuring(Promise.all([pidOf(true), pidOf(true), pidOf(false)]))).toBe(1)
    expect(await pidOf(false)).not.toBe(kept)
  })

  it('that are lent as all are closed are not kept', async () => {
    await withConnection(db.target, async (client) => {
      await closePools(db.target.serverId)
      await client.query('select 1')
    })
    await expect.poll(seen).toBe(0)
  })
})
