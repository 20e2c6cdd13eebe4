import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { MAJORS } from '../embedded/binaries'
import { cancelRun } from '../runs/cancel'

describe.each(MAJORS)('an index that ends half-way under its own name on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  const isThere = (name: string) => bench.value<boolean>('select to_regclass($1) is not null', [name])

  it('is named when the build fails, and can be dropped as a leftover', async () => {
    await bench.db.client.query('create table twice (id int); insert into twice values (1), (1)')
    await bench.startWorker()
    const { id } = await bench.confirmed('create-index', { definition: 'create unique index twice_id on public.twice (id)' })
    const failed = await bench.over(id)
    expect(failed).toMatchObject({
      state: 'failed',
      problem: { sqlstate: '23505' },
      receipt: { checkedAfter: 'invalid', leftovers: [{ relname: 'twice_id', advice: expect.stringContaining('interrupted') }] },
    })
    const dropped = await bench.over((await bench.confirmed('drop-leftover-index', { oid: failed.receipt?.leftovers[0]?.oid })).id)
    expect(dropped).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'gone' } })
    expect(await isThere('twice_id')).toBe(false)
  })

  it('is named when the build is cancelled', async () => {
    await bench.bloated('stopped')
    const holder = await bench.hold('insert into stopped values (1)')
    await bench.startWorker()
    const { id } = await bench.confirmed('create-index', { definition: 'create index stopped_note on public.stopped (note)' })
    await bench.until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true })
    const run = await bench.over(id)
    await holder.end()
    expect(run).toMatchObject({ state: 'cancelled', receipt: { leftovers: [{ relname: 'stopped_note' }] } })
  })

  it('is dropped when the build is given up, and none that was there before', async () => {
    await bench.bloated('late')
    const holder = await bench.hold('insert into late values (1)')
    await bench.startWorker({ giveUpMs: 1_500 })
    const { id } = await bench.confirmed('create-index', { definition: 'create index late_note on public.late (note)' })
    const waiting = await bench.until(id, ({ state }) => state === 'running' || state === 'failed')
    expect(waiting.plan.cancel).toContain('that index is dropped')
    await bench.until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    const over = await bench.over(id)
    await holder.end()
    // Whoever made it wait still has the table, so the drop may wait in vain, too; then it is named.
    expect(over).toMatchObject({ state: 'failed', problem: { kind: 'timeout', message: expect.stringContaining('Given up') } })
    const { dropped = [], leftovers = [] } = over.receipt ?? {}
    expect([...dropped, ...leftovers.map(({ relname }) => relname)]).toEqual(['late_note'])
    expect(await isThere('late_note')).toBe(dropped.length === 0)
  })
})
