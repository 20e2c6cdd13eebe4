import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadQueryParams } from '@/components/statements/query-params'
import { fixedRange } from '@/components/time/time-range'
import { SORTS } from '@/db/domain/statement-params'
import { forgetFacts } from '@/db/server/facts'
import { forgetReads } from '@/db/server/run-read'
import type { Sampler } from '@/db/worker/sampling/sampler'
import { type SamplingBench, samplingBench } from '@/test/support/sampling'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import type { QueryAsk } from './live-params'
import { queryLiveParams } from './live-params'
import { readForExport, readQueries, readQuery } from './query-reads'

const MINUTE_MS = 60_000

describe.each([14, 18] as const)('the statements of a place on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  const range = (backMs: number, lengthMs: number) => fixedRange(bench.now().getTime() - backMs, bench.now().getTime() - backMs + lengthMs)
  const ask = async (change: Partial<QueryAsk>) => {
    forgetReads()
    const list = await readQueries(
      { server: db.target.serverId, database: db.target.database },
      { ...queryLiveParams.list.parse({}), ...change },
    )
    if (!list.ok) throw new Error(list.problem.message)
    return list.value
  }
  const run = async (times: number, table: string) => {
    for (let n = 0; n < times; n++) await db.client.query(`select count(*) from ${table} where n > ${n}`)
  }
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(
      ['early', 'late', 'later'].map((name) => `create table ${name} as select generate_series(1, 100) as n`).join('; '),
    )
    bench = await samplingBench(db)
    sampler = await bench.open()
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })

  it('say what is missing, with its fix, and then count', async () => {
    const blind = await ask({})
    expect(blind).toMatchObject({
      rows: [],
      notices: expect.arrayContaining([expect.objectContaining({ kind: 'no-extension', fix: 'CREATE EXTENSION pg_stat_statements;' })]),
    })
    await db.client.query('create extension pg_stat_statements')
    forgetFacts()
    await run(3, 'early')
    const counted = await ask({ q: 'FROM early' })
    expect(counted).toMatchObject({
      source: 'reset',
      count: 1,
      chart: null,
      changes: null,
      rows: [{ calls: 3, name: 'SELECT early by n', statement: null }],
    })
    expect((await ask({ q: 'from early', min: 60_000 })).rows).toEqual([])
  })

  it('come from the samples once there are some: totals, load, trend, and what is new', async () => {
    await bench.turn(sampler)
    await run(5, 'early')
    await bench.turn(sampler)
    await run(4, 'early')
    await run(2, 'late')
    await bench.turn(sampler)
    const all = { ...range(4 * MINUTE_MS, 5 * MINUTE_MS) }
    const list = await ask({ ...all, q: 'from' })
    expect(list.source).toBe('samples')
    const early = list.rows.find(({ name }) => name === 'SELECT early by n')
    expect(early).toMatchObject({ calls: 9, rolname: 'postgres', datname: db.target.database, toplevel: true })
    expect(early?.trend.filter((mean) => mean !== null).length).toBeGreaterThan(0)
    expect(list.rows.some(({ query }) => query?.includes('proctor'))).toBe(false)
    expect(list.all.total).toBeCloseTo(
      list.rows.reduce((sum, { total }) => sum + total, 0),
      6,
    )
    const shown = list.chart?.top.flatMap(({ values }) => values).concat(list.chart.rest) ?? []
    expect(shown.some((value) => value !== null && value > 0)).toBe(true)
    // The range begins before the first sample: nothing is drawn there, neither a zero nor a gap.
    const { since, times, bucketMs } = list.chart ?? { since: null, times: [], bucketMs: 0 }
    expect(since).toBeGreaterThan(all.from.getTime())
    expect(times[0]).toBeGreaterThan((since ?? 0) - bucketMs)
    expect(list.ownTime).toBeGreaterThan(0)

    const last = await ask({ ...range(0, MINUTE_MS), q: 'from' })
    expect(last.rows.find(({ name }) => name === 'SELECT early by n')?.calls).toBe(4)
    expect(last.changes?.find(({ row }) => row.name === 'SELECT late by n')?.change).toMatchObject({ kind: 'new', after: { calls: 2 } })
  })

  it('are filtered, sorted and limited', async () => {
    const all = range(4 * MINUTE_MS, 5 * MINUTE_MS)
    const sorted = await ask({ ...all, sort: 'calls', dir: 'desc', limit: 1 })
    expect(sorted.rows).toHaveLength(1)
    expect(sorted.count).toBeGreaterThan(1)
    expect((await ask({ ...all, user: 'nobody' })).rows).toEqual([])
    expect((await ask({ ...all, db: 'elsewhere' })).rows).toEqual([])
    expect((await ask({ ...all, db: '*' })).count).toBeGreaterThanOrEqual(sorted.count)
    expect((await ask({ ...all, app: 'nothing' })).rows).toEqual([])
  })

  it('take their share of the database, whatever the filter leaves of it', async () => {
    for (const place of [range(4 * MINUTE_MS, 5 * MINUTE_MS), { reset: true }]) {
      const whole = await ask(place)
      const filtered = await ask({ ...place, q: 'from late' })
      expect(filtered.count).toBeLessThan(whole.count)
      expect(filtered.all.total).toBeLessThan(whole.all.total)
      expect(whole.databaseMs).toBeCloseTo(whole.all.total, 6)
      // The server's own counts go on in between.
      expect(filtered.databaseMs).toBeGreaterThanOrEqual(whole.databaseMs)
      expect((await ask({ ...place, q: 'from late', db: '*' })).databaseMs).toBeGreaterThanOrEqual(filtered.databaseMs)
    }
  })

  it.each(SORTS)('of a list by %s: the first of all, not of the costliest', async (sort) => {
    const all = range(4 * MINUTE_MS, 5 * MINUTE_MS)
    for (const dir of ['asc', 'desc'] as const) {
      const [first] = (await ask({ ...all, sort, dir, limit: 1 })).rows
      const whole = await ask({ ...all, sort, dir })
      expect(whole.count).toBeGreaterThan(1)
      expect(whole.rows).toHaveLength(whole.count)
      expect(first?.key).toBe(whole.rows[0]?.key)
    }
  })

  it('are each to be looked at', async () => {
    const all = range(4 * MINUTE_MS, 5 * MINUTE_MS)
    const [row] = (await ask({ ...all, q: 'from early' })).rows
    const place = { server: db.target.serverId, database: db.target.database }
    const detail = await readQuery(place, { range: '1h', ...all, reset: false, key: row?.key ?? '' })
    expect(detail).toMatchObject({ ok: true, value: { row: { calls: 9 }, exact: 'select count(*) from early where n > $1', cut: false } })
    if (detail.ok) {
      expect(detail.value.sql.split('\n').length).toBeGreaterThan(1)
      expect(detail.value.chart?.callsPerSecond.filter((rate) => rate !== null && rate > 0).length).toBeGreaterThan(0)
    }
    expect(await readQuery(place, { range: '1h', from: null, to: null, reset: false, key: 'x' })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
  })

  it('are compared after an event with before it, and with any other range', async () => {
    const from = bench.now()
    const pass = async (minutes: number) => {
      for (let n = 0; n < minutes; n++) await bench.turn(sampler)
    }
    await run(3, 'early')
    await pass(2)
    const changed = new Date(bench.now().getTime() + 500)
    await bench.rows(
      `insert into setting_change (server, name, old, new, after, at) select no, 'work_mem', '4096', '65536', $1, $1 from sampled_server where server_id = $2`,
      [changed, bench.serverId],
    )
    await pass(2)
    await run(2, 'later')
    await pass(2)
    const to = bench.now()
    const since = await ask({ from, to, vs: 'since', since: changed, q: 'from' })
    expect(since.compared).toMatchObject({
      before: { from: from.toISOString(), to: new Date(changed.getTime() - 500).toISOString(), sampled: expect.any(Number) },
      after: { from: new Date(changed.getTime() - 500 + 2 * MINUTE_MS).toISOString(), to: to.toISOString() },
      event: [{ kind: 'setting', label: expect.stringContaining('work_mem') }],
      breaks: [],
    })
    const kinds = (list: typeof since) => list.changes?.map(({ row, change }) => `${row.name} ${change.kind}`)
    expect(kinds(since)).toEqual(expect.arrayContaining(['SELECT later by n new', 'SELECT early by n gone']))
    const [came] = since.changes?.filter(({ row }) => row.name === 'SELECT later by n') ?? []
    expect(came?.change.sure).toBeGreaterThan(0)

    const other = await ask({ from, to, vs: 'range', vfrom: new Date(from.getTime() - 2 * MINUTE_MS), vto: from, q: 'from' })
    expect(other.compared?.before.to).toBe(from.toISOString())
    expect(kinds(other)).toContain('SELECT later by n new')
    expect(await ask({ from, to, vs: 'range' })).toMatchObject({ compared: null, changes: null })
    expect(await ask({ from, to, vs: 'since', since: new Date(0) })).toMatchObject({ compared: null, changes: null })
  })

  it('are exported whole, in the order of the list', async () => {
    const all = { range: '1h' as const, ...range(10 * MINUTE_MS, 11 * MINUTE_MS) }
    const list = await ask({ ...all, sort: 'calls' })
    const place = { server: db.target.serverId, database: db.target.database }
    const filter = { q: '', user: null, app: null, db: null, min: 0, sort: 'calls', dir: 'desc' } as const
    const sampled = await readForExport(place, { ...filter, ...all, reset: false })
    if (!sampled.ok) throw new Error(sampled.problem.message)
    expect(sampled.value.queries.map(({ row }) => row.key)).toEqual(list.rows.map(({ key }) => key))
    expect(sampled.value.queries.map(({ text }) => text)).toContain('select count(*) from early where n > $1')
    expect(sampled.value.about).toMatchObject({ source: 'samples', from: list.from, to: list.to, totalMs: list.all.total })
    const counted = await readForExport(place, { ...filter, ...all, reset: true, q: 'from later' })
    expect(counted).toMatchObject({
      ok: true,
      value: { about: { source: 'reset', sampledSeconds: null }, queries: [{ row: { calls: 2 } }] },
    })
  })

  it('sum up nested statements once, in samples, counts and exports, and list them', async () => {
    for (const sql of [
      'create function inner_one() returns void language plpgsql as $$ begin perform pg_sleep(0.3); end $$',
      'create function outer_one() returns void language plpgsql as $$ begin perform inner_one(); perform inner_one(); end $$',
      `set pg_stat_statements.track = 'all'`,
      'select outer_one()',
      'reset pg_stat_statements.track',
    ])
      await db.client.query(sql)
    await bench.turn(sampler)
    const all = { range: '1h' as const, ...range(10 * MINUTE_MS, 11 * MINUTE_MS) }
    const place = { server: db.target.serverId, database: db.target.database }
    for (const reset of [false, true]) {
      const list = await ask({ ...all, reset })
      const nested = list.rows.filter(({ toplevel }) => !toplevel)
      const top = list.rows.filter(({ toplevel }) => toplevel).reduce((sum, { total }) => sum + total, 0)
      expect(nested.reduce((sum, { total }) => sum + total, 0)).toBeGreaterThan(1000)
      expect(list).toMatchObject({ nestedApart: true, count: list.rows.length })
      expect(list.all.total).toBeCloseTo(top, 3)
      const drawn = list.chart?.top.map(({ key }) => key) ?? []
      expect(nested.filter(({ key }) => drawn.includes(key))).toEqual([])
      const filter = { q: '', user: null, app: null, db: null, min: 0, sort: 'total', dir: 'desc' } as const
      const exported = await readForExport(place, { ...filter, ...all, reset })
      if (!exported.ok) throw new Error(exported.problem.message)
      expect(exported.value.about.totalMs).toBeCloseTo(list.all.total, 3)
      expect(exported.value.queries.filter(({ row }) => !row.toplevel)).toHaveLength(nested.length)
    }
  })
})

it('what stands in an address is what the live endpoint reads', async () => {
  const address = new URLSearchParams({
    range: '24h',
    from: '2026-11-23T08:00:00.000Z',
    to: '2026-11-23T09:00:00.000Z',
    q: 'x',
    min: '100',
    sort: 'mean',
  })
  const page = await loadQueryParams(address)
  expect(queryLiveParams.list.parse(Object.fromEntries(address))).toMatchObject({
    range: page.range,
    from: page.from,
    to: page.to,
    q: page.q,
    min: page.min,
    sort: page.sort,
  })
})
