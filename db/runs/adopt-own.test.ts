import { and, desc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DBA, planAndConfirm } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { type Twin, type TwoClusters, twoClusters } from '../../test/support/two-clusters'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { addServer } from '../console/server-changes'
import { findServer, recordedTarget, registerServer } from '../console/servers'
import { closePools } from '../server/pool'
import { adoptOwn } from './adopt-own'

describe.each([14, 18] as const)('the sample of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  let two: TwoClusters
  let first: string
  let second: string
  beforeAll(async () => {
    two = await twoClusters(major)
    await two.both('create table sent (id int primary key)')
    const identifierOf = async ({ client }: Twin): Promise<string> =>
      (await client.query('select system_identifier::text as id from pg_control_system()')).rows[0].id
    first = await identifierOf(two.a)
    second = await identifierOf(two.b)
    process.env.PROCTOR_SAMPLE_URL = two.url
    await registerServer({ id: 'sample', name: 'lms-sample', source: 'embedded', database: 'postgres' })
  })
  afterAll(async () => {
    delete process.env.PROCTOR_SAMPLE_URL
    await closePools()
    await two.stop()
  })
  const lead = async (port: number) => {
    two.address.leadTo(port, { cut: true })
    await closePools()
  }
  afterEach(() => lead(two.a.port))
  const lastOf = async (serverId: string, action: string) => {
    const wanted = and(eq(audit.serverId, serverId), eq(audit.action, action))
    return (await consoleDb().select().from(audit).where(wanted).orderBy(desc(audit.id)).limit(1))[0]
  }

  it('is the cluster that was made anew, with a line in the audit, and runs of the former never run', async () => {
    await adoptOwn('sample')
    expect(await findServer('sample')).toMatchObject({ systemIdentifier: first, otherIdentifier: null })
    const target = await recordedTarget('sample')
    if (!target.ok) throw new Error(target.problem.message)
    const { rows } = await two.a.client.query(`select 'sent'::regclass::oid as oid`)
    const run = await planAndConfirm(target.value, 'analyze-table', { oid: rows[0].oid })
    await adoptOwn('sample') // started again, and nothing was made anew
    expect(await lastOf('sample', 'cluster.adopted')).toBeUndefined()

    await two.b.forget()
    await lead(two.b.port)
    await adoptOwn('sample')
    expect(await findServer('sample')).toMatchObject({ systemIdentifier: second, otherIdentifier: null, otherSince: null })
    expect(await lastOf('sample', 'cluster.adopted')).toMatchObject({ actor: 'proctor', detail: { before: first, after: second } })
    expect(await bench.over(run.id)).toMatchObject({ state: 'cancelled', problem: { kind: 'another_cluster' } })
    expect(await two.b.changes()).toEqual([])
  })

  it('stays what it is where nobody answers', async () => {
    await adoptOwn('sample')
    const before = await findServer('sample')
    await lead(1)
    await adoptOwn('sample')
    expect(await findServer('sample')).toEqual(before)
  })

  it('alone is adopted so: at any other server another cluster is only noted', async () => {
    const { hostname: host, username: user, password } = new URL(two.url)
    const address = { host, port: two.address.port, user, password, database: 'postgres', sslmode: 'disable' as const }
    const added = await addServer({ name: 'moved', readOnly: false, address }, DBA)
    if (!added.ok) throw new Error(added.problem.message)
    const { id } = added.value
    await adoptOwn(id)
    await lead(two.b.port)
    await adoptOwn(id)
    expect(await findServer(id)).toMatchObject({ systemIdentifier: first, otherIdentifier: second })
  })
})
