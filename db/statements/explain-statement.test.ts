import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { explain } from '../server/explain'
import { forgetReads } from '../server/run-read'
import { explainStatement } from './explain-statement'

describe.each(MAJORS)('explaining a statement on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let stranger: string
  const plan = (query: string, rolname = 'postgres') => explainStatement(db.target, { query, rolname, analyze: null })
  const analyze = (query: string, values: (string | null)[] = [], confirmed: string[] = []) =>
    explainStatement(db.target, { query, rolname: 'postgres', analyze: { values, timeoutMs: 5_000, confirmed } })
  const refused = (message: RegExp) => ({ ok: false, problem: { kind: 'invalid_input', message: expect.stringMatching(message) } })
  const victims = async () => (await db.client.query('select count(*)::int as n from victim')).rows[0].n

  beforeAll(async () => {
    db = await testDatabase(major)
    stranger = `stranger_${db.target.database}`
    for (const sql of [
      'create table victim (id int primary key, at timestamptz default now(), note text)',
      'insert into victim select g, now(), $$n$$ || g from generate_series(1, 1000) g',
      'analyze victim',
      `create role ${stranger} login password 'x'`,
      `create schema ${stranger} authorization ${stranger}`,
      `grant usage, create on schema public to ${stranger}`,
      `set role ${stranger}`,
      `create function public.trap(int) returns int immutable language plpgsql as 'begin perform pg_notify($$t$$, $$x$$); return $1; end'`,
      `create function public.trap_text(text) returns boolean immutable language plpgsql as 'begin return true; end'`,
      'create view public.trapped as select public.trap(1) as n',
      'create view public.nested as select * from public.trapped',
      'create table public.baited (id int)',
      'create index on public.baited (id) where public.trap(1) = 1',
      'create type public.pair as (a int, b int)',
      `create function public.sum_of(public.pair) returns int immutable language sql as 'select $1.a'`,
      `create function public.same(int, text) returns boolean immutable language plpgsql as 'begin return true; end'`,
      'create domain public.checked as text check (public.trap_text(value))',
      `create function public.with_default(a int default public.trap(5)) returns int immutable language sql as 'select a'`,
      'reset role',
      `create function public.own_stable() returns int stable language sql as 'select 1'`,
      `create function public.own_volatile() returns int volatile language sql as 'select 1'`,
      `create function public.defaulted(a float8 default random()) returns float8 stable language sql as 'select a'`,
      'create view public.at_random as select random() as r',
    ])
      await db.client.query(sql)
  })
  afterAll(async () => {
    await db.client.query(`drop owned by ${stranger} cascade; drop role ${stranger}`)
    await db.drop()
  })

  it('gives the generic plan of a normalised text, with the types of its parameters', async () => {
    const result = await plan('select note from victim where id = $1 and at > now() - interval $2')
    if (!result.ok) throw new Error(result.problem.message)
    expect(result.value).toMatchObject({
      analyzed: false,
      parameterTypes: ['integer', 'interval'],
      volatile: [],
      changes: [],
      statement: 'select note from victim where id = $1 and at > now() - $2::interval',
    })
    expect(result.value.plan.nodes[0]).toMatchObject({ title: 'Index Scan using victim_pkey on public.victim', actual: null })
    expect(result.value.plan.text).toContain('$1')
  })

  it('explains a chain of 200 operators, also in a view, and refuses one of 10,000 in words', async () => {
    const chain = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `$${from + n}`).join(' || ')
    await db.client.query(`create or replace view chained as select ${chain(1, 200).replaceAll(/\$\d+/g, 'note')} as all_of_it from victim`)
    for (const query of [`select note || ${chain(1, 200)} from victim`, 'select all_of_it from chained']) {
      expect(await plan(query)).toMatchObject({ ok: true, value: { statement: query } })
    }
    expect(await plan(`select note || ${chain(1, 10_000)} from victim`)).toEqual(refused(/nested too deeply/))
  })

  it('plans what changes rows without running it, and never runs it', async () => {
    const result = await plan('delete from victim where id > $1')
    expect(result).toMatchObject({ ok: true, value: { changes: ['It holds DELETE', 'It is no SELECT'] } })
    expect(await analyze('delete from victim', [])).toEqual(refused(/single SELECT only/))
    expect(await analyze('with gone as (delete from victim returning *) select * from gone')).toEqual(refused(/It holds DELETE/))
    expect(await analyze('select * from victim for update')).toEqual(refused(/locks rows/))
    expect(await plan('select * into other from victim')).toEqual(refused(/makes a table/))
    expect(await victims()).toBe(1000)
  })

  it('runs a SELECT with typed values apart from its text, read-only', async () => {
    const result = await analyze('select * from victim where id < $1 and note <> $2', ['11', "'; drop table victim; --"])
    if (!result.ok) throw new Error(result.problem.message)
    expect(result.value.plan.nodes[0]?.actual).toMatchObject({ rows: 10, loops: 1 })
    expect(await analyze('select * from victim where id < $1', ['eleven'])).toMatchObject({ ok: false, problem: { sqlstate: '22P02' } })
    expect(await victims()).toBe(1000)
  })

  it.each([
    ['two statements', 'select 1; drop table victim'],
    ['a utility statement', 'drop table victim'],
    ['EXPLAIN ANALYZE itself', 'explain analyze delete from victim'],
    ['a call', 'do $$ begin delete from victim; end $$'],
    ['an EXECUTE', 'execute something'],
    ['nothing', ' -- just a remark'],
  ])('refuses %s', async (_, text) => {
    expect(await plan(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    expect(await explain(db.target, { statement: text, searchPath: 'public', analyze: null })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input' },
    })
    expect(await victims()).toBe(1000)
  })

  it('is not misled where the server reads strings in another way than the parser', async () => {
    await db.client.query(`alter database ${db.target.database} set standard_conforming_strings = off`)
    const text = "select '\\'\n'; delete from victim; --'"
    const result = await plan(text)
    await db.client.query(`alter database ${db.target.database} reset standard_conforming_strings`)
    expect(result).toMatchObject({ ok: true })
    expect(await victims()).toBe(1000)
  })

  it.each([
    ['a function', 'select public.trap(1)'],
    ['a function by the search_path', 'select trap($1)'],
    ['a view', 'select * from trapped'],
    ['a view of a view', 'select * from nested'],
    ["an index's condition", 'select * from baited where id = 1'],
    ['an attribute that is a function', 'select (row(1, 2)::public.pair).sum_of'],
    ['a column that is a function', 'select p.sum_of from (select row(1, 2)::public.pair as p) t'],
    ["a domain's check", "select 'x'::checked"],
    ['a default argument', 'select with_default()'],
  ])("refuses another role's code in %s, for planning may run it", async (_, text) => {
    expect(await plan(text)).toEqual(refused(new RegExp(`belongs to ${stranger}: its code would be executed with the rights of postgres`)))
    expect(await analyze(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })

  it("refuses another role's operator, and its cast", async () => {
    await db.client.query(
      `set role ${stranger}; create operator public.= (leftarg = int, rightarg = text, function = public.same); reset role`,
    )
    expect(await plan('select * from victim where id = $1')).toEqual(refused(/same\(integer,text\) belongs to/))
    await db.client.query('drop operator public.= (int, text)')
    expect(await plan('select * from victim where id = $1')).toMatchObject({ ok: true })
    await db.client.query(
      `set role ${stranger}; create function public.from_pair(public.pair) returns text immutable language plpgsql as 'begin return $$x$$; end'; create cast (public.pair as text) with function public.from_pair(public.pair) as implicit; reset role`,
    )
    expect(await plan('select * from victim')).toEqual(refused(/from_pair\(public\.pair\) belongs to/))
    await db.client.query('drop cast (public.pair as text)')
  })

  it('refuses what the catalog does not know', async () => {
    expect(await plan('select nowhere(1)')).toEqual(refused(/function nowhere is not found/))
    expect(await plan('select * from nothing')).toEqual(refused(/relation nothing is not found/))
    expect(await plan('with nothing as (select 1) select * from nothing')).toMatchObject({ ok: true })
  })

  it.each([
    ['volatile functions', 'select random()', 'random()'],
    ['a function of its own', 'select own_volatile()', 'public.own_volatile()'],
    ['a view', 'select * from at_random', 'random()'],
    ['a default argument', 'select defaulted()', 'random()'],
    ['one that could do harm', 'select pg_terminate_backend($1)', 'pg_terminate_backend(integer,bigint)'],
  ])('asks before it runs %s', async (_, text, name) => {
    expect(await plan(text)).toMatchObject({ ok: true, value: { volatile: expect.arrayContaining([name]) } })
    expect(await analyze(text, text.includes('$1') ? ['-1'] : [])).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', message: expect.stringContaining(name) },
    })
  })

  it('runs them once they are confirmed, still read-only', async () => {
    const known = await plan('select random()')
    expect(await analyze('select random()', [], known.ok ? known.value.volatile : [])).toMatchObject({
      ok: true,
      value: { analyzed: true },
    })
    await db.client.query('create sequence counter')
    const sequence = await plan("select nextval('counter')")
    expect(await analyze("select nextval('counter')", [], sequence.ok ? sequence.value.volatile : [])).toMatchObject({
      ok: false,
      problem: { sqlstate: '25006' },
    })
    expect(await analyze('select own_stable()')).toMatchObject({ ok: true })
  })

  it.each([
    ['fetch 100 from c', 'that of its DECLARE'],
    ['execute p(1)', 'that of its PREPARE'],
    ['call p(1)', 'track = all'],
    ['commit', 'COMMIT has no plan'],
    ['vacuum victim', 'VACUUM has no plan'],
  ])('says why there is none: %s', async (text, why) => {
    expect(await plan(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringContaining(why) } })
  })

  it.each([
    ['prepare p (int, text) as select note from victim where id = $1 and note = $2', 'PREPARE'],
    ['declare c cursor for select note from victim where id > $1', 'DECLARE'],
    ['copy (select note from victim where id > 5) to stdout', 'COPY'],
    ['create table other as select note from victim where id > $1', 'CREATE … AS'],
  ])('plans the statement within, and runs nothing: %s', async (text, of) => {
    expect(await plan(text)).toMatchObject({ ok: true, value: { of, analyzed: false } })
    expect((await db.client.query(`select to_regclass('other') as made`)).rows[0].made).toBeNull()
  })

  it.each([
    'declare c cursor for select 1; drop table victim',
    'prepare p as drop table victim',
    'prepare p (public.checked) as select $1',
    'create table other as execute p',
    'copy (delete from victim returning id) to stdout; drop table victim',
    'copy (select 1; drop table victim) to stdout',
  ])('takes nothing else out of a command: %s', async (text) => {
    expect(await plan(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    expect(await victims()).toBe(1000)
  })

  it('ends at its time-out', async () => {
    const result = await explainStatement(db.target, {
      query: 'select pg_sleep(60)',
      rolname: 'postgres',
      analyze: { values: [], timeoutMs: 200, confirmed: ['pg_sleep(double precision)'] },
    })
    expect(result).toMatchObject({ ok: false, problem: { kind: 'timeout' } })
  })

  it('runs one at a time', async () => {
    const sleep = (seconds: number) =>
      explainStatement(db.target, {
        query: `select pg_sleep(${seconds})`,
        rolname: 'postgres',
        analyze: { values: [], timeoutMs: 60_000, confirmed: ['pg_sleep(double precision)'] },
      })
    const results = await Promise.all([sleep(1), sleep(1)])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results).toContainEqual({ ok: false, problem: expect.objectContaining({ kind: 'conflict' }) })
    expect(await sleep(0)).toMatchObject({ ok: true })
  })

  it("finds names as the statement's own user does", async () => {
    await db.client.query(`create table ${stranger}.private (id int)`)
    expect(await plan('select * from private')).toEqual(refused(/relation private is not found/))
    expect(await plan('select * from private', stranger)).toMatchObject({ ok: true, value: { searchPath: `${stranger}, public` } })
    await db.client.query(`alter role ${stranger} in database ${db.target.database} set search_path = nowhere, "${stranger}"`)
    forgetReads()
    expect(await plan('select * from private', stranger)).toMatchObject({ ok: true, value: { searchPath: `nowhere, ${stranger}` } })
  })
})
