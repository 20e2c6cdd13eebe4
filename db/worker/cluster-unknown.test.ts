import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { findServer, recordedTarget } from '../console/servers'
import { planCommand } from '../runs/planner'
import type { Target } from '../server/target'

describe.each([14, 18] as const)('a role that may not read which cluster it is on, of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const role = `planner_blind_${major}`
  const grant = `GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() TO ${role}`
  let blind: Target
  beforeAll(async () => {
    await bench.db.client.query(`
      drop role if exists ${role}; create role ${role} login password 'p'; create table own (id int); alter table own owner to ${role};
      revoke execute on function pg_control_system(), pg_control_checkpoint() from public`)
    blind = { ...bench.db.as(role, 'p'), serverId: bench.db.target.serverId }
  })
  afterAll(async () => void (await bench.db.client.query(`drop owned by ${role}; drop role ${role}`)))
  const plan = async () => planCommand(blind, 'analyze-table', { oid: await bench.oidOf('own') })
  const line = async () => {
    const planned = await plan()
    if (!planned.ok) throw new Error(planned.problem.message)
    return { cluster: planned.value.cluster, line: planned.value.preflight.find(({ name }) => name === 'cluster-unknown') }
  }

  it('is warned with the GRANT before anything was recorded, and no run is refused for it', async () => {
    const shown = await line()
    expect(shown.cluster).toBeNull()
    expect(shown.line).toMatchObject({ status: 'warn', title: 'The cluster cannot be identified' })
    expect(shown.line?.detail).toContain(`${grant};`)
    expect(await findServer(blind.serverId)).toMatchObject({ systemIdentifier: null, unknownSince: null })
  })

  it('has no such line once it was granted, and is refused when a recorded cluster cannot be told any more', async () => {
    await bench.db.client.query(grant)
    const shown = await line()
    expect(shown.line).toBeUndefined()
    expect(await findServer(blind.serverId)).toMatchObject({ systemIdentifier: shown.cluster?.systemIdentifier })
    await bench.db.client.query(`revoke execute on function pg_control_system() from ${role}`)
    expect(await plan()).toMatchObject({ ok: false, problem: { kind: 'another_cluster', fix: grant } })
    expect(await findServer(blind.serverId)).toMatchObject({ unknownSince: expect.any(Date) })
    // Whoever may read it clears that.
    const target = await recordedTarget(blind.serverId)
    if (!target.ok) throw new Error(target.problem.message)
    expect(await planCommand(target.value, 'analyze-table', { oid: await bench.oidOf('own') })).toMatchObject({ ok: true })
    expect(await findServer(blind.serverId)).toMatchObject({ unknownSince: null })
  })
})
