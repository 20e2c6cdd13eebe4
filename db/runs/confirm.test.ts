import { beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { MAJORS } from '../embedded/binaries'
import { cancelRun } from './cancel'
import { confirmRuns } from './confirm'
import { planCommand } from './planner'
import { listRuns } from './runs'

describe.each(MAJORS)('the gate on PostgreSQL %i refuses', (major) => {
  const bench = benchForTests(major)
  beforeAll(() => bench.bloated('guarded'))

  const reindex = async (): Promise<[string, Record<string, unknown>]> => [
    'reindex-index',
    { oid: await bench.oidOf('guarded_id'), concurrently: false },
  ]

  it('with other SQL than the plan has', async () => {
    const forged = ["SET lock_timeout = '2s'", 'SET statement_timeout = 0', 'DROP TABLE guarded']
    expect(await bench.confirm([await reindex()], { sql: forged })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await bench.confirm([await reindex()], { sql: [] })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('with another phrase than the one asked for', async () => {
    for (const phrase of ['', 'guarded', 'GUARDED_ID', bench.db.target.database]) {
      expect(await bench.confirm([await reindex()], { phrase })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    }
    expect(await bench.confirm([await reindex(), await reindex()], { phrase: 'guarded_id' })).toMatchObject({ ok: false })
  })

  it('when a check stops it', async () => {
    await bench.db.client.query('create temp table scratch (id int primary key)')
    const refused = await bench.confirm([['reindex-index', { oid: await bench.oidOf('scratch_pkey') }]])
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'conflict', message: expect.stringContaining('temporary') } })
  })

  it('for an unknown command, server or input', async () => {
    const one = { commands: [{ command: 'drop-database', input: {}, statements: [], cluster: null }], phrase: '', actor: DBA }
    expect(await confirmRuns({ serverId: bench.db.target.serverId, database: bench.db.target.database, ...one })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
    expect(await confirmRuns({ serverId: 'nowhere', database: 'x', ...one })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
    expect(await planCommand(bench.db.target, 'vacuum-table', { oid: 1, full: 'yes' })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
    expect(await planCommand(bench.db.target, 'reindex-index', { oid: 1, force: true })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
  })

  it('a viewer, whatever the caller let through', async () => {
    const { serverId, database } = bench.db.target
    const viewer = { email: 'viewer@example.org', role: 'viewer', from: null } as const
    const oid = await bench.oidOf('guarded')
    const planned = await planCommand(bench.db.target, 'analyze-table', { oid })
    if (!planned.ok) throw new Error(planned.problem.message)
    const { plan, cluster } = planned.value
    const commands = [{ command: 'analyze-table', input: { oid }, statements: plan.statements, cluster }]
    const refused = { ok: false, problem: { kind: 'insufficient_privilege' } }
    expect(await confirmRuns({ serverId, database, commands, phrase: database, actor: viewer })).toMatchObject(refused)
    const run = await bench.confirmed('analyze-table', { oid })
    expect(await cancelRun(run.id, viewer)).toMatchObject(refused)
    const noted = await consoleDb().select().from(audit)
    expect(noted.filter(({ actor, action }) => actor === viewer.email && action === 'run.refused')).toHaveLength(2)
    expect((await cancelRun(run.id, DBA)).ok).toBe(true)
  })

  it('and leaves a line in the audit, and no run', async () => {
    const lines = await consoleDb().select().from(audit)
    const refused = lines.filter(({ serverId, action }) => serverId === bench.db.target.serverId && action === 'run.refused')
    expect(refused.length).toBeGreaterThanOrEqual(8)
    expect((await listRuns({ serverId: bench.db.target.serverId })).some(({ object }) => object.relname === 'guarded_id')).toBe(false)
  })
})
