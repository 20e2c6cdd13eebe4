import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { closeConsole, consoleDb } from '../console/client'
import { migrateConsole } from '../console/migrate'
import { closeQueue } from '../console/run-queue'
import { isFinal } from '../console/run-states'
import type { Run } from '../console/run-types'
import { findRun, listRuns, moveRun, readRunLog } from '../console/runs'
import { audit } from '../console/schema'
import { registerServer } from '../console/servers'
import { MAJORS } from '../embedded/binaries'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import { forgetFacts } from '../target/facts'
import { closePools } from '../target/pool'
import { cancelRun } from './cancel'
import { type ConfirmedCommand, confirmRuns } from './confirm'
import { planCommand } from './planner'
import { startWorker, type Worker } from './worker'

let home: TestDatabase
let db: TestDatabase
let worker: Worker | undefined

beforeAll(async () => {
  home = await testDatabase(18)
  await migrateConsole(home.url)
  process.env.PROCTOR_CONSOLE_URL = home.url
})
afterAll(async () => {
  await closeQueue()
  await closeConsole()
  await home.drop()
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
})

const value = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
  Object.values((await db.client.query(sql, values)).rows[0] ?? {})[0] as T
const oidOf = (name: string) => value<number>('select $1::regclass::oid', [name])
const sizeOf = (name: string) => value<string>('select pg_relation_size($1::regclass)', [name]).then(Number)

/** A table whose index and heap are three quarters air. */
async function bloated(name: string): Promise<void> {
  await db.client.query(`create table ${name} (id int, note text) with (autovacuum_enabled = off)`)
  await db.client.query(`insert into ${name} select i, repeat('x', 100) from generate_series(1, 20000) i`)
  await db.client.query(`create index ${name}_id on ${name} (id)`)
  await db.client.query(`delete from ${name} where id % 4 <> 0`)
}

/** What the dialog does: plan, then confirm what was planned, typing what is asked for. */
async function confirm(commands: [string, Record<string, unknown>][], change: Partial<{ phrase: string; sql: string[] }> = {}) {
  const confirmed: ConfirmedCommand[] = []
  let phrase = db.target.database
  for (const [command, input] of commands) {
    const planned = await planCommand(db.target, command, input)
    if (!planned.ok) throw new Error(planned.problem.message)
    confirmed.push({ command, input, statements: change.sql ?? planned.value.plan.statements })
    if (commands.length === 1) phrase = planned.value.plan.phrase
  }
  return confirmRuns({
    serverId: db.target.serverId,
    database: db.target.database,
    commands: confirmed,
    phrase: change.phrase ?? phrase,
    actor: 'dba@example.org',
  })
}

async function confirmed(command: string, input: Record<string, unknown>): Promise<Run> {
  const runs = await confirm([[command, input]])
  if (!runs.ok) throw new Error(runs.problem.message)
  return runs.value[0] as Run
}

async function until(id: string, seen: (run: Run) => boolean): Promise<Run> {
  const start = Date.now()
  for (;;) {
    const run = await findRun(id)
    if (run && seen(run)) return run
    if (Date.now() - start > 30_000)
      throw new Error(`Run ${id} is still ${run?.state}: ${JSON.stringify(run?.progress)} ${JSON.stringify(run?.problem)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const over = (id: string) => until(id, ({ state }) => isFinal(state))
const logOf = async (id: string) => (await readRunLog(id)).map(({ message }) => message).join('\n')

/** A session with an open transaction that keeps a snapshot or a lock. */
async function hold(sql: string): Promise<{ pid: number; end: () => Promise<void> }> {
  const session = await db.connect()
  await session.query(`begin isolation level repeatable read; set application_name = 'metabase'; ${sql}`)
  const { rows } = await session.query('select pg_backend_pid() as pid')
  return { pid: rows[0].pid, end: async () => void (await session.query('rollback')) }
}

describe.each(MAJORS)('a run on PostgreSQL %i', (major) => {
  beforeAll(async () => {
    db = await testDatabase(major)
    process.env.DATABASE_URL = db.url
    await registerServer({ id: db.target.serverId, name: `postgres ${major}`, source: 'environment', database: db.target.database })
  })
  afterAll(async () => {
    await closePools()
    forgetFacts()
    await db.drop()
  })

  it('rebuilds an index, and its receipt agrees with pg_relation_size', async () => {
    await bloated('simple')
    await db.client.query('vacuum simple')
    const before = await sizeOf('simple_id')
    worker = await startWorker()
    const queued = await confirmed('reindex-index', { oid: await oidOf('simple_id') })
    expect(queued.state).toBe('queued')
    const run = await over(queued.id)
    expect(run).toMatchObject({
      state: 'succeeded',
      problem: null,
      receipt: { bytesBefore: before, checkedAfter: 'valid, ready, live', leftovers: [] },
    })
    expect(run.receipt?.bytesAfter).toBe(await sizeOf('simple_id'))
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
    await bloated('dusty')
    worker = await startWorker()
    await expect.poll(() => value<string>('select pg_stat_get_dead_tuples($1::regclass)', ['dusty']).then(Number)).toBeGreaterThan(10_000)
    const run = await over((await confirmed('vacuum-table', { oid: await oidOf('dusty'), analyze: true })).id)
    expect(run).toMatchObject({ state: 'succeeded', receipt: { deadAfter: '0', checkedAfter: 'vacuumed, says pg_stat_all_tables' } })
    expect(Number(run.receipt?.deadBefore)).toBeGreaterThan(10_000)
    expect(run.receipt?.notices.join('\n')).toMatch(/INFO: {2}.*vacuuming .*dusty/)
    const full = await over((await confirmed('vacuum-table', { oid: await oidOf('dusty'), full: true })).id)
    expect(full.state).toBe('succeeded')
    expect(full.receipt?.bytesAfter).toBeLessThan(Number(full.receipt?.bytesBefore) / 2)
  })

  it('carries a batch out in its order, and leaves out what was cancelled while queued', async () => {
    for (const name of ['first', 'second', 'third']) await bloated(name)
    const commands: [string, Record<string, unknown>][] = []
    for (const name of ['first', 'second', 'third']) commands.push(['analyze-table', { oid: await oidOf(name) }])
    const runs = await confirm(commands)
    if (!runs.ok) throw new Error(runs.problem.message)
    const [first, second, third] = runs.value as [Run, Run, Run]
    expect(new Set(runs.value.map(({ batchId }) => batchId)).size).toBe(1)
    expect(await cancelRun(second.id, 'dba@example.org')).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    worker = await startWorker()
    const ended = [await over(first.id), await over(second.id), await over(third.id)]
    expect(ended.map(({ state }) => state)).toEqual(['succeeded', 'cancelled', 'succeeded'])
    expect(Date.parse(ended[2]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ended[0]?.endedAt ?? ''))
    expect(ended[1]?.startedAt).toBeNull()
    expect(await listRuns({ batchId: first.batchId ?? '' })).toHaveLength(3)
  })

  it('names the transaction that it waits for; a cancel leaves _ccnew, which can be dropped', async () => {
    await bloated('waited')
    const holder = await hold('select count(*) from waited')
    worker = await startWorker()
    const { id } = await confirmed('reindex-index', { oid: await oidOf('waited_id') })
    const waiting = await until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    expect(waiting.progress?.waitingFor[0]).toMatchObject({ applicationName: 'metabase', state: 'idle in transaction' })
    const current = waiting.progress?.phases.find(({ state }) => state === 'current')?.name
    expect(['Build', 'Validate', 'Wait for old snapshots', 'Drop old']).toContain(current)
    expect(await cancelRun(id, 'dba@example.org')).toMatchObject({ ok: true })
    const run = await over(id)
    await holder.end()
    expect(run.state).toBe('cancelled')
    expect(await logOf(id)).toMatch(new RegExp(`waiting for pid ${holder.pid} \\(metabase, idle in transaction\\)`))
    expect(await value('select indisvalid from pg_index where indexrelid = $1::regclass', ['waited_id'])).toBe(true)
    expect(run.receipt?.leftovers).toMatchObject([{ relname: 'waited_id_ccnew', advice: expect.stringContaining('did not finish') }])
    const dropped = await over((await confirmed('drop-leftover-index', { oid: run.receipt?.leftovers[0]?.oid })).id)
    expect(dropped).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'gone', bytesAfter: 0 } })
    expect(await value(`select to_regclass('waited_id_ccnew')`)).toBeNull()
  })

  it('gives up after its own limit, as CONCURRENTLY has none', async () => {
    await bloated('patience')
    const holder = await hold('select count(*) from patience')
    worker = await startWorker({ giveUpMs: 1_500 })
    const run = await over((await confirmed('reindex-index', { oid: await oidOf('patience_id') })).id)
    await holder.end()
    expect(run).toMatchObject({
      state: 'failed',
      problem: { kind: 'timeout', message: expect.stringContaining(`waiting for pid ${holder.pid}`) },
    })
  })

  it('ends a plain REINDEX by lock_timeout instead of letting others queue', async () => {
    await bloated('queued')
    const holder = await hold('insert into queued values (1)')
    worker = await startWorker()
    const run = await over((await confirmed('reindex-index', { oid: await oidOf('queued_id'), concurrently: false })).id)
    await holder.end()
    expect(run).toMatchObject({
      state: 'failed',
      problem: { kind: 'lock_not_available', sqlstate: '55P03' },
      receipt: { checkedAfter: 'valid, ready, live' },
    })
    expect(run.receipt?.durationMs).toBeLessThan(10_000)
  })

  describe('is refused', () => {
    beforeAll(() => bloated('guarded'))
    const reindex = async (): Promise<[string, Record<string, unknown>]> => [
      'reindex-index',
      { oid: await oidOf('guarded_id'), concurrently: false },
    ]

    it('with other SQL than the plan has', async () => {
      const forged = ["SET lock_timeout = '2s'", 'SET statement_timeout = 0', 'DROP TABLE guarded']
      expect(await confirm([await reindex()], { sql: forged })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      expect(await confirm([await reindex()], { sql: [] })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    })

    it('with another phrase than the one asked for', async () => {
      for (const phrase of ['', 'guarded', 'GUARDED_ID', db.target.database]) {
        expect(await confirm([await reindex()], { phrase })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
      }
      expect(await confirm([await reindex(), await reindex()], { phrase: 'guarded_id' })).toMatchObject({ ok: false })
    })

    it('when a check stops it', async () => {
      await db.client.query('create temp table scratch (id int primary key)')
      const refused = await confirm([['reindex-index', { oid: await oidOf('scratch_pkey') }]])
      expect(refused).toMatchObject({ ok: false, problem: { kind: 'conflict', message: expect.stringContaining('temporary') } })
    })

    it('for an unknown command, server or input', async () => {
      const one = { commands: [{ command: 'drop-database', input: {}, statements: [] }], phrase: '', actor: 'x' }
      expect(await confirmRuns({ serverId: db.target.serverId, database: db.target.database, ...one })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid_input' },
      })
      expect(await confirmRuns({ serverId: 'nowhere', database: 'x', ...one })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid_input' },
      })
      expect(await planCommand(db.target, 'vacuum-table', { oid: 1, full: 'yes' })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid_input' },
      })
      expect(await planCommand(db.target, 'reindex-index', { oid: 1, force: true })).toMatchObject({
        ok: false,
        problem: { kind: 'invalid_input' },
      })
    })

    it('and leaves a line in the audit, and no run', async () => {
      const lines = await consoleDb().select().from(audit)
      const refused = lines.filter(({ serverId, action }) => serverId === db.target.serverId && action === 'run.refused')
      expect(refused.length).toBeGreaterThanOrEqual(8)
      expect((await listRuns({ serverId: db.target.serverId })).some(({ object }) => object.relname === 'guarded_id')).toBe(false)
    })
  })

  it.each([
    ['dropped', 'drop index NAME', /was dropped since/],
    ['renamed', 'alter index NAME rename to NAME_2', /was renamed since/],
    ['rebuilt', 'reindex index NAME', /rebuilt or rewritten since/],
    ['rebuilt concurrently', 'reindex index concurrently NAME', /was rebuilt since.*OID/],
  ])('ends in a conflict when the index was %s between plan and run', async (what, change, message) => {
    const table = `changed_${what.replace(' ', '_')}`
    await bloated(table)
    const { id } = await confirmed('reindex-index', { oid: await oidOf(`${table}_id`) })
    await db.client.query(change.replaceAll('NAME', `${table}_id`))
    worker = await startWorker()
    expect(await over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringMatching(message) },
      receipt: null,
    })
  })

  it('is watched on by the next worker when the first one stops in the middle', async () => {
    await bloated('orphaned')
    const holder = await hold('select count(*) from orphaned')
    const first = await startWorker()
    const { id } = await confirmed('reindex-index', { oid: await oidOf('orphaned_id') })
    const { backendPid } = await until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await first.stop()
    expect((await findRun(id))?.state).toBe('running')
    worker = await startWorker()
    await expect.poll(() => logOf(id), { timeout: 10_000 }).toContain(`found again, pid ${backendPid}`)
    await holder.end()
    expect(await over(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
  })

  it('is ended honestly when its backend was terminated while no worker was there', async () => {
    await bloated('killed')
    const holder = await hold('select count(*) from killed')
    const first = await startWorker()
    const { id } = await confirmed('reindex-index', { oid: await oidOf('killed_id') })
    await until(id, ({ progress }) => progress?.waitingFor.some(({ pid }) => pid === holder.pid) ?? false)
    await first.stop()
    await db.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'proctor run ${id}'`)
    await holder.end()
    worker = await startWorker()
    const run = await over(id)
    expect(run).toMatchObject({ state: 'failed', problem: { message: 'Its session was lost before it was done' } })
    expect(run.receipt?.leftovers.map(({ relname }) => relname)).toEqual(['killed_id_ccnew'])
  })

  it('is not begun twice: one that was claimed but never sent is failed', async () => {
    await bloated('claimed')
    const { id } = await confirmed('reindex-index', { oid: await oidOf('claimed_id') })
    await moveRun(id, 'running', { startedAt: new Date() }) // as a worker that died right after
    worker = await startWorker()
    expect(await over(id)).toMatchObject({ state: 'failed', problem: { message: expect.stringContaining('before anything was sent') } })
  })

  it('cancels nothing that is over', async () => {
    await bloated('late')
    worker = await startWorker()
    const run = await over((await confirmed('analyze-table', { oid: await oidOf('late') })).id)
    expect(await cancelRun(run.id, 'x')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await cancelRun('999999999', 'x')).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
