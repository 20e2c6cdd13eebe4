import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { MAJORS } from '../embedded/binaries'
import { cancelRun } from '../runs/cancel'
import { checkAgain } from '../runs/check-again'
import { dueRuns } from '../runs/claim'
import { saveWindow } from '../runs/maintenance-windows'
import { readQueue } from '../runs/queue'
import { backoffMs, tryAgain } from './try-again'

it('waits longer after each try, by up to a fifth more or less', () => {
  expect([1, 2, 3, 4, 5, 9].map((tries) => backoffMs(tries, 0.5))).toEqual([5_000, 15_000, 45_000, 135_000, 300_000, 300_000])
  expect([backoffMs(1, 0), backoffMs(1, 1)]).toEqual([4_000, 6_000])
})

describe.each(MAJORS)('a run that a lock_timeout ends on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  /** A VACUUM FULL that somebody holds up, after its first try. */
  const heldUp = async (table: string, terms: Parameters<typeof bench.confirmed>[2] = {}) => {
    await bench.bloated(table)
    const holder = await bench.hold(`insert into ${table} values (1)`)
    await bench.startWorker()
    const { id } = await bench.confirmed('vacuum-table', { oid: await bench.oidOf(table), full: true }, terms)
    const waiting = await bench.until(id, ({ state, retry }) => state === 'queued' && retry !== null)
    return { id, holder, waiting }
  }

  it('goes back to the queue, names who held it up, and succeeds when the lock is free', async () => {
    const { id, holder } = await heldUp('held')
    const waiting = await bench.until(id, ({ state, retry }) => state === 'queued' && (retry?.blockers.length ?? 0) > 0)
    expect(waiting).toMatchObject({ startedAt: null, progress: null, giveUpMinutes: 5, retry: { blockers: [{ pid: holder.pid }] } })
    expect((await readQueue(new Date(Date.parse(waiting.retry?.at ?? '') - 1))).get(id)).toMatchObject({
      because: 'retry',
      startsAt: waiting.retry?.at,
    })
    expect(await bench.logOf(id)).toMatch(
      new RegExp(`try \\d held up by pid ${holder.pid} \\(metabase, idle in transaction\\); the next in \\d+ s`),
    )
    await holder.end()
    const over = await bench.over(id)
    expect(over).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'vacuumed, says pg_stat_all_tables' } })
    expect(Date.parse(over.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(over.retry?.at ?? ''))
  })

  it('is passed by others meanwhile, and is not due before its moment', async () => {
    const { id, holder, waiting } = await heldUp('passed')
    await bench.stopWorkers()
    const at = Date.parse(waiting.retry?.at ?? '')
    await bench.bloated('other')
    const other = await bench.confirmed('analyze-table', { oid: await bench.oidOf('other') })
    expect(await dueRuns(bench.db.target.serverId, new Date(at - 1))).toEqual([other.id])
    expect(await bench.claim(id, new Date(at - 1))).toBeUndefined()
    expect(await dueRuns(bench.db.target.serverId, new Date(at))).toEqual([id, other.id])
    expect(await cancelRun(other.id, DBA)).toMatchObject({ ok: true })
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    await holder.end()
  })

  it('is cancelled between two tries and never begins again', async () => {
    const { id, holder } = await heldUp('cancelled')
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true, value: { state: 'cancelled', startedAt: null } })
    await holder.end()
    expect(await dueRuns(bench.db.target.serverId, new Date(Date.now() + 3_600_000))).toEqual([])
  })

  it('ends when its time is up', async () => {
    await bench.bloated('in_vain')
    const holder = await bench.hold('insert into in_vain values (1)')
    const oid = await bench.oidOf('in_vain')
    await bench.startWorker({ giveUpMs: 2_001 }) // its first try alone takes the 2 s of lock_timeout
    const over = await bench.over((await bench.confirmed('vacuum-table', { oid, full: true })).id)
    expect(over).toMatchObject({ state: 'failed', problem: { message: expect.stringMatching(/^Given up after/) } })
    const once = await bench.over((await bench.confirmed('vacuum-table', { oid, full: true }, { giveUpMinutes: 0 })).id)
    await holder.end()
    expect(once).toMatchObject({ state: 'failed', retry: null, problem: { kind: 'lock_not_available', sqlstate: '55P03' } })
  })

  it('waits for the next opening when its window closes before the next try', async () => {
    const { serverId } = bench.db.target
    const window = { cron: '* * * * *', timeZone: 'UTC', minutes: 60 }
    const saved = await saveWindow(serverId, null, { name: 'Now', ...window }, DBA)
    if (!saved.ok) throw new Error(saved.problem.message)
    await bench.bloated('closing')
    const oid = await bench.oidOf('closing')
    const { id } = await bench.confirmed('vacuum-table', { oid, full: true }, { window: { id: saved.value.id, ...window } })
    const { run, hold } = await bench.claimed(id)
    const ready = await checkAgain(run, bench.db.target)
    if (!ready.ok) throw new Error('It could not begin')
    // While it tries, the window moves away: a minute a year, half a year from now.
    const month = ((new Date().getUTCMonth() + 6) % 12) + 1
    const moved = await saveWindow(serverId, saved.value.id, { name: 'Now', cron: `0 2 1 ${month} *`, timeZone: 'UTC', minutes: 1 }, DBA)
    expect(moved.ok).toBe(true)
    const problem = { kind: 'lock_not_available' as const, message: 'canceling statement due to lock timeout', sqlstate: '55P03' }
    const { command, before } = ready.value
    const ended = { problem, target: bench.db.target, command, before, blockers: [], giveUpMs: 300_000, tookMs: 2_000 }
    expect(await tryAgain(run, hold, ended)).toBeNull()
    const waiting = await bench.until(id, ({ state }) => state === 'queued')
    expect(waiting.retry).toMatchObject({ tries: 1, since: null })
    expect((await readQueue()).get(id)).toMatchObject({ because: 'window', window: { name: 'Now' } })
    expect(await bench.logOf(id)).toContain('the next when its window opens again')
    expect(await tryAgain(run, hold, ended)).toEqual({ state: 'cancelled' }) // its state is another by now: nothing is queued twice
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true })
  })
})
