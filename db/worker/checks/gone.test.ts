import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../../test/support/run-bench'
import { consoleDb } from '../../console/client'
import { finding } from '../../console/schema-findings'
import { findServer, type Server } from '../../console/servers'
import { readCheckedState } from '../../findings/read-findings'
import { indexRedundant } from '../../indexes/checks/index-redundant'
import { closePools } from '../../server/pool'
import { openChecker } from './checker'

const HOUR_MS = 3_600_000

describe.each([14, 18] as const)('findings of what is gone from a server of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const here = () => ({ serverId: bench.db.target.serverId, database: bench.db.target.database })
  const known = async () => (await findServer(here().serverId)) as Server
  const rows = () => consoleDb().select().from(finding).where(eq(finding.serverId, here().serverId)).orderBy(finding.id)
  let now = Date.now()
  const checker = openChecker({ checks: [indexRedundant], now: () => now, visits: (database) => database === bench.db.target.database })
  afterAll(() => closePools())

  it('ends what is of a database that was dropped, or of a cluster that the address no longer leads to, and says so', async () => {
    const { serverId } = here()
    await checker.turn(serverId) // the first contact tells which cluster it is
    const cluster = (await known()).systemIdentifier ?? ''
    const kept = { serverId, check: 'index-redundant', severity: 'warn', openedAt: new Date(), changedAt: new Date() } as const
    const found = { title: 'public.a is redundant' } as never
    await consoleDb()
      .insert(finding)
      .values([
        { ...kept, cluster, database: 'dropped_meanwhile', subject: '1', found },
        { ...kept, cluster: '7000000000000000001', database: here().database, subject: '2', found },
        // That of postgres goes on: the database is there, whoever visits it.
        { ...kept, cluster, database: 'postgres', subject: '3', found },
      ])
    now += HOUR_MS
    await checker.turn(serverId)
    expect((await rows()).map(({ database, subject, endedWhy }) => [database, subject, endedWhy])).toEqual([
      ['dropped_meanwhile', '1', 'database-dropped'],
      [here().database, '2', 'another-cluster'],
      ['postgres', '3', null],
    ])
    expect(
      (await readCheckedState(await known(), here().database, new Date(now))).ended
        .map(({ database, life }) => [database, life.ended?.why])
        .sort(),
    ).toEqual(
      [
        ['dropped_meanwhile', 'database-dropped'],
        [here().database, 'another-cluster'],
      ].sort(),
    )
    expect((await rows())[2]?.endedAt).toBeNull()
  })
})
