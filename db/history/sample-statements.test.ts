import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import type { Sampler } from '../worker/sampling/sampler'
import { lastStatementSample } from './statement-words'
import { loadSeries, statementSeries, statementTotals } from './statements'

describe.each(MAJORS)('samples of pg_stat_statements on PostgreSQL %i', (major) => {
  const role = { user: `watcher_${major}`, password: 'watch' }
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  const run = async (times: number, table: string) => {
    for (let n = 0; n < times; n++) await db.client.query(`select ${n}, count(*) from ${table}`)
  }
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements')
    await db.client.query('create table seldom (); create table brand_new (); create table readable ()')
    await db.client.query(`create role ${role.user} superuser login password '${role.password}'`)
    bench = await samplingBench(db, role)
    sampler = await bench.open()
    await run(5, 'seldom')
    await bench.turn(sampler)
  })
  afterAll(async () => {
    await bench.drop()
    await db.client.query(`drop role ${role.user}`)
    await db.drop()
  })

  it('counts from its first look on, and each call once', async () => {
    expect(await callsOf(bench, 'from seldom')).toBe(0)
    await run(3, 'seldom')
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from seldom')).toBe(3)
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from seldom')).toBe(3)
    expect(await lastStatementSample(bench.serverId)).toEqual(bench.now())
  })

  it('takes a statement that was not there before as wholly new', async () => {
    await run(4, 'brand_new')
    await bench.turn(sampler)
    expect(await callsOf(bench, 'from brand_new')).toBe(4)
  })

  it('goes on over a reset of the counters, and tells of it', async () => {
    await run(2, 'seldom')
    await db.client.query('select pg_stat_statements_reset()')
    await run(2, 'seldom')
    await bench.turn(sampler)
    // The first two fell between the last look and the reset: nobody knows of them any more.
    expect(await callsOf(bench, 'from seldom')).toBe(5)
    expect(await bench.rows(`select count(*)::int as n from server_event where kind = 'statements reset'`)).toEqual([{ n: 1 }])
  })

  it('is done by one sampler at a time; the next one begins with a new baseline', async () => {
    const other = await bench.open()
    const before = await callsOf(bench, 'from seldom')
    await run(2, 'seldom')
    const [first, second] = [await bench.turn(sampler), await bench.turn(other)]
    expect([first, second]).toEqual([true, false])
    expect(await callsOf(bench, 'from seldom')).toBe(before + 2)
    await sampler.close()
    await run(7, 'seldom')
    expect(await bench.turn(other)).toBe(true)
    expect(await callsOf(bench, 'from seldom')).toBe(before + 2)
    await run(1, 'seldom')
    await bench.turn(other)
    expect(await callsOf(bench, 'from seldom')).toBe(before + 3)
    sampler = other
  })

  it('leaves a gap where it was silent for long', async () => {
    const before = await callsOf(bench, 'from seldom')
    await run(2, 'seldom')
    await bench.turn(sampler, 30 * MINUTE_MS)
    expect(await callsOf(bench, 'from seldom')).toBe(before)
  })

  it('is read back: totals, a line, the load of all', async () => {
    await run(3, 'readable')
    await bench.turn(sampler)
    const range = { from: new Date(bench.now().getTime() - MINUTE_MS), to: new Date(bench.now().getTime() + MINUTE_MS) }
    const totals = await statementTotals(bench.serverId, range)
    const found = totals.statements.find(({ query }) => query?.includes('count(*) from readable'))
    expect(found).toMatchObject({ calls: 3, rows: 3, own: false, datname: db.target.database, toplevel: true })
    expect(totals.all.calls).toBeGreaterThanOrEqual(3)
    expect(found?.max_known).toBeGreaterThan(0)
    const series = await statementSeries(bench.serverId, range, [found?.statement ?? 0])
    expect(series.points).toMatchObject([{ calls: 3, seconds: 60 }])
    const load = await loadSeries(bench.serverId, range, [found?.statement ?? 0])
    expect(load.points.reduce((sum, { total_exec_time }) => sum + total_exec_time, 0)).toBeCloseTo(totals.all.total_exec_time, 3)
    const filtered = await loadSeries(bench.serverId, range, [], { filter: { search: 'FROM READABLE' } })
    expect(filtered.points.map(({ calls }) => calls)).toEqual([3])
    expect((await statementTotals(bench.serverId, range, { filter: { search: 'from readable' } })).count).toBe(1)
  })

  it('counts what nested statements took once, and lists them', async () => {
    for (const sql of [
      'create function slow_outer() returns void language plpgsql as $$ begin perform pg_sleep(0.2); perform pg_sleep(0.2); end $$',
      'create function slow_top() returns void language plpgsql as $$ begin perform slow_outer(); end $$',
      "set pg_stat_statements.track = 'all'",
      'select slow_top()',
      'reset pg_stat_statements.track',
    ])
      await db.client.query(sql)
    await bench.turn(sampler)
    const range = { from: new Date(bench.now().getTime() - MINUTE_MS), to: new Date(bench.now().getTime() + MINUTE_MS) }
    const filter = { search: 'slow_top' }
    const both = await statementTotals(bench.serverId, range, { filter: { datname: db.target.database } })
    const nested = both.statements.filter(({ toplevel }) => !toplevel)
    expect(nested.length).toBeGreaterThanOrEqual(2)
    const sum = (of: typeof nested) => of.reduce((ms, { total_exec_time }) => ms + total_exec_time, 0)
    expect(both).toMatchObject({ nestedApart: true, count: both.statements.length })
    expect(both.all.total_exec_time).toBeCloseTo(sum(both.statements.filter(({ toplevel }) => toplevel)), 3)
    expect(sum(nested)).toBeGreaterThan(700)
    for (const given of [filter, { datname: db.target.database }, {}]) {
      const { points } = await loadSeries(bench.serverId, range, [], { filter: given })
      expect(points.reduce((ms, { total_exec_time }) => ms + total_exec_time, 0)).toBeLessThan(700)
    }
    const [window] = await bench.rows<{ total: number }>(
      'select total_exec_time as total from statement_window_60 order by at desc limit 1',
    )
    expect(window?.total).toBeGreaterThan(390)
    expect(window?.total).toBeLessThan(700)
    // Where a filter lets only nested ones through, their own time is the total.
    const alone = await statementTotals(bench.serverId, range, { filter: { search: 'perform slow_outer' } })
    const inner = await statementTotals(bench.serverId, range, { filter: { statements: nested.map(({ statement }) => statement) } })
    expect(alone.nestedApart).toBe(false)
    expect(inner.nestedApart).toBe(false)
    expect(inner.all.total_exec_time).toBeCloseTo(sum(nested), 3)
  })

  it('marks every statement of Proctor, and shows none of them in a list', async () => {
    const { rows } = await db.client.query(
      `select s.query from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = $1 and s.query !~ '/\\* proctor[ :]'`,
      [role.user],
    )
    expect(rows).toEqual([])
    const range = { from: new Date(bench.now().getTime() - 60 * MINUTE_MS), to: new Date(bench.now().getTime() + MINUTE_MS) }
    const { statements } = await statementTotals(bench.serverId, range, { limit: 10_000 })
    expect(statements.filter(({ query }) => query?.includes('/* proctor'))).toEqual([])
    const own = await statementTotals(bench.serverId, range, { filter: { own: true }, limit: 10_000 })
    expect(own.statements.map(({ query }) => query).join('\n')).toContain('/* proctor:activity-sample */')
    const [cost] = await bench.rows<{ own: number }>('select sum(own_time) as own from statement_window')
    expect(cost?.own).toBeGreaterThan(0)
  })
})
