import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { server } from '@/db/console/schema'
import { findServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { nearMaxConnections } from '@/db/sessions/checks/near-max-connections'
import { openChecker } from '@/db/worker/checks/checker'
import { benchForTests } from '@/test/support/run-bench'
import { readChecks } from './[server]/db/[database]/overview/overview-reads'

const A = '7000000000000000001'

describe.each([14, 18] as const)('the overview of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const own = async () => {
    const { serverId, database } = bench.db.target
    const answer = await readChecks({ server: serverId, database })
    if (!answer.ok) throw new Error(answer.problem.message)
    const { checks, asked } = answer.value
    return { outcome: checks.find(({ name }) => name === 'which-cluster'), others: checks.length - 1, asked }
  }
  const checker = openChecker({ checks: [nearMaxConnections], onlyAsked: true })
  /** What the worker does once the page has asked. */
  const looked = async () => {
    expect((await own()).asked).toBe(true)
    await checker.turn(bench.db.target.serverId)
    return own()
  }
  const record = async (systemIdentifier: string | null) =>
    consoleDb().update(server).set({ systemIdentifier }).where(eq(server.id, bench.db.target.serverId))
  let found = ''
  beforeAll(async () => {
    found = await bench.value<string>('select system_identifier::text from pg_control_system()')
  })
  afterAll(() => closePools())

  it('asks for a look when nobody has looked yet, which notices which cluster answers', async () => {
    const { outcome, others } = await looked()
    expect(outcome).toMatchObject({ total: 0, problem: null })
    expect(others).toBeGreaterThan(10)
    expect(await findServer(bench.db.target.serverId)).toMatchObject({ systemIdentifier: found })
  })

  it('stays where the console database takes no writes', async () => {
    await record(A)
    const home = await bench.home()
    const { rows } = await home.query('select current_database() as name')
    const renew = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await checker.turn(bench.db.target.serverId)
    await home.query(`alter database ${rows[0].name} set default_transaction_read_only = on`)
    await home.query(renew)
    try {
      await expect.poll(async () => (await own().catch(() => undefined))?.asked, { timeout: 20_000 }).toBe(false)
    } finally {
      await home.query(`set default_transaction_read_only = off; alter database ${rows[0].name} reset default_transaction_read_only`)
      await home.query(renew)
      await home.end()
    }
  })

  it('finds another cluster with the first look', async () => {
    await expect
      .poll(async () => (await looked().catch(() => undefined))?.outcome?.findings, { timeout: 20_000 })
      .toMatchObject([{ severity: 'bad', name: found, title: 'This address leads to another cluster' }])
    expect(await findServer(bench.db.target.serverId)).toMatchObject({ systemIdentifier: A, otherIdentifier: found })
  })
})
