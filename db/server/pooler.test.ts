import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPgbouncer } from '../../test/support/pgbouncer'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { serverFacts } from './facts'
import { closePools } from './pool'
import { askPoolMode } from './pooler'
import { openSession } from './session'
import { testConnection } from './test-connection'

describe.each([14, 18] as const)('PgBouncer in front of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())

  it('is not seen where there is none', async () => {
    expect(await askPoolMode(db.target)).toEqual({ ok: true, value: null })
    expect(await serverFacts(db.target)).toMatchObject({ ok: true, value: { isPooled: false } })
    expect(await testConnection(db.target)).toMatchObject({ ok: true, value: { pooler: null } })
  })

  describe.each([
    { mode: 'transaction', poolSize: 1, roundRobin: false },
    { mode: 'transaction', poolSize: 5, roundRobin: false },
    { mode: 'transaction', poolSize: 5, roundRobin: true },
    { mode: 'session', poolSize: 5, roundRobin: false },
    { mode: 'session', poolSize: 5, roundRobin: true },
  ] as const)('in $mode mode with $poolSize sessions, round robin $roundRobin', ({ mode, ...options }) => {
    let pooler: Awaited<ReturnType<typeof startPgbouncer>>
    beforeAll(async () => {
      pooler = await startPgbouncer(db.target, { mode, ...options })
    })
    afterAll(async () => {
      await closePools(pooler.target.serverId)
      await pooler.stop()
    })

    it('is told with its mode, whether its sessions are new or were used before', async () => {
      for (let turn = 0; turn < 3; turn++) {
        expect(await askPoolMode(pooler.target)).toEqual({ ok: true, value: mode })
        expect(await testConnection(pooler.target)).toMatchObject({ ok: true, value: { pooler: mode } })
        expect(await serverFacts(pooler.target)).toMatchObject({ ok: true, value: { isPooled: true } })
      }
    })

    it(mode === 'session' ? 'keeps a session for a run, and gets it back as it was' : 'gives no session to a run', async () => {
      const before = await settingsOf(pooler.target.port)
      const session = await openSession(pooler.target, 'proctor run 1', () => undefined)
      if (mode === 'transaction') {
        expect(session).toMatchObject({ ok: false, problem: { kind: 'conflict', hint: expect.stringContaining('port 5432') } })
      } else {
        if (!session.ok) throw new Error(session.problem.message)
        const [row] = (await db.client.query('select application_name from pg_stat_activity where pid = $1', [session.value.pid])).rows
        expect(row).toEqual({ application_name: 'proctor run 1' })
        await session.value.close()
      }
      expect(await settingsOf(pooler.target.port)).toEqual(before)
    })
  })

  it('with one session in session mode cannot be told, and gives none to a run', async () => {
    const pooler = await startPgbouncer(db.target, { mode: 'session', poolSize: 1 })
    const session = await openSession(pooler.target, 'proctor run 2', () => undefined)
    expect(session).toMatchObject({ ok: false, problem: { kind: 'conflict', message: expect.stringContaining('may not keep a session') } })
    await pooler.stop()
  })

  it('in statement mode is told in words, and nobody looks through it', async () => {
    const pooler = await startPgbouncer(db.target, { mode: 'statement' })
    for (const answer of [await serverFacts(pooler.target), await testConnection(pooler.target), await askPoolMode(pooler.target)])
      expect(answer).toMatchObject({ ok: false, problem: { kind: 'unreachable', message: expect.stringContaining('statement mode') } })
    await closePools(pooler.target.serverId)
    await pooler.stop()
  })

  async function connected(port: number): Promise<Client> {
    const url = new URL(db.url)
    url.port = String(port)
    const client = new Client({ connectionString: url.href })
    await client.connect()
    return client
  }

  /** What several clients of the pool get, one after another and at once: every setting, and what a session may be left with. */
  async function settingsOf(port: number): Promise<unknown[]> {
    const clients = await Promise.all(Array.from({ length: 3 }, () => connected(port)))
    const asked = await Promise.all(clients.map((client) => client.query(LEFT)))
    await Promise.all(clients.map((client) => client.end()))
    return [...new Set(asked.map(({ rows }) => JSON.stringify(rows)))]
  }
})

const LEFT = `select name, setting from pg_settings where name <> 'application_name'`
