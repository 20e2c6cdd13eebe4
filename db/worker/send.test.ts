import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { countRebuilt } from '../commands/checked'
import { indexesRebuilt } from '../commands/done'
import { registerServer } from '../console/servers'
import { checkAgain } from '../runs/check-again'
import { findRun } from '../runs/runs'
import { openSession } from '../server/session'
import type { Target } from '../server/target'
import type { Swapped } from './replaced'
import { send } from './send'
import type { Watcher } from './watch'

describe('the statements of a run in steps', () => {
  const bench = benchForTests(18)
  const sql = (text: string) => bench.db.client.query(text)
  const make = (schema: string) =>
    sql(`create schema ${schema}; create table ${schema}.p (a int) partition by range (a); create index p_a on ${schema}.p (a);
      create table ${schema}.p1 partition of ${schema}.p for values from (0) to (10); create table ${schema}.p2 partition of ${schema}.p for values from (10) to (20)`)
  const watcher = {
    cancelling: () => false,
    atStep: () => undefined,
    heldUpBy: () => [],
  } as unknown as Watcher

  /** An address that leads to the server, but for as often as it is told to be away. */
  let away = 0
  const door = createServer((socket) => {
    if (away-- > 0) return socket.destroy()
    const inner = connect(bench.db.target.port, bench.db.target.host)
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const)
      one.pipe(other).on('error', () => one.destroy())
  })
  beforeAll(async () => void (await once(door.listen(0, '127.0.0.1'), 'listening')))
  afterAll(() => door.close())

  /** Sends a confirmed rebuild as the worker does. `looksAt`: by what address it looks at each step; `then`: what somebody does after the first. */
  const sendAll = async (schema: string, looksAt: () => Target, then: () => Promise<unknown> = async () => undefined) => {
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${schema}.p_a`) })
    const { run, hold } = await bench.claimed(id)
    const ready = await checkAgain(run, bench.db.target)
    if (!ready.ok) throw new Error(ready.problem.message)
    const { before } = ready.value
    const session = await openSession(bench.db.target, 'proctor run of a test', () => undefined)
    if (!session.ok) throw new Error(session.problem.message)
    let sent = 0
    const execute: typeof session.value.execute = async (statement) => {
      const answer = await session.value.execute(statement)
      if (statement.startsWith('REINDEX') && ++sent === 1) await then()
      return answer
    }
    const swapped: Swapped[] = []
    const options = { sending: { now: false }, before, swapped, giveUpMs: 60_000 }
    const result = await send(run, hold, looksAt(), { ...session.value, execute }, watcher, options)
    await session.value.close()
    const log = await bench.logOf(id)
    await hold.write({ state: 'failed', patch: { endedAt: new Date() } })
    expect((await findRun(id))?.state).toBe('failed')
    return { result, sent, log, before, swapped: swapped.map(({ was, now }) => [was, now]) }
  }

  it('are begun within the time limit alone, and the run ends well', async () => {
    await make('s_limit')
    await sql('insert into s_limit.p select generate_series(0, 19)')
    const tables = [await bench.oidOf('s_limit.p1'), await bench.oidOf('s_limit.p2')]
    const { id } = await bench.confirmed('vacuum-database', { minutes: 1, tables })
    const { run, hold } = await bench.claimed(id)
    const ready = await checkAgain(run, bench.db.target)
    if (!ready.ok) throw new Error(ready.problem.message)
    expect([run.plan.limitMinutes, ready.value.before.input?.tables]).toEqual([1, tables])
    const session = await openSession(bench.db.target, 'proctor run of a test', () => undefined)
    if (!session.ok) throw new Error(session.problem.message)
    const sent: string[] = []
    const execute: typeof session.value.execute = async (statement) => {
      const began = performance.now()
      const answer = await session.value.execute(statement)
      if (!statement.startsWith('SET ')) sent.push(statement)
      if (sent.length === 1) await expect.poll(() => performance.now() - began, { interval: 5 }).toBeGreaterThan(60)
      return answer
    }
    const short = { ...run, plan: { ...run.plan, limitMinutes: 0.001 } }
    const options = { sending: { now: false }, before: ready.value.before, swapped: [], giveUpMs: 60_000 }
    expect((await send(short, hold, bench.db.target, { ...session.value, execute }, watcher, options)).ok).toBe(true)
    expect(sent.length).toBeLessThan(2)
    // A table that is gone is left out, and the others are done.
    await sql('drop table s_limit.p1')
    sent.length = 0
    expect((await send(run, hold, bench.db.target, { ...session.value, execute }, watcher, options)).ok).toBe(true)
    expect(sent).toEqual(['VACUUM (SKIP_LOCKED, ANALYZE) s_limit.p2'])
    await session.value.close()
    expect(await bench.logOf(id)).toMatch(/time limit/)
    await hold.write({ state: 'failed', patch: { endedAt: new Date() } })
  })

  it('wait while the server is away for a moment: that says nothing of the step', async () => {
    await make('s_away')
    await registerServer({ id: 'door', name: 'door', source: 'environment', database: bench.db.target.database })
    const { host: _host, ...target } = bench.db.target
    const was = await bench.oidOf('s_away.p1_a_idx')
    away = 2
    const port = (door.address() as AddressInfo).port
    const { result, sent, log, swapped } = await sendAll('s_away', () => ({ ...target, host: '127.0.0.1', serverId: 'door', port }))
    expect(away).toBeLessThan(0)
    expect(result).toEqual({ ok: true, value: expect.anything() })
    expect(sent).toBe(2)
    expect(log).not.toContain('left out')
    expect(swapped).toContainEqual([was, await bench.oidOf('s_away.p1_a_idx')])
  })

  it('end where the object of the run is dropped meanwhile, with what was done so far', async () => {
    await make('s_gone')
    const { result, sent, before } = await sendAll(
      's_gone',
      () => bench.db.target,
      () => sql('drop table s_gone.p'),
    )
    expect(sent).toBe(1)
    expect(result).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', message: 's_gone.p_a was dropped meanwhile. 1 of 2 steps was done before.' },
    })
    for (const count of [indexesRebuilt, countRebuilt])
      expect(await count(bench.db.target, before)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('leave out what is dropped of it, where the rest is there', async () => {
    await make('s_part')
    const { result, sent, log } = await sendAll(
      's_part',
      () => bench.db.target,
      () => sql('drop table s_part.p2'),
    )
    expect([result.ok, sent]).toEqual([true, 1])
    expect(log).toContain('step 2 of 2 is left out, p2')
  })
})
