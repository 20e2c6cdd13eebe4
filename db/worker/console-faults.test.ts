import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { type ConsoleFaultPlan, FAULT_WORDS, failWrites } from '../../test/support/console-faults'
import { type LossyWay, lossyWayTo } from '../../test/support/lost-commit'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { benchForTests } from '../../test/support/run-bench'
import { closeConsole, consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { cancelRun } from '../runs/cancel'
import { confirmRuns } from '../runs/confirm'
import { planCommand } from '../runs/planner'
import { closeQueue } from '../runs/run-queue'
import { findRun, readRunLog } from '../runs/runs'

const bench = benchForTests(18, () => databaseOnOwnServer(18))
let way: LossyWay
beforeAll(async () => {
  way = await lossyWayTo(process.env.PROCTOR_CONSOLE_URL ?? '')
  await closeQueue()
  await closeConsole()
  process.env.PROCTOR_CONSOLE_URL = way.url
})
afterAll(async () => {
  await closeQueue()
  await closeConsole()
  await way.close()
})

const auditOf = async (id: string) => (await consoleDb().select().from(audit).orderBy(audit.id)).filter(({ runId }) => runId === BigInt(id))

/** A rebuild from its confirmation to its receipt, each of whose lines is there once, and which tells nothing of a driver. */
async function judged(id: string) {
  const run = await bench.over(id)
  expect(run).toMatchObject({ state: 'succeeded', problem: null, receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
  const lines = (await readRunLog(id)).map(({ message }) => message)
  for (const begins of ['preflight', 'checked again', 'session opened', 'REINDEX INDEX', 'done'])
    expect([begins, lines.filter((line) => line.startsWith(begins)).length]).toEqual([begins, 1])
  expect((await auditOf(id)).map(({ action }) => action)).toEqual(['run.confirmed', 'run.succeeded'])
  expect(JSON.stringify([run, lines, await auditOf(id)], (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(
    /SECRET-LOOKING|Failed query|params:/,
  )
}

const WRITES: [string, Omit<ConsoleFaultPlan, 'sqlstate'>][] = [
  ['the claim', { table: 'run', on: 'update', when: `old.state = 'queued' and new.state = 'running'` }],
  ['the line of the last check', { table: 'run_log', when: `new.message like 'checked again%'` }],
  ['what it is found again by', { table: 'run', on: 'update', when: 'old.progress is null and new.progress is not null' }],
  ['the line of the session', { table: 'run_log', when: `new.message like 'session opened%'` }],
  ['the line of the statement', { table: 'run_log', when: `new.message like 'REINDEX%'` }],
  ['its progress', { table: 'run', on: 'update', when: 'old.progress is not null and new.state = old.state', nth: 2 }],
  ['its size', { table: 'index_measurement' }],
  ['its end', { table: 'run', on: 'update', when: `new.state = 'succeeded'` }],
  ['its last line', { table: 'run_log', when: `new.message like 'done%'` }],
  ['the audit of its end', { table: 'audit', when: `new.action = 'run.succeeded'` }],
]
const STATES = ['57014', '40P01', '53100', '53300', '25006', '55P03', '57P03', '58030', 'XX000', 'P0001']

describe('a run whose console database fails at a write', () => {
  let nth = 0
  const faults = WRITES.flatMap(([what, plan], place) =>
    [0, 1, 2].map((more) => [what, STATES[(place + 3 * more) % STATES.length] ?? '', plan] as const),
  )

  it.each(faults)('%s, with %s, three times: it is told as it was, once', async (_, sqlstate, plan) => {
    const table = `f${++nth}`
    await bench.bloated(table)
    await bench.startWorker()
    const oid = await bench.oidOf(`${table}_id`)
    const home = await bench.home()
    const fault = await failWrites(home, { ...plan, sqlstate, times: 3 })
    const { id } = await bench.confirmed('reindex-index', { oid })
    await judged(id)
    expect(await fault.failed()).toBe(3)
    await fault.lift()
    expect(await bench.oidOf(`${table}_id`)).not.toBe(oid)
  })

  it.each(WRITES)('%s, with its session ended at the commit: it is told as it was, once', async (_, plan) => {
    const table = `f${++nth}`
    await bench.bloated(table)
    await bench.startWorker()
    const home = await bench.home()
    const fault = await failWrites(home, { ...plan, sqlstate: '57P01', at: 'commit', end: true, times: 2 })
    await judged((await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${table}_id`) })).id)
    expect(await fault.failed()).toBe(2)
    await fault.lift()
  })

  it('goes on at the server when its progress can never be written, and a cancel goes through', async () => {
    await bench.bloated('stuck')
    const holder = await bench.hold('select count(*) from stuck')
    await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('stuck_id') })
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    const home = await bench.home()
    const fault = await failWrites(home, {
      table: 'run',
      on: 'update',
      when: 'new.written > old.written and new.state = old.state',
      times: 1_000_000,
      sqlstate: 'P0001',
    })
    await expect.poll(() => fault.failed()).toBeGreaterThan(5)
    expect(await findRun(id)).toMatchObject({ state: 'running', problem: null })
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true })
    const over = await bench.over(id)
    await fault.lift()
    await holder.end()
    expect(over).toMatchObject({ state: 'cancelled', receipt: { leftovers: [{ relname: 'stuck_id_ccnew' }] } })
    expect(JSON.stringify(over)).not.toContain(FAULT_WORDS)
  })
})

describe('a commit whose answer was lost', () => {
  it('is known again, at whichever moment of a run', async () => {
    for (const lost of [1, 3, 6]) {
      const table = `lost_${lost}`
      await bench.bloated(table)
      const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${table}_id`) })
      const before = way.lost()
      const worker = await bench.startWorker()
      // From the first of its commits on, and later ones as they come.
      for (let one = 0; one < lost; one++) {
        way.lose(1)
        await Promise.race([expect.poll(() => way.lost(), { interval: 5 }).toBe(before + one + 1), bench.over(id)])
      }
      way.lose(0)
      await judged(id)
      expect(way.lost()).toBeGreaterThan(before)
      await worker.stop()
    }
  })

  it('queues a confirmation once, however often it is sent', async () => {
    await bench.bloated('twice')
    const { serverId, database } = bench.db.target
    const input = { oid: await bench.oidOf('twice_id') }
    const planned = await planCommand(bench.db.target, 'reindex-index', input)
    if (!planned.ok) throw new Error(planned.problem.message)
    const { plan, cluster } = planned.value
    const command = { command: 'reindex-index', input, statements: plan.statements, cluster }
    const confirmed = { serverId, database, commands: [command], phrase: plan.phrase, actor: DBA, key: '0123456789abcdef0123456789abcdef' }
    way.lose(1)
    const first = await confirmRuns(confirmed)
    expect(way.lost()).toBeGreaterThan(0)
    const again = await Promise.all([confirmRuns(confirmed), confirmRuns(confirmed)])
    if (!first.ok) throw new Error(first.problem.message)
    for (const one of again) expect(one).toEqual(first)
    const [run] = first.value
    expect((await auditOf(run?.id ?? '')).map(({ action }) => action)).toEqual(['run.confirmed'])
    const other = { ...confirmed, commands: [{ ...command, statements: ['REINDEX TABLE public.twice'] }] }
    expect(await confirmRuns(other)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await cancelRun(run?.id ?? '', DBA)).toMatchObject({ ok: true })
    expect(await cancelRun(run?.id ?? '', DBA)).toMatchObject({ ok: true, value: { state: 'cancelled' } })
    expect((await auditOf(run?.id ?? '')).map(({ action }) => action)).toEqual(['run.confirmed', 'run.cancelled'])
  })

  it('says what is known when the console database takes no confirmation, and queues it once later', async () => {
    await bench.bloated('later')
    const { serverId, database } = bench.db.target
    const input = { oid: await bench.oidOf('later_id') }
    const planned = await planCommand(bench.db.target, 'reindex-index', input)
    if (!planned.ok) throw new Error(planned.problem.message)
    const { plan, cluster } = planned.value
    const commands = [{ command: 'reindex-index', input, statements: plan.statements, cluster }]
    const confirmed = { serverId, database, commands, phrase: plan.phrase, actor: DBA, key: 'fedcba9876543210fedcba9876543210' }
    const home = await bench.home()
    const fault = await failWrites(home, { table: 'run', on: 'insert', times: 1_000, sqlstate: '25006' })
    const refused = await confirmRuns(confirmed)
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'unreachable', message: expect.stringContaining('not known yet') } })
    expect(JSON.stringify(refused)).not.toMatch(/SECRET-LOOKING|Failed query/)
    await fault.lift()
    const queued = await confirmRuns(confirmed)
    expect(queued).toMatchObject({ ok: true, value: [{ state: 'queued' }] })
    expect(await confirmRuns(confirmed)).toEqual(queued)
    if (queued.ok) await cancelRun(queued.value[0]?.id ?? '', DBA)
  })
})
