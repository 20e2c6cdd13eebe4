import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { type Plan, type PlanNode, readPlan } from './plan'

describe.each(MAJORS)('the numbers of a plan that ran on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    for (const sql of [
      'create table big (id int primary key, a int, b int, t text)',
      `insert into big select g, g % 10, g % 1000, 'row ' || g from generate_series(1, 60000) g`,
      'create index on big (a)',
      'create index big_b on big (b)',
      'create table few (id int primary key, a int)',
      'insert into few select g, g from generate_series(1, 200) g',
      'create table none (id int)',
      'create table twins (k int)',
      'insert into twins select g % 20 from generate_series(1, 4000) g',
      'create table written (id int)',
      'create table dates (d int) with (autovacuum_enabled = off)',
      'insert into dates select g from generate_series(1, 50000) g',
      'create index on dates using brin (d) with (pages_per_range = 64)',
      'analyze',
      'set jit = off',
      'set max_parallel_workers_per_gather = 0',
    ])
      await db.client.query(sql)
  })
  afterAll(() => db.drop())

  const read = async (sql: string, settings = ''): Promise<Plan> => {
    await db.client.query('begin')
    for (const setting of settings.split(';').filter(Boolean)) await db.client.query(`set local ${setting}`)
    const { rows } = await db.client.query(`explain (analyze, verbose, buffers, format json) ${sql}`)
    await db.client.query('rollback')
    return readPlan(JSON.stringify(rows[0]['QUERY PLAN']))
  }
  const of = (plan: Plan, title: RegExp): PlanNode => {
    const node = plan.nodes.find((candidate) => title.test(candidate.title))
    if (!node) throw new Error(`no ${title} in\n${plan.text}`)
    return node
  }
  const own = ({ nodes }: Plan) => nodes.reduce((sum, { actual }) => sum + (actual?.selfMs ?? 0), 0)
  const all = ({ nodes }: Plan) => nodes[0]?.actual?.ms ?? 0
  const parallel = 'max_parallel_workers_per_gather = 2;parallel_setup_cost = 0;parallel_tuple_cost = 0;min_parallel_table_scan_size = 0'

  it.each<[string, string, string?]>([
    ['a CTE', 'with c as materialized (select md5(t || id) m, a from big) select count(*) from c where a > 5'],
    [
      'a CTE that is read twice',
      'with c as materialized (select md5(t) m, a from big) select count(*) from c x join c y on x.m = y.m where x.a = 1',
    ],
    [
      'a CTE within a CTE',
      'with c as materialized (select md5(t) m from big), d as materialized (select md5(m) n from c) select max(n), (select max(m) from c) from d',
    ],
    ['a recursive CTE', 'with recursive r as (select 1 n union all select n + 1 from r where n < 20000) select sum(n) from r'],
    ['an InitPlan', `select (select count(*) from big where md5(t) > 'a'), a from big limit 5`],
    ['an InitPlan in a condition', 'select count(*) from big where b < (select avg(length(md5(t))) from big)'],
    ['an InitPlan of a LIMIT', `select t from big limit (select count(*) / 100 from big where md5(t) > 'a')`],
    ['an InitPlan within another', 'select (select max(id) from big where b > (select avg(length(md5(t))) from big)) + 1'],
    ['an EXISTS', `select count(*) from few where exists (select from big where md5(t) = 'a')`],
    ['a SubPlan in loops', 'select (select sum(length(md5(t))) from big where big.b = few.a) from few'],
    ['a hashed SubPlan', 'select count(*) from big where id not in (select a from few)'],
    ['loops', 'select count(*) from few join big on big.b = few.a', 'enable_hashjoin = off;enable_mergejoin = off'],
    [
      'many short loops',
      'select count(*) from big x join few y on y.id = x.b',
      'enable_hashjoin = off;enable_mergejoin = off;enable_seqscan = off',
    ],
    ['a part that never ran', 'select * from few where id < 0 and exists (select from big where big.b = few.a)'],
    ['workers', `select count(*) from big where md5(t) < 'a'`, parallel],
    ['workers that did not start', `select count(*) from big where md5(t) < 'a'`, `${parallel};max_parallel_workers = 0`],
    ['workers without their leader', `select count(*) from big where md5(t) < 'a'`, `${parallel};parallel_leader_participation = off`],
    ['workers and an InitPlan', `select count(*) from big where id > (select max(length(md5(t))) from big)`, parallel],
    ['workers and joins', 'select x.a, count(*) from big x join big y on x.id = y.b group by x.a order by 2', parallel],
    ['a write', `update big set t = 'x' where id in (select a from few)`],
    ['an insert of a CTE', `with c as materialized (select id from big where md5(t) > 'a') insert into written select id from c`],
  ])('add up to the whole: %s', async (_, sql, settings) => {
    const plan = await read(sql, settings)
    expect(Math.abs(own(plan) - all(plan)), plan.text).toBeLessThan(0.01 * all(plan) + 0.05)
    expect(plan.nodes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5)
  })

  it("give a CTE's time to the CTE and not to who reads it", async () => {
    const plan = await read(
      'with c as materialized (select md5(md5(md5(md5(md5(md5(t)))))) m, a from big) select count(*) from c where a > 5',
    )
    const [made, scan] = [of(plan, /on public\.big/), of(plan, /^CTE Scan/)]
    expect(scan.actual?.ms).toBeGreaterThan(made.actual?.ms ?? 0)
    expect(scan.actual?.selfMs).toBeLessThan((scan.actual?.ms ?? 0) - (made.actual?.ms ?? 0) * 0.99)
    expect(plan.costliest).toBe(made.id)
  })

  it("give an InitPlan's time to it, and neither to the node that asks nor to the one that it hangs below", async () => {
    const plan = await read(`select (select count(*) from big where md5(md5(t)) > 'a'), a from big limit 5`)
    expect(of(plan, /^Limit/).actual?.selfMs).toBeLessThan(1)
    const scans = plan.nodes.filter(({ title }) => title.includes('Scan') && title.includes('public.big'))
    expect(scans).toHaveLength(2)
    expect(plan.costliest).toBe(scans.find(({ details }) => details.some((line) => line.startsWith('Filter')))?.id)
  })

  it('count what a CTE that changes rows took beside the rest, as nobody reads it', async () => {
    const plan = await read(`with w as (insert into written select id from big where md5(t) > 'a') select 1`)
    expect(all(plan)).toBeLessThan(1)
    expect(own(plan)).toBeGreaterThan(all(plan) * 10)
    expect(own(plan)).toBeLessThan((plan.executionMs ?? 0) * 1.01)
  })

  it('divide by the processes that ran', async () => {
    const sql = `select count(*) from big where md5(md5(t)) < 'a'`
    for (const [settings, most] of [
      [parallel, 3],
      [`${parallel};max_parallel_workers = 0`, 1],
      [`${parallel};parallel_leader_participation = off`, 2],
    ] as const) {
      const plan = await read(sql, settings)
      const scan = of(plan, /Seq Scan/)
      const processes = scan.actual?.loops ?? 0
      expect(processes).toBeLessThanOrEqual(most)
      const [, each = '0'] = /Seq Scan.*actual time=[\d.]+\.\.([\d.]+) /.exec(plan.text) ?? []
      expect(scan.actual?.ms).toBeCloseTo(Number(each), 2)
      expect(scan.misestimate).toBeNull()
    }
  })

  it('give temporary blocks to who wrote them, not to who reads a CTE', async () => {
    const plan = await read('with c as materialized (select a, t from big order by t desc, a) select count(*) from c', `work_mem = '64kB'`)
    expect(of(plan, /^Sort/).spill).toMatch(/on disk/)
    const counted = await read(
      'with c as materialized (select count(*) from (select t, a from big order by t desc, a offset 0) x) select * from c',
      `work_mem = '64kB'`,
    )
    expect(of(counted, /^CTE Scan/).spill).toBeNull()
  })

  it.each<[string, string, RegExp, string?]>([
    ['a BitmapOr', 'select * from big where a = 5 or b = 7', /^BitmapOr/, 'enable_seqscan = off'],
    [
      'a BitmapAnd',
      'select * from big where a = 5 and b < 300',
      /^BitmapAnd|^Bitmap Index Scan/,
      'enable_seqscan = off;enable_indexscan = off',
    ],
    [
      'the inner side of a merge join, which goes back',
      'select count(*) from twins x join twins y using (k)',
      /^(Materialize|Sort)/,
      'enable_hashjoin = off;enable_nestloop = off',
    ],
    [
      'a side of a merge join that ended with the other',
      'select count(*) from big join few using (id)',
      /big/,
      'enable_hashjoin = off;enable_nestloop = off;enable_sort = off',
    ],
    [
      'what is joined with nothing',
      'select count(*) from big join none on none.id = big.a',
      /big/,
      'enable_mergejoin = off;enable_nestloop = off',
    ],
    ['an EXISTS that has enough with one row', 'select exists (select from big where b > 5)', /big/],
    ['what a LIMIT cut short, also in a CTE', 'with c as materialized (select * from big) select * from c limit 3', /on public\.big/],
    ['an index that counts pages', 'select * from dates where d between 100 and 120', /^Bitmap Index Scan/, 'enable_seqscan = off'],
    ['a node that never ran', 'select * from few where id < 0 and exists (select from big where big.b = few.a)', /big/],
    ['a write that returns nothing', 'insert into written select id from few', /Insert/],
  ])('are no misestimate: %s', async (_, sql, title, settings) => {
    const plan = await read(sql, settings)
    expect(of(plan, title).misestimate).toBeNull()
  })

  it('are one where a sort below a LIMIT had to read all of it', async () => {
    const plan = await read('select * from big where b + id = id - 1 order by t limit 1000')
    expect(of(plan, /Scan.*big/).misestimate).toMatchObject({ more: false })
    expect(of(await read('select * from big where b * 2 = b + b'), /Scan.*big/).misestimate).toMatchObject({ more: true })
  })
})
