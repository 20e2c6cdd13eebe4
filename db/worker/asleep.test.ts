import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { evict } from '../console/evict'
import { audit, worker as workers } from '../console/schema'
import { MAJORS } from '../embedded/binaries'
import { findRun, readRunLog } from '../runs/runs'
import { endIdleSession } from '../server/end-idle-session'
import { keepBeating, lookAtOthers } from './heartbeat'
import { NotOurs } from './run-hold'

const CHECKOUT = path.resolve(import.meta.dirname, '../..')
const SHORT = { beatMs: 200, asleepMs: 2_000 }

describe.each(MAJORS.filter((major) => major === 14 || major === 18))('a worker that sleeps, with PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const children: ChildProcess[] = []
  afterEach(async () => {
    const gone = children.splice(0).map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')))
    await Promise.all(gone)
  })
  const start = (): ChildProcess => {
    const script = path.join(CHECKOUT, 'test', 'support', 'short-worker.ts')
    const env = { ...process.env, VITEST: undefined }
    const child = spawn(process.execPath, ['--import', './bin/modules.mjs', script], {
      cwd: CHECKOUT,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    return child
  }
  const written = async (id: string) => [
    await findRun(id),
    await readRunLog(id),
    (await consoleDb().select().from(audit).orderBy(audit.id)).length,
  ]
  const sessionsOf = (id: string) =>
    bench.value<number>('select count(*)::int from pg_stat_activity where application_name like $1', [`proctor run ${id} %`])
  const sent = async (id: string) => (await bench.logOf(id)).match(/^REINDEX INDEX/gm)?.length

  /** A rebuild that waits at the server, in the hands of a process that is stopped then. */
  const asleepWith = async (table: string) => {
    await bench.bloated(table)
    const holder = await bench.hold(`select count(*) from ${table}`)
    const sleeper = start()
    const { id, object } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${table}_id`) })
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    sleeper.kill('SIGSTOP')
    return { id, holder, sleeper, before: object.oid }
  }

  it('loses its run to one that is awake, and writes nothing when it wakes up', async () => {
    const { id, holder, sleeper } = await asleepWith('taken')
    const [mine] = await consoleDb().select().from(workers)
    const awake = await bench.startWorker(SHORT)
    await expect.poll(() => bench.logOf(id)).toContain('found again')
    await holder.end()
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
    const before = await written(id)
    sleeper.kill('SIGCONT')
    // It shows again that it lives, and by then its first writes have been refused.
    await expect.poll(async () => (await consoleDb().select().from(workers)).some((one) => one.id === mine?.id && one.beat > 3)).toBe(true)
    expect(await written(id)).toEqual(before)
    expect(await sent(id)).toBe(1)
    await awake.stop()
    await bench.bloated('next')
    const next = await bench.confirmed('reindex-index', { oid: await bench.oidOf('next_id') })
    expect(await bench.over(next.id)).toMatchObject({ state: 'succeeded' })
  })

  it('has no session left to send anything on once its run was judged', async () => {
    const { id, holder, sleeper, before } = await asleepWith('ended')
    await holder.end()
    await expect.poll(() => bench.oidOf('ended_id')).not.toBe(before)
    expect(await sessionsOf(id)).toBe(1) // the sleeper's, idle
    await bench.startWorker(SHORT)
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded', receipt: { leftovers: [] } })
    expect(await sessionsOf(id)).toBe(0)
    const told = await written(id)
    sleeper.kill('SIGCONT')
    await expect.poll(async () => (await consoleDb().select().from(workers)).length).toBe(2)
    expect(await written(id)).toEqual(told)
  })

  it('tells the truth when it wakes up and nobody else was there', async () => {
    const { id, holder, sleeper, before } = await asleepWith('alone')
    const slept = performance.now()
    await holder.end()
    await expect.poll(() => bench.oidOf('alone_id')).not.toBe(before)
    await expect.poll(() => performance.now() - slept).toBeGreaterThan(SHORT.asleepMs + 1_000)
    sleeper.kill('SIGCONT')
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
    expect(await sent(id)).toBe(1)
  })

  it('is not thrown out when it shows meanwhile that it lives; when it is, its writes are refused', async () => {
    const { id, holder } = await asleepWith('fenced')
    const { hold } = await bench.taken(id)
    const [row] = await consoleDb().insert(workers).values({ id: 'a worker of the test', beat: 5 }).returning()
    expect(row?.beat).toBe(5)
    expect(await evict({ id: 'a worker of the test', beat: 4 })).toBe(false)
    await hold.log('info', 'still its own')
    expect(await evict({ id: 'a worker of the test', beat: 5 })).toBe(true)
    const before = await written(id)
    await expect(hold.write({ state: 'failed', lines: [{ level: 'error', message: 'too late' }] })).rejects.toThrow(NotOurs)
    await expect.poll(() => hold.left.aborted).toBe(true)
    expect(await written(id)).toEqual(before)
    await holder.end()
  })

  it('ends a session that does nothing, and none that works', async () => {
    const session = await bench.db.connect()
    await session.query(`set application_name = 'one of a test'`)
    const start = `to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    const { rows } = await session.query(`select pid, ${start} as "backendStart" from pg_stat_activity where pid = pg_backend_pid()`)
    const end = (marker = 'one of a test') => endIdleSession(bench.db.target, rows[0], marker)
    const works = session.query('select pg_sleep(2)')
    const active = () => bench.value(`select count(*)::int from pg_stat_activity where pid = $1 and state = 'active'`, [rows[0].pid])
    await expect.poll(active).toBe(1)
    expect(await end()).toEqual({ ok: true, value: false })
    await works
    expect(await end('another')).toEqual({ ok: true, value: false })
    expect(await end()).toEqual({ ok: true, value: true })
    await expect.poll(() => bench.value('select count(*)::int from pg_stat_activity where pid = $1', [rows[0].pid])).toBe(0)
  })
})

describe('what a worker knows of others and of itself', () => {
  it('adds up how long the others have stood still, as far as it could look', () => {
    const a = (beat: number) => [{ id: 'a', beat }]
    let seen = lookAtOthers(new Map(), a(1), 3_000)
    expect(seen.get('a')?.ms).toBe(0)
    seen = lookAtOthers(seen, a(1), 3_000)
    expect(lookAtOthers(seen, a(1), 3_000).get('a')?.ms).toBe(6_000)
    expect(lookAtOthers(seen, a(2), 3_000).get('a')?.ms).toBe(0)
    expect(lookAtOthers(seen, [], 3_000).size).toBe(0)
  })

  it.each([
    ['it was stopped', 70_000, 70_000],
    ['its machine was suspended, and the monotonic clock stood still', 0, 7_200_000],
  ])('notices that %s', async (_, monotonicMs, wallMs) => {
    let [clock, wall, asked] = [0, 0, 0]
    const stopping = new AbortController()
    const slept: number[] = []
    /** Between two beats, when nothing but a timer is waited for. */
    const between = () => {
      clock += monotonicMs
      wall += wallMs
    }
    const query = async () => {
      asked += 1
      if (asked === 2) setTimeout(between, 1)
      if (asked === 8) stopping.abort()
      return { rows: [] } as never
    }
    await keepBeating({
      ...{ workerId: 'me', session: { lock: async () => null, close: async () => undefined, query }, stopping: stopping.signal },
      ...{ beatMs: 50, asleepMs: 20_000, clock: () => clock, wall: () => wall, onEvicted: () => undefined },
      onWake: (ms) => slept.push(ms),
    })
    expect(slept).toEqual([Math.max(monotonicMs, wallMs)])
  })
})
