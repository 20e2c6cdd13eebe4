import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { type TwoClusters, twoClusters } from '../../test/support/two-clusters'
import { addServer } from '../console/server-changes'
import { recordedTarget } from '../console/servers'
import { confirmRuns } from '../runs/confirm'
import { saveWindow } from '../runs/maintenance-windows'
import { planCommand } from '../runs/planner'
import { readQueue } from '../runs/queue'
import { findRun } from '../runs/runs'
import { closePools } from '../server/pool'

describe.each([14, 18] as const)('a run that waits for its window at PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  let two: TwoClusters
  let id: string
  beforeAll(async () => {
    two = await twoClusters(major)
    await two.both('create table sent (id int primary key)')
    await bench.db.client.query('create table other (id int)')
    const { hostname: host, username: user, password } = new URL(two.url)
    const address = { host, port: two.address.port, user, password, database: 'postgres', sslmode: 'disable' as const }
    const added = await addServer({ name: 'moved', readOnly: false, address }, DBA)
    if (!added.ok) throw new Error(added.problem.message)
    id = added.value.id
  })
  afterAll(async () => {
    await closePools()
    await two.stop()
  })

  const lead = async (port: number) => {
    two.address.leadTo(port, { cut: true })
    await closePools(id)
  }
  const plan = async () => {
    const target = await recordedTarget(id)
    if (!target.ok) throw new Error(target.problem.message)
    const { rows } = await two.a.client.query(`select 'sent'::regclass::oid as oid`)
    return planCommand(target.value, 'vacuum-table', { oid: rows[0].oid, full: true })
  }

  it('is held when it opens while another cluster answers, and runs in it once the address leads back', async () => {
    // Twelve hours from now, so that it is closed however long this takes.
    const closed = { cron: `0 ${(new Date().getUTCHours() + 12) % 24} * * *`, timeZone: 'UTC', minutes: 1 }
    const open = { cron: '* * * * *', timeZone: 'UTC', minutes: 60 }
    const keep = async (times: typeof open, windowId: string | null) => {
      const saved = await saveWindow(id, windowId, { name: 'Night', ...times }, DBA)
      if (!saved.ok) throw new Error(saved.problem.message)
      return saved.value.id
    }
    const window = { id: await keep(closed, null), ...closed }
    const shown = await plan()
    if (!shown.ok) throw new Error(shown.problem.message)
    const { command, input, plan: planned, cluster } = shown.value
    const confirmed = await confirmRuns({
      serverId: id,
      database: 'postgres',
      commands: [{ command, input, statements: planned.statements, cluster }],
      phrase: planned.phrase,
      actor: DBA,
      window,
    })
    if (!confirmed.ok) throw new Error(confirmed.problem.message)
    const runId = confirmed.value[0]?.id ?? ''
    const place = async () => (await readQueue()).get(runId)
    expect(await place()).toMatchObject({ because: 'window' })

    await two.b.forget()
    await lead(two.b.port)
    // Whoever looks first writes it down; from then on that is what holds the run, not its window.
    expect(await plan()).toMatchObject({ ok: false, problem: { kind: 'another_cluster' } })
    expect(await place()).toMatchObject({ because: 'cluster', confirmedFor: cluster?.systemIdentifier })
    await bench.startWorker()
    await keep(open, window.id)
    // A worker that has looked at the queue has carried this out, at another server; the run that is held stays.
    const passes = await bench.confirmed('analyze-table', { oid: await bench.oidOf('other') })
    expect(await bench.over(passes.id)).toMatchObject({ state: 'succeeded' })
    expect(await findRun(runId)).toMatchObject({ state: 'queued', startedAt: null })
    expect(await place()).toMatchObject({ because: 'cluster' })
    expect(await two.b.changes()).toEqual([])

    await keep(closed, window.id)
    await lead(two.a.port)
    await expect.poll(place, { timeout: 60_000 }).toMatchObject({ because: 'window' })
    expect(await findRun(runId)).toMatchObject({ state: 'queued', startedAt: null })
    await keep(open, window.id)
    expect(await bench.over(runId)).toMatchObject({ state: 'succeeded', systemIdentifier: cluster?.systemIdentifier })
    expect(await two.b.changes()).toEqual([])
  })
})
