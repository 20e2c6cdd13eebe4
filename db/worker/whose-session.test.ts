import type { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { consoleId } from '../console/console-id'
import { cancelRun } from '../runs/cancel'
import { checkAgain } from '../runs/check-again'
import { moveRun } from '../runs/runs'
import { formerMarker, runMarker } from '../server/run-marker'
import { runRead } from '../server/run-read'
import { activitySample } from '../sessions/reads/activity-sample'

describe.each([14, 18] as const)('whose session it is, on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const named = async (name: string): Promise<{ client: Client; pid: number; backendStart: string }> => {
    const client = await bench.db.connect()
    await client.query(`set application_name = '${name}'`)
    const { rows } =
      await client.query(`select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "backendStart"
      from pg_stat_activity where pid = pg_backend_pid()`)
    return { client, ...rows[0] }
  }

  it('stops before its first statement where a session has its marker that it did not open', async () => {
    await bench.bloated('twin')
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('twin_id') })
    const before = await bench.oidOf('twin_id')
    const twin = await named(runMarker(id, await consoleId()))
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringContaining(`pid ${twin.pid}`) },
      receipt: null,
    })
    expect(await bench.oidOf('twin_id')).toBe(before)
    expect(await bench.logOf(id)).not.toContain('REINDEX')
    expect((await twin.client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }])
  })

  it("takes no other console's session of that number for a twin", async () => {
    await bench.bloated('namesake')
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('namesake_id') })
    await named(runMarker(id, 'ba9876543210'))
    await named(formerMarker(id))
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
  })

  it('samples what another console runs as work, and leaves its own out', async () => {
    const { client, pid } = await named(runMarker('7', 'ba9876543210'))
    const asleep = client.query('select pg_sleep(600)').catch(() => undefined)
    const active = `select count(*)::int from pg_stat_activity where pid = ${pid} and state = 'active'`
    await expect.poll(() => bench.value(active)).toBe(1)
    const sampled = async (console: string | null) => {
      const read = await runRead(bench.db.target, activitySample, { console })
      if (!read.ok) throw new Error(read.problem.message)
      return read.value[0]?.examples.some(({ application_name: name }) => name.startsWith('proctor run 7'))
    }
    expect([await sampled(await consoleId()), await sampled('ba9876543210'), await sampled(null)]).toEqual([true, false, false])
    await bench.value('select pg_cancel_backend($1)', [pid])
    await asleep
  })

  it('finds a run that an older version left open, by pid and start, among sessions of the same name', async () => {
    await bench.bloated('upgraded')
    const holder = await bench.hold('select count(*) from upgraded')
    const run = await bench.confirmed('reindex-index', { oid: await bench.oidOf('upgraded_id') })
    const ready = await checkAgain(run, bench.db.target)
    if (!ready.ok) throw new Error(ready.problem.message)
    const { client, pid, backendStart } = await named(formerMarker(run.id))
    const { pid: decoy } = await named(formerMarker(run.id))
    // As the former worker wrote it down, before it died.
    const progress = {
      at: new Date().toISOString(),
      phases: [],
      bars: [],
      waitingFor: [],
      blocking: 0,
      walBytes: null,
      bytesNow: null,
      longestWaitMs: 0,
      waitedMs: 0,
      backend: { pid, backendStart },
      before: ready.value.before,
    }
    await moveRun(run.id, 'running', { startedAt: new Date(), backendPid: pid, progress })
    const rebuilt = client.query('reindex index concurrently upgraded_id').catch(async (error: Error) => {
      await client.end() // nobody is at its other end: it goes once it has something to say
      return error.message
    })
    await bench.startWorker()
    await bench.until(run.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    expect(await bench.logOf(run.id)).toContain(`found again, pid ${pid}`)
    expect(await cancelRun(run.id, DBA)).toMatchObject({ ok: true })
    expect(await bench.over(run.id)).toMatchObject({ state: 'cancelled' })
    expect(await rebuilt).toMatch(/canceling statement/)
    expect(await bench.value('select count(*)::int from pg_stat_activity where pid = $1', [decoy])).toBe(1)
    await holder.end()
  })
})
