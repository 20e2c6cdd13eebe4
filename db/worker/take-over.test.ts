import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { MAJORS } from '../embedded/binaries'
import { findRun, moveRun } from '../runs/runs'

describe.each(MAJORS)('a run that something happened to, on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  it.each([
    ['dropped', 'drop index NAME', /was dropped since/],
    ['renamed', 'alter index NAME rename to NAME_2', /was renamed since/],
    ['rebuilt', 'reindex index NAME', /rebuilt or rewritten since/],
    ['rebuilt concurrently', 'reindex index concurrently NAME', /was rebuilt since.*OID/],
  ])('ends in a conflict when the index was %s between plan and run', async (what, change, message) => {
    const table = `changed_${what.replace(' ', '_')}`
    await bench.bloated(table)
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${table}_id`) })
    await bench.db.client.query(change.replaceAll('NAME', `${table}_id`))
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringMatching(message) },
      receipt: null,
    })
  })

  it('is watched on by the next worker when the first one stops in the middle', async () => {
    await bench.bloated('orphaned')
    const holder = await bench.hold('select count(*) from orphaned')
    const first = await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('orphaned_id') })
    const { backendPid } = await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await first.stop()
    expect((await findRun(id))?.state).toBe('running')
    await bench.startWorker()
    await expect.poll(() => bench.logOf(id)).toContain(`found again, pid ${backendPid}`)
    await holder.end()
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
  })

  it('is ended honestly when its backend was terminated while no worker was there', async () => {
    await bench.bloated('killed')
    const holder = await bench.hold('select count(*) from killed')
    const first = await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('killed_id') })
    await bench.until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    await first.stop()
    await bench.db.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'proctor run ${id} of %'`,
    )
    await holder.end()
    await bench.startWorker()
    const run = await bench.over(id)
    expect(run).toMatchObject({ state: 'failed', problem: { message: 'Its session was lost before it was done' } })
    expect(run.receipt?.leftovers.map(({ relname }) => relname)).toEqual(['killed_id_ccnew'])
  })

  it('is told as done when only the removal of the old copy was missing as its connection was cut', async () => {
    await bench.bloated('swapped')
    const reader = await bench.db.connect()
    await reader.query('begin; select from swapped')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('swapped_id') })
    const phase = 'waiting for readers before marking dead'
    await expect.poll(() => bench.value('select count(*)::int from pg_stat_progress_create_index where phase = $1', [phase])).toBe(1)
    await bench.db.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'proctor run ${id} of %'`,
    )
    const run = await bench.over(id)
    await reader.query('rollback')
    expect(run).toMatchObject({
      state: 'succeeded',
      receipt: {
        checkedAfter: 'valid, ready, live',
        leftovers: [{ relname: 'swapped_id_ccold', advice: expect.stringContaining('old copy') }],
      },
    })
  })

  it('is not begun twice: one that was claimed but never sent is failed', async () => {
    await bench.bloated('claimed')
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('claimed_id') })
    await moveRun(id, 'running', { startedAt: new Date() }) // as a worker that died right after
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { message: expect.stringContaining('before anything was sent') },
    })
  })
})
