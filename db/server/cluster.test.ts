import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { askCluster } from './ask-cluster'
import { serverFacts } from './facts'
import { look } from './look'
import { openSession } from './session'
import type { Target } from './target'

describe.each(MAJORS)('which cluster a server is, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let own: string
  beforeAll(async () => {
    db = await testDatabase(major)
    own = (await db.client.query('select system_identifier::text as id from pg_control_system()')).rows[0].id
  })
  afterAll(() => db.drop())

  const another = (): Target => ({ ...db.target, cluster: { systemIdentifier: '7000000000000000001' } })
  const same = (): Target => ({ ...db.target, cluster: { systemIdentifier: own } })

  it('is told with its timeline, to a role without any privilege as well', async () => {
    await db.client.query(`create role cluster_plain_${major} login password 'p'`)
    const told = { ok: true, value: { systemIdentifier: own, timeline: 1, inRecovery: false } }
    expect(await askCluster(db.target)).toMatchObject(told)
    expect(await askCluster(db.as(`cluster_plain_${major}`, 'p'))).toMatchObject(told)
    expect(await askCluster(another())).toMatchObject(told)
    await db.client.query(`drop role cluster_plain_${major}`)
  })

  it('decides whether anything is asked', async () => {
    expect((await look(same(), (ask) => ask('select 1 as one'))).rows).toEqual([{ one: 1 }])
    let asked = false
    const looked = look(another(), async (ask) => {
      asked = true
      return ask('select 1 as one')
    })
    await expect(looked).rejects.toMatchObject({ found: { systemIdentifier: own } })
    expect(asked).toBe(false)
    expect(await look(db.target, (ask) => ask('select 1 as one'))).toMatchObject({ rows: [{ one: 1 }] })
  })

  it('decides whether a session is handed out', async () => {
    const refused = await openSession(another(), 'proctor run 1', () => undefined)
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'another_cluster' } })
    const session = await openSession(same(), 'proctor run 1', () => undefined)
    if (!session.ok) throw new Error(session.problem.message)
    expect(session.value.cluster).toMatchObject({ systemIdentifier: own, timeline: 1 })
    await session.value.close()
  })

  it('keeps what is known of one cluster from another', async () => {
    expect(await serverFacts(db.target)).toMatchObject({ ok: true })
    expect(await serverFacts(another())).toMatchObject({ ok: false, problem: { kind: 'another_cluster' } })
  })

  it('that may not be read is unknown, and nobody goes on as if it were the one that was meant', async () => {
    const role = `cluster_blind_${major}`
    await db.client.query(`create role ${role} login password 'p'; revoke execute on function pg_control_system() from public`)
    const blind = db.as(role, 'p')
    expect(await askCluster(blind)).toEqual({ ok: true, value: null })
    const refused = await openSession({ ...blind, cluster: { systemIdentifier: own } }, 'proctor run 1', () => undefined)
    const fix = `GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() TO ${role}`
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'another_cluster', fix } })
    await db.client.query(fix)
    expect(await askCluster(blind)).toMatchObject({ ok: true, value: { systemIdentifier: own } })
    await db.client.query(`grant execute on function pg_control_system() to public; drop owned by ${role}; drop role ${role}`)
  })
})
