import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { readPlan } from './plan'

describe.each(MAJORS)('a plan of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    for (const sql of [
      'create table many (id int primary key, k int, note text)',
      `insert into many select g, g % 100, repeat('x', 50) from generate_series(1, 50000) g`,
      'create table few (k int primary key)',
      'insert into few select g from generate_series(1, 100) g',
      'analyze many, few',
      `set jit = off; set max_parallel_workers_per_gather = 0; set work_mem = '64kB'`,
    ])
      await db.client.query(sql)
  })
  afterAll(() => db.drop())
  const read = async (sql: string, options = 'analyze, buffers') => {
    const { rows } = await db.client.query(`explain (${options}, verbose, format json) ${sql}`)
    return readPlan(JSON.stringify(rows[0]['QUERY PLAN']))
  }
  const nodeOf = (plan: Awaited<ReturnType<typeof read>>, title: RegExp) => {
    const node = plan.nodes.find((candidate) => title.test(candidate.title))
    if (!node) throw new Error(plan.text)
    return node
  }

  it.each([
    'select * from many m where id between 5 and 10 order by id desc',
    'select m.k, count(*) from many m left join few f using (k) where m.note <> $$y$$ group by m.k order by 2 limit 5',
    'with c as materialized (select k from many) select * from c where k = 3 union all select k from few where k in (1, 2)',
    'select * from few where exists (select from many where many.k = few.k and id < 500)',
  ])('reads as PostgreSQL writes it: %s', async (sql) => {
    const plan = await read(sql, 'costs')
    const { rows } = await db.client.query(`explain (verbose) ${sql}`)
    const nodes = (lines: string[]) => lines.filter((line) => line.includes('(cost=')).map((line) => line.trim().replace(/^->\s+/, ''))
    expect(nodes(plan.text.split('\n'))).toEqual(nodes(rows.map((row) => row['QUERY PLAN'])))
  })

  it('gives each node its own part of the time, and names the one with the most', async () => {
    const plan = await read('select count(*) from many a join many b on a.k = b.k where a.id < 2000')
    expect(plan.nodes.reduce((sum, node) => sum + node.share, 0)).toBeCloseTo(1, 5)
    const most = plan.nodes[plan.costliest]
    expect(plan.nodes.every(({ share }) => share <= (most?.share ?? 0))).toBe(true)
    expect(plan.executionMs).toBeGreaterThan(0)
    expect(plan.nodes[0]?.actual?.rows).toBe(1)
  })

  it('goes by cost where nothing was run', async () => {
    const plan = await read('select * from many where note = $$y$$', 'costs')
    expect(plan).toMatchObject({ executionMs: null, costliest: 0, nodes: [{ actual: null, share: 1, misestimate: null }] })
  })

  it('marks an estimate that is ten times off, but not what a LIMIT cut short', async () => {
    const off = nodeOf(await read('select * from many where k * 2 = k + k'), /Scan/)
    expect(off.misestimate).toMatchObject({ more: true })
    expect(off.misestimate?.factor).toBeGreaterThan(100)
    expect(nodeOf(await read('select * from many limit 3'), /Scan/).misestimate).toBeNull()
    expect(nodeOf(await read('select * from many where k = 7'), /Scan/).misestimate).toBeNull()
  })

  it('marks a sort and a hash that went to disk', async () => {
    expect(nodeOf(await read('select * from many order by note, k'), /^Sort/).spill).toMatch(/external merge, \d+ kB on disk/)
    const joined = await read('select count(*) from many a join (select id, note from many offset 0) b on a.id + 0 = b.id + 0')
    expect(joined.nodes.some(({ title, spill }) => /^Hash|^Sort/.test(title) && spill !== null)).toBe(true)
    expect(nodeOf(await read('select * from few order by k desc'), /^Sort|^Index/).spill).toBeNull()
  })
})

it('is not read from something else', () => {
  expect(() => readPlan('[]')).toThrow()
  expect(() => readPlan('{"Plan": 1}')).toThrow()
})
