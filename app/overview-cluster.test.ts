import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { server } from '@/db/console/schema'
import { findServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { benchForTests } from '@/test/support/run-bench'
import { readChecks } from './[server]/db/[database]/overview/overview-reads'

const A = '7000000000000000001'

describe.each([14, 18] as const)('the overview of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const own = async () => {
    const { serverId, database } = bench.db.target
    const outcomes = await readChecks({ server: serverId, database })
    if (!outcomes.ok) throw new Error(outcomes.problem.message)
    return { outcome: outcomes.value.find(({ name }) => name === 'which-cluster'), others: outcomes.value.length - 1 }
  }
  const record = async (systemIdentifier: string | null) =>
    consoleDb().update(server).set({ systemIdentifier }).where(eq(server.id, bench.db.target.serverId))
  let found = ''
  beforeAll(async () => {
    found = await bench.value<string>('select system_identifier::text from pg_control_system()')
  })
  afterAll(() => closePools())

  it('notices by itself which cluster answers, and has nothing to say of the recorded one', async () => {
    const { outcome, others } = await own()
    expect(outcome).toMatchObject({ total: 0, problem: null })
    expect(others).toBeGreaterThan(10)
    expect(await findServer(bench.db.target.serverId)).toMatchObject({ systemIdentifier: found })
  })

  it('stays where the console database takes no writes, and says that it could not be noted', async () => {
    await record(A)
    const home = await bench.home()
    const { rows } = await home.query('select current_database() as name')
    const renew = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await home.query(`alter database ${rows[0].name} set default_transaction_read_only = on`)
    await home.query(renew)
    try {
      await expect
        .poll(async () => (await own().catch(() => undefined))?.outcome, { timeout: 20_000 })
        .toMatchObject({
          problem: { message: expect.stringContaining('could not be recorded. The console database is read-only') },
        })
    } finally {
      await home.query(`set default_transaction_read_only = off; alter database ${rows[0].name} reset default_transaction_read_only`)
      await home.query(renew)
      await home.end()
    }
  })

  it('finds another cluster before anybody else has looked', async () => {
    await expect
      .poll(async () => (await own().catch(() => undefined))?.outcome?.findings, { timeout: 20_000 })
      .toMatchObject([{ severity: 'bad', name: found, title: 'This address leads to another cluster' }])
    expect(await findServer(bench.db.target.serverId)).toMatchObject({ systemIdentifier: A, otherIdentifier: found })
  })
})
