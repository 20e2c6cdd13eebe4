import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { MAJORS } from '../embedded/binaries'
import { cancelRun } from '../runs/cancel'
import type { Run } from '../runs/run-types'
import { listRuns } from '../runs/runs'

describe.each(MAJORS)('a run on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  it('rebuilds an index, and its receipt agrees with pg_relation_size', async () => {
    await bench.bloated('simple')
    await bench.db.client.query('vacuum simple')
    const before = await bench.sizeOf('simple_id')
    await bench.startWorker()
    const queued = await bench.confirmed('reindex-index', { oid: await bench.oidOf('simple_id') })
    expect(queued.state).toBe('queued')
    const run = await bench.over(queued.id)
    expect(run).toMatchObject({
      state: 'succeeded',
      problem: null,
      receipt: { bytesBefore: before, checkedAfter: 'valid, ready, live', leftovers: [] },
    })
    expect(run.receipt?.bytesAfter).toBe(await bench.sizeOf('simple_id'))
    expect(run.receipt?.bytesAfter).toBeLessThan(before / 2)
    expect(run.receipt?.walBytes).toBeGreaterThanOrEqual(0)
    expect(run.progress?.phases.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Preflight done',
      'Build done',
      'Validate done',
      'Wait for old snapshots done',
      'Swap done',
      'Drop old done',
    ])
    const lines = await consoleDb().select().from(audit)
    expect(lines.filter(({ runId }) => runId === BigInt(run.id)).map(({ actor, action }) => `${action} ${actor}`)).toEqual([
      'run.confirmed dba@example.org',
      'run.succeeded proctor',
    ])
  })

  it('vacuums a table, and says how many dead rows it removed', async () => {
    await bench.bloated('dusty')
    await bench.startWorker()
    await expect
      .poll(() => bench.value<string>('select pg_stat_get_dead_tuples($1::regclass)', ['dusty']).then(Number))
      .toBeGreaterThan(10_000)
    const run = await bench.over((await bench.confirmed('vacuum-table', { oid: await bench.oidOf('dusty'), analyze: true })).id)
    expect(run).toMatchObject({ state: 'succeeded', receipt: { deadAfter: '0', checkedAfter: 'vacuumed, says pg_stat_all_tables' } })
    expect(Number(run.receipt?.deadBefore)).toBeGreaterThan(10_000)
    expect(run.receipt?.notices.join('\n')).toMatch(/INFO: {2}.*vacuuming .*dusty/)
    const full = await bench.over((await bench.confirmed('vacuum-table', { oid: await bench.oidOf('dusty'), full: true })).id)
    expect(full.state).toBe('succeeded')
    expect(full.receipt?.bytesAfter).toBeLessThan(Number(full.receipt?.bytesBefore) / 2)
  })

  it('vacuums the partitions of a partitioned table', async () => {
    await bench.db.client.query('create table parts (id int) partition by range (id)')
    await bench.db.client.query('create table parts_1 partition of parts for values from (0) to (1000) with (autovacuum_enabled = off)')
    await bench.db.client.query(
      'create table parts_2 partition of parts for values from (1000) to (2000) with (autovacuum_enabled = off); insert into parts select generate_series(0, 1999)',
    )
    await bench.db.client.query('delete from parts where id % 2 = 0')
    await expect
      .poll(() =>
        bench.value<string>('select sum(pg_stat_get_dead_tuples(oid)) from pg_class where relname ~ $1', ['^parts_']).then(Number),
      )
      .toBe(1000)
    await bench.startWorker()
    for (const full of [false, true]) {
      const run = await bench.over((await bench.confirmed('vacuum-table', { oid: await bench.oidOf('parts'), full })).id)
      const deadAfter = full ? null : '0' // a rewrite leaves the counters as they were
      expect(run).toMatchObject({ state: 'succeeded', receipt: { deadAfter, checkedAfter: 'vacuumed, says pg_stat_all_tables' } })
    }
  })

  it('carries a batch out in its order, and leaves out what was cancelled while queued', async () => {
    for (const name of ['first', 'second', 'third']) await bench.bloated(name)
    const commands: [string, Record<string, unknown>][] = []
    for (const name of ['first', 'second', 'third']) commands.push(['analyze-table', { oid: await bench.oidOf(name) }])
    const runs = await bench.confirm(commands)
    if (!runs.ok) throw new Error(runs.problem.message)
    const [first, second, third] = runs.value as [Run, Run, Run]
    expect(new Set(runs.value.map(({ batchId }) => batchId)).size).toBe(1)
    expect(await cancelRun(second.id, DBA)).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    await bench.startWorker()
    const ended = [await bench.over(first.id), await bench.over(second.id), await bench.over(third.id)]
    expect(ended.map(({ state }) => state)).toEqual(['succeeded', 'cancelled', 'succeeded'])
    expect(Date.parse(ended[2]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ended[0]?.endedAt ?? ''))
    expect(ended[1]?.startedAt).toBeNull()
    expect(await listRuns({ batchId: first.batchId ?? '' })).toHaveLength(3)
  })

  it('names the transaction that it waits for; a cancel leaves _ccnew, which can be dropped', async () => {
    await bench.bloated('waited')
    const holder = await bench.hold('select count(*) from waited')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('waited_id') })
    const waiting = await bench.until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    expect(waiting.progress?.waitingFor[0]).toMatchObject({ applicationName: 'metabase', state: 'idle in transaction' })
    const current = waiting.progress?.phases.find(({ state }) => state === 'current')?.name
    expect(['Build', 'Validate', 'Wait for old snapshots', 'Drop old']).toContain(current)
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true })
    const run = await bench.over(id)
    await holder.end()
    expect(run.state).toBe('cancelled')
    expect(await bench.logOf(id)).toMatch(new RegExp(`waiting for pid ${holder.pid} \\(metabase, idle in transaction\\)`))
    expect(await bench.value('select indisvalid from pg_index where indexrelid = $1::regclass', ['waited_id'])).toBe(true)
    expect(run.receipt?.leftovers).toMatchObject([{ relname: 'waited_id_ccnew', advice: expect.stringContaining('did not finish') }])
    const dropped = await bench.over((await bench.confirmed('drop-leftover-index', { oid: run.receipt?.leftovers[0]?.oid })).id)
    expect(dropped).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'gone', bytesAfter: 0 } })
    expect(await bench.value(`select to_regclass('waited_id_ccnew')`)).toBeNull()
  })

  it('lets a signal past the run that waits for its session', async () => {
    await bench.bloated('stuck')
    const holder = await bench.hold('select count(*) from stuck')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('stuck_id') })
    const waiting = await bench.until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    const backendStart = waiting.progress?.waitingFor.find(({ pid }) => pid === holder.pid)?.backendStart
    const ended = await bench.over((await bench.confirmed('terminate-backend', { pid: holder.pid, backendStart })).id)
    expect(ended).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'took effect' } })
    expect((await bench.over(id)).state).toBe('succeeded')
  })

  it('gives up after its own limit, as CONCURRENTLY has none', async () => {
    await bench.bloated('patience')
    const holder = await bench.hold('select count(*) from patience')
    await bench.startWorker({ giveUpMs: 1_500 })
    const run = await bench.over((await bench.confirmed('reindex-index', { oid: await bench.oidOf('patience_id') })).id)
    await holder.end()
    expect(run).toMatchObject({
      state: 'failed',
      problem: { kind: 'timeout', message: expect.stringContaining(`waiting for pid ${holder.pid}`) },
    })
  })

  it('ends a plain REINDEX by lock_timeout instead of letting others queue', async () => {
    await bench.bloated('queued')
    const holder = await bench.hold('insert into queued values (1)')
    await bench.startWorker()
    const run = await bench.over(
      (await bench.confirmed('reindex-index', { oid: await bench.oidOf('queued_id'), concurrently: false }, { giveUpMinutes: 0 })).id,
    )
    await holder.end()
    expect(run).toMatchObject({
      state: 'failed',
      problem: { kind: 'lock_not_available', sqlstate: '55P03' },
      receipt: { checkedAfter: 'valid, ready, live' },
    })
  })

  it('cancels nothing that is over', async () => {
    await bench.bloated('late')
    await bench.startWorker()
    const run = await bench.over((await bench.confirmed('analyze-table', { oid: await bench.oidOf('late') })).id)
    expect(await cancelRun(run.id, DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await cancelRun('999999999', DBA)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
