import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DBA, planAndConfirm } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { type Twin, type TwoClusters, twoClusters } from '../../test/support/two-clusters'
import { adoptCluster } from '../console/adopt-cluster'
import { addServer, changeServer, removeServer } from '../console/server-changes'
import { findServer, recordedTarget, serverTarget } from '../console/servers'
import { confirmRuns } from '../runs/confirm'
import { leadServer } from '../runs/lead-server'
import { planCommand } from '../runs/planner'
import { readQueue } from '../runs/queue'
import type { Run } from '../runs/run-types'
import { readRunLog } from '../runs/runs'
import { askCluster } from '../server/ask-cluster'
import { closePools } from '../server/pool'
import type { Target } from '../server/target'

describe.each([14, 18] as const)('an address that leads to another cluster of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  let two: TwoClusters
  let id: string
  beforeAll(async () => {
    two = await twoClusters(major)
    const { hostname: host, username: user, password } = new URL(two.url)
    const address = { host, port: two.address.port, user, password, database: 'postgres', sslmode: 'disable' as const }
    const added = await addServer({ name: 'moved', readOnly: false, address }, DBA)
    if (!added.ok) throw new Error(added.problem.message)
    id = added.value.id
    await two.both(
      'create table sent (id int primary key, note text); create index sent_note on sent (note); create index spare on sent (id, note)',
    )
    await two.both(`insert into sent select i, repeat('x', 50) from generate_series(1, 5000) i`)
  })
  afterAll(async () => {
    await closePools()
    await two.stop()
  })

  const target = async (): Promise<Target> => {
    const found = await recordedTarget(id)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }
  const oid = async (name: string, where = two.a): Promise<number> =>
    (await where.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  const file = async (name: string, where = two.a): Promise<number> =>
    (await where.client.query('select pg_relation_filenode($1::regclass) as file', [name])).rows[0].file
  const identifierOf = async ({ client }: Twin): Promise<string> =>
    (await client.query('select system_identifier::text as id from pg_control_system()')).rows[0].id
  const heldBy = async (run: Run) => (await readQueue()).get(run.id)
  /** As when a name in DNS changes and the former server is stopped. */
  const lead = async (where: Parameters<typeof two.address.leadTo>[0]) => {
    two.address.leadTo(where, { cut: true })
    await closePools(id)
  }
  const home = () => lead(two.a.port)
  afterEach(home)
  const forget = async () => {
    await two.a.forget()
    await two.b.forget()
  }
  const logOf = async (run: Run) => (await readRunLog(run.id)).map(({ message }) => message).join('\n')

  it('holds whatever was confirmed for the first, and carries it out when the address leads back', async () => {
    expect(await oid('sent_note')).toBe(await oid('sent_note', two.b)) // else these tests show nothing
    expect(await file('sent_note')).toBe(await file('sent_note', two.b))
    const before = await file('sent_note')
    const runs = [
      await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true }),
      await planAndConfirm(await target(), 'vacuum-table', { oid: await oid('sent'), full: false }),
      await planAndConfirm(await target(), 'drop-index', { oid: await oid('spare'), concurrently: true }),
      await planAndConfirm(await target(), 'change-settings', { set: { work_mem: '5MB' } }),
    ]
    await forget()
    await lead(two.b.port)
    await bench.startWorker()
    const found = await identifierOf(two.b)
    for (const run of runs) {
      await expect.poll(() => heldBy(run)).toMatchObject({ because: 'cluster', found, confirmedFor: run.systemIdentifier })
      expect((await bench.until(run.id, ({ state }) => state === 'queued')).startedAt).toBeNull()
    }
    expect(await findServer(id)).toMatchObject({ systemIdentifier: runs[0]?.systemIdentifier, otherIdentifier: found })
    expect(await two.b.changes()).toEqual([])
    await home()
    for (const run of runs) expect(await bench.over(run.id)).toMatchObject({ state: 'succeeded' })
    expect(await file('sent_note')).not.toBe(before)
    expect((await two.a.changes()).length).toBeGreaterThanOrEqual(4)
    expect(await two.b.changes()).toEqual([])
    expect(await file('sent_note', two.b)).toBe(before)
    await two.a.client.query('create index spare on sent (id, note)')
  })

  it('refuses a plan and a confirmation for it', async () => {
    const planned = await planCommand(await target(), 'reindex-index', { oid: await oid('spare', two.b), concurrently: true })
    expect(planned).toMatchObject({ ok: false, problem: { kind: 'conflict' } }) // on a it has been made anew
    const shown = await planCommand(await target(), 'analyze-table', { oid: await oid('sent') })
    if (!shown.ok) throw new Error(shown.problem.message)
    const { command, input, plan, cluster } = shown.value
    const confirm = (given = cluster) =>
      confirmRuns({
        serverId: id,
        database: 'postgres',
        commands: [{ command, input, statements: plan.statements, cluster: given }],
        phrase: plan.phrase,
        actor: DBA,
      })
    await lead(two.b.port)
    expect(await confirm()).toMatchObject({ ok: false, problem: { kind: 'another_cluster' } })
    expect(await planCommand(await target(), command, input)).toMatchObject({ ok: false, problem: { kind: 'another_cluster' } })
    await home()
    expect(cluster).not.toBeNull()
    const b = (await findServer(id))?.otherIdentifier ?? ''
    expect(await confirm(cluster && { ...cluster, systemIdentifier: b })).toMatchObject({ problem: { kind: 'another_cluster' } })
    expect(await confirm(null)).toMatchObject({ problem: { kind: 'another_cluster' } })
    expect(await confirm(cluster && { ...cluster, timeline: 7 })).toMatchObject({ problem: { kind: 'conflict' } })
  })

  it("sends nothing where only the run's own session is led elsewhere", async () => {
    await forget()
    const run = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true })
    await lead((startup) => (startup.includes('proctor run') ? two.b.port : two.a.port))
    await bench.startWorker()
    await expect.poll(() => logOf(run)).toContain('held: The address leads to another cluster')
    expect(await two.b.changes()).toEqual([])
    await home()
    expect(await bench.over(run.id)).toMatchObject({ state: 'succeeded' })
    expect(await two.b.changes()).toEqual([])
  })

  it('leaves a run that is going on to its session, and measures nothing on another', async () => {
    await forget()
    const holder = await two.a.client.query('begin; lock table sent in share mode').then(() => two.a.client)
    const run = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true })
    await bench.startWorker()
    await bench.until(run.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    two.address.leadTo(two.b.port)
    await closePools(id)
    await holder.query('commit')
    expect(await bench.over(run.id)).toMatchObject({ state: 'succeeded', receipt: { bytesAfter: null } })
    expect(await two.b.changes()).toEqual([])
  })

  it('is refused as a new address, and its removal, while runs are open; what is agreed to is done', async () => {
    const server = async () => (await findServer(id)) as NonNullable<Awaited<ReturnType<typeof findServer>>>
    const first = await identifierOf(two.a)
    const there = (port: number) => {
      const { hostname: host, username: user, password } = new URL(two.url)
      return { name: 'moved', readOnly: false, address: { host, port, user, password, database: 'postgres', sslmode: 'disable' as const } }
    }
    await forget()
    await two.a.client.query('begin; lock table sent in share mode')
    const going = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true })
    await bench.startWorker()
    await bench.until(going.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    const queued = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('spare'), concurrently: true })
    expect(await changeServer(id, there(two.b.port), DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await removeServer(id, DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    const asked = await leadServer(id, there(two.b.port), undefined, DBA)
    const found = await identifierOf(two.b)
    const standing = {
      queued: [queued.id],
      going: [going.id],
      cluster: { recorded: first, found, version: expect.stringContaining(`${major}.`) },
    }
    expect(asked).toEqual({ ok: true, value: { ask: standing } })
    const agreed = { ...standing, cluster: found }
    for (const wrong of [
      { ...agreed, cluster: null },
      { ...agreed, cluster: first },
    ])
      expect(await leadServer(id, there(two.b.port), wrong, DBA)).toMatchObject({ value: { ask: { queued: [queued.id] } } })
    expect(await leadServer(id, there(two.b.port), { ...agreed, queued: [] }, DBA)).toMatchObject({ problem: { kind: 'conflict' } })
    expect(await server()).toMatchObject({ port: two.address.port, systemIdentifier: first })
    expect(await leadServer(id, there(two.b.port), agreed, DBA)).toEqual({ ok: true, value: { id } })
    expect(await server()).toMatchObject({ port: two.b.port, systemIdentifier: found, otherIdentifier: null })
    for (const run of [going, queued]) expect(await bench.over(run.id)).toMatchObject({ state: 'cancelled' })
    await two.a.client.query('rollback')
    expect(await two.b.changes()).toEqual([])
    // And back again, as nothing is open.
    expect(await leadServer(id, there(two.address.port), { queued: [], going: [], cluster: first }, DBA)).toEqual({
      ok: true,
      value: { id },
    })
    expect(await server()).toMatchObject({ port: two.address.port, systemIdentifier: first })
  })

  it('is the server from now on when an administrator says so, and whatever was confirmed for the first never runs', async () => {
    await forget()
    const run = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true })
    await lead(two.b.port)
    await bench.startWorker()
    await expect.poll(() => heldBy(run)).toMatchObject({ because: 'cluster' })
    const { systemIdentifier: first, otherIdentifier: other } = (await findServer(id)) ?? {}
    const place = await serverTarget(id)
    const met = place.ok ? await askCluster(place.value, { fresh: true }) : place
    if (!met.ok || !met.value) throw new Error('nobody answers')
    expect(await adoptCluster(id, first ?? '', met.value, DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await adoptCluster(id, other ?? '', met.value, DBA)).toEqual({ ok: true, value: { cancelled: 1 } })
    expect(await findServer(id)).toMatchObject({ systemIdentifier: other, otherIdentifier: null })
    expect(await bench.over(run.id)).toMatchObject({ state: 'cancelled', problem: { kind: 'another_cluster' } })
    expect(await two.b.changes()).toEqual([])
    const next = await planAndConfirm(await target(), 'analyze-table', { oid: await oid('sent', two.b) })
    expect(await bench.over(next.id)).toMatchObject({ state: 'succeeded', systemIdentifier: other })
    const back = await askCluster({ ...(await target()), port: two.a.port }, { fresh: true })
    if (!back.ok || !back.value) throw new Error('nobody answers')
    await home()
    expect(await adoptCluster(id, first ?? '', back.value, DBA)).toMatchObject({ ok: true })
  })

  it.each([
    ['a rebuild', 'reindex-index', async () => ({ oid: await oid('sent_note'), concurrently: true })],
    ['a drop', 'drop-index', async () => ({ oid: await oid('spare'), concurrently: false })],
    ['a VACUUM FULL', 'vacuum-table', async () => ({ oid: await oid('sent'), full: true })],
  ] as const)('calls %s lost whose session is cut, whatever the other cluster shows', async (_, command, input) => {
    // What would look done there: another file, and no such index.
    await two.b.client.query('reindex index sent_note; drop index if exists spare')
    await forget()
    await two.a.client.query('begin; lock table sent in share mode')
    const run = await planAndConfirm(await target(), command, await input())
    await bench.startWorker()
    await bench.until(run.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await lead(two.b.port)
    const ended = await bench.over(run.id)
    expect(ended).toMatchObject({ state: 'lost', problem: { kind: 'another_cluster' } })
    expect(ended.problem?.message).toContain('leads to another cluster')
    expect(await two.b.changes()).toEqual([])
    await two.a.client.query('rollback')
  })
})
