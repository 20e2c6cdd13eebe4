import { desc } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { setReadOnly } from '../console/server-changes'
import { MAJORS } from '../embedded/binaries'
import { planCommand } from '../runs/planner'

describe.each(MAJORS)('a server on PostgreSQL %i that is marked read-only', (major) => {
  const bench = benchForTests(major)
  beforeAll(() => bench.bloated('guarded'))

  it('is reached by no command: refused at the preview, at the confirmation, and at the run', async () => {
    const { serverId } = bench.db.target
    const command: [string, Record<string, unknown>] = ['analyze-table', { oid: await bench.oidOf('guarded') }]
    const queued = await bench.confirmed(...command)
    await setReadOnly(serverId, true, DBA)
    const preview = await planCommand(bench.db.target, ...command)
    expect(preview).toMatchObject({
      ok: true,
      value: { preflight: expect.arrayContaining([expect.objectContaining({ name: 'server-read-only', status: 'stop' })]) },
    })
    const message = expect.stringContaining('marked read-only in Proctor')
    expect(await bench.confirm([command])).toMatchObject({ ok: false, problem: { kind: 'conflict', message } })
    const [latest] = await consoleDb().select().from(audit).orderBy(desc(audit.id)).limit(1)
    expect(latest).toMatchObject({ action: 'run.refused', serverId, detail: { problem: { message } } })
    const worker = await bench.startWorker()
    expect(await bench.over(queued.id)).toMatchObject({ state: 'failed', problem: { kind: 'conflict', message }, receipt: null })
    await worker.stop()
    expect(await bench.value('select pg_stat_get_analyze_count($1::regclass)::int', ['guarded'])).toBe(0)
    await setReadOnly(serverId, false, DBA)
    expect(await bench.confirm([command])).toMatchObject({ ok: true })
  })
})
