import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callsOf, MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import type { Sampler } from '../worker/sampling/sampler'
import { newestSample } from './activity'
import { counterTotals } from './counters'
import { timeMarks } from './events'
import { sampledAt, samplingState } from './state'

const HOUR_MS = 60 * MINUTE_MS
const TEN_S = 10_000

describe.each([14, 18] as const)('clocks around a server of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements; create table shop ()')
    bench = await samplingBench(db)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })
  /** Each test has a series of its own. */
  beforeEach(async () => {
    await sampler?.close()
    await bench.home.client.query('delete from sampled_server')
    bench.move(10 * MINUTE_MS)
    sampler = await bench.open()
    expect(await bench.turn(sampler)).toBe(true)
  })

  const buy = async (times: number) => {
    for (let n = 0; n < times; n++) await db.client.query('select count(*) from shop')
  }
  const clockEvents = async () =>
    (await bench.rows<{ detail: string }>(`select detail from server_event where kind = 'clock' order by at`)).map(({ detail }) => detail)
  const seconds = async () => {
    const [row] = await bench.rows<{ n: number }>('select coalesce(sum(seconds), 0)::float8 as n from server_delta_10')
    return row?.n ?? 0
  }
  const boughtAs = async (step: number) =>
    (
      await bench.rows<{ calls: number }>(
        `select coalesce(sum(d.calls), 0)::int as calls from statement_delta_${step} d join statement s on s.id = d.statement
           join statement_text t on t.server = s.server and t.queryid = s.queryid and t.dbid = s.dbid where t.query like '%from shop%'`,
      )
    )[0]?.calls

  it('go on at once when the clock was set back, and count nothing twice', async () => {
    await buy(3)
    for (const minutes of [1, 30, 14]) expect(await bench.turn(sampler, minutes * MINUTE_MS)).toBe(true)
    const before = await seconds()
    const last = bench.now()
    bench.set('console', -2 * HOUR_MS)
    await buy(2)
    for (let n = 0; n < 6; n++) {
      expect(await bench.turn(sampler, TEN_S)).toBe(true)
      const newest = await newestSample(bench.serverId, bench.now())
      expect(newest?.at).toBe(Math.floor(bench.now().getTime() / TEN_S) * TEN_S)
    }
    expect(await seconds()).toBe(before + 60)
    expect(await callsOf(bench, 'from shop')).toBe(5)
    expect(await clockEvents()).toEqual(["The console's clock went back by 2 h"])
    expect((await samplingState(bench.serverId))?.turns.filter(({ at }) => Date.parse(at) > bench.now().getTime())).toEqual([])
    expect(await sampledAt(bench.serverId, 'sizes', bench.now())).toBeLessThanOrEqual(bench.now().getTime())
    // On through the time that was lived through before, until all of it is rolled up.
    while (bench.now().getTime() < last.getTime() + 4 * HOUR_MS) await bench.turn(sampler, 50 * MINUTE_MS)
    for (const step of [60, 600, 3600]) expect(await boughtAs(step)).toBe(5)
  })

  it('take no gap for activity when the clock was set ahead', async () => {
    await bench.turn(sampler, TEN_S)
    const before = await seconds()
    await buy(4)
    bench.set('console', 2 * HOUR_MS)
    await bench.turn(sampler, TEN_S)
    await bench.turn(sampler, MINUTE_MS - TEN_S)
    expect(await seconds()).toBe(before + 60)
    expect(await callsOf(bench, 'from shop')).toBe(4)
    const [window] = await bench.rows<{ most: number }>('select max(seconds) as most from statement_window_60')
    expect(window?.most).toBeLessThanOrEqual(2 * 60)
    expect(await clockEvents()).toEqual(["The console's clock went ahead by 2 h"])
    const range = { from: new Date(bench.now().getTime() - 110 * MINUTE_MS), to: new Date(bench.now().getTime() - 5 * MINUTE_MS) }
    expect(await counterTotals(bench.serverId, range)).toMatchObject({ seconds: 0, xact_commit: 0 })
    bench.set('console', -2 * HOUR_MS)
    await bench.turn(sampler, TEN_S)
    expect(await clockEvents()).toEqual(["The console's clock went back by 2 h", "The console's clock went ahead by 2 h"])
    expect(await seconds()).toBe(before + 70)
  })

  it('begin anew where the machine of the console slept', async () => {
    await bench.turn(sampler, TEN_S)
    const before = await seconds()
    await buy(4)
    // Its monotonic clock stood still; the server went on, and its clock with it.
    bench.set('console', HOUR_MS)
    bench.set('server', HOUR_MS)
    await bench.turn(sampler, TEN_S)
    expect(await seconds()).toBe(before)
    await bench.turn(sampler, MINUTE_MS)
    expect(await callsOf(bench, 'from shop')).toBe(0)
    await buy(1)
    await bench.turn(sampler, MINUTE_MS)
    expect(await callsOf(bench, 'from shop')).toBe(1)
  })

  it.each([
    [-2 * HOUR_MS, "The server's clock went back by 2 h"],
    [2 * HOUR_MS, "The server's clock went ahead by 2 h"],
  ])('do not believe a server whose clock was set by %i ms', async (ms, words) => {
    await bench.turn(sampler, TEN_S)
    const before = await seconds()
    await buy(2)
    bench.set('server', ms)
    await bench.turn(sampler, TEN_S)
    expect(await seconds()).toBe(before + 10)
    await bench.turn(sampler, MINUTE_MS)
    expect(await seconds()).toBe(before + 70)
    expect(await callsOf(bench, 'from shop')).toBe(2)
    expect(await clockEvents()).toEqual([words])
    const marks = await timeMarks(bench.serverId, { from: new Date(bench.now().getTime() - HOUR_MS), to: bench.now() })
    expect(marks.filter(({ kind }) => kind === 'clock')).toMatchObject([{ label: words }])
  })

  it('hold no server back for longer than its failures do', async () => {
    process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none'
    expect(await bench.turn(sampler, TEN_S)).toBe(false)
    process.env.DATABASE_URL = db.url
    bench.set('console', -2 * HOUR_MS)
    expect(await bench.turn(sampler, 9_000)).toBe(false)
    expect(Date.parse((await samplingState(bench.serverId))?.retryAt ?? '') - bench.now().getTime()).toBe(1_000)
    expect(await bench.turn(sampler, 1_000)).toBe(true)
    // Nor does the next worker believe a moment that lies far ahead.
    await bench.home.client.query(`update sampled_server set failures = 3, retry_at = $1`, [new Date(bench.now().getTime() + 5 * HOUR_MS)])
    await sampler.close()
    sampler = await bench.open()
    expect(await bench.turn(sampler, 0)).toBe(false)
    expect(await bench.turn(sampler, 40_000)).toBe(true)
  })

  it('are looked at by the worker that takes over', async () => {
    await sampler.close()
    bench.set('console', -3 * HOUR_MS)
    sampler = await bench.open()
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
    expect(await newestSample(bench.serverId, bench.now())).toMatchObject({ at: Math.floor(bench.now().getTime() / TEN_S) * TEN_S })
    expect(await clockEvents()).toEqual([expect.stringMatching(/^The console's clock went back by 3 h$/)])
  })

  it.each([-3, 40])('find a partition for the time that they tell, days away: %i', async (days) => {
    bench.set('console', days * 24 * HOUR_MS)
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
    const rows = await bench.rows('select problem from sampling_turn where problem is not null and task <> $1', ['indexes'])
    expect(rows).toEqual([])
    // By a clock that has just gone ahead nothing is thrown away.
    expect(await sampler.housekeeping()).toEqual([])
    bench.set('console', -days * 24 * HOUR_MS)
    expect(await bench.turn(sampler, TEN_S)).toBe(true)
  })
})
