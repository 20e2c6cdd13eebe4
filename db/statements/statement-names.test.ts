import { describe, expect, it, test } from 'vitest'
import { everyday } from '@/test/support/everyday'
import { keyOf } from '../domain/statement-key'
import { type Nameable, nameOf, nameStatements } from './statement-names'

const entry = (query: string | null, change: Partial<Nameable> = {}): Nameable => ({
  ...{ queryid: '1', userid: 10, dbid: 5, toplevel: true, rolname: 'app', datname: 'shop', query },
  ...change,
})
const names = async (list: Nameable[]) => [...(await nameStatements(list)).values()]

describe('a statement is named', () => {
  test.each([
    ['select a, b from only public."Users" u where x', 'SELECT Users by x'],
    ['with x as (select 1 from t) select * from x where x.n > $1', 'SELECT t by n'],
    ['INSERT INTO app.log (a) values ($1)', 'INSERT log'],
    ['update t set a = $1 where id = $2', 'UPDATE t by id'],
    ['delete from a using b where a.id = b.id and b.n = $1', 'DELETE a, b by id, n'],
    ['select extract(epoch from x), a is distinct from b from t', 'SELECT t'],
    ['select * from a, b, c where a.x = $1 and b.y = $2 and c.z = $3', 'SELECT a, b +1 by x, y +1'],
    ['select ts > now() - interval $1 from t', 'SELECT t'],
    ['select pg_sleep($1)', 'SELECT pg_sleep'],
    ['merge into t using s on t.id = s.id when matched then delete', 'MERGE t, s'],
    ['commit', 'commit'],
    ['select $1', 'select $1'],
    ['select json_object($1: constructor) from t tablesample system (1)', 'SELECT t'],
    ['select a from t where b = $1 and', 'SELECT t'],
  ])('by verb, relations and compared columns: %s', async (query, name) => expect(await nameOf(entry(query))).toBe(name))

  test.each([
    ["select * from t /*action='show',controller='projects',framework='rails'*/", 'projects#show: SELECT t'],
    ["select * from t /*route='%2Fpolls%2F1',traceparent='00-5b'*/", '/polls/1: SELECT t'],
    ['/*application:Shop,controller:orders,action:index*/ select * from t', 'orders#index: SELECT t'],
    ['/* overdue invoices */ select * from t where d < $1', 'overdue invoices'],
    ['-- name: GetAuthor :one\nselect * from t', 'GetAuthor'],
    ["select 1 from t /*name='cart total'*/", 'cart total'],
    ['/*+ SeqScan(t) */ select * from t', 'SELECT t'],
    ['select /* here */ a from t where b in ($1 /*, ... */)', 'SELECT t by b'],
    ["select * from t /*traceparent='00-5b'*/", 'SELECT t'],
    ['/* This reads everything, because nobody has said: which? */ select * from t', 'SELECT t'],
  ])('by its comment: %s', async (query, name) => expect(await nameOf(entry(query))).toBe(name))

  it('with long words folded in the middle, and by its number without a text', async () => {
    expect(await nameOf(entry(`select 1 from ${'a'.repeat(30)}_${'b'.repeat(30)}`))).toBe(`SELECT ${'a'.repeat(15)}…${'b'.repeat(12)}`)
    expect(await nameOf(entry(null, { queryid: '-77' }))).toBe('Statement -77')
  })
})

describe('within a list no two are named alike', () => {
  it('but by what the others lack', async () => {
    const list = [
      'select id from t where a = $1',
      'select count(*) from t where a = $1',
      'select id from t where a = $1 order by b limit $2',
    ]
    expect(await names(list.map((query, at) => entry(query, { queryid: `${at}` })))).toEqual([
      'SELECT t by a · id',
      'SELECT t by a · count()',
      'SELECT t by a · limit, order by b',
    ])
  })

  it('by who sends them, where and how, where the text is the same', async () => {
    const query = 'select * from t'
    expect(
      await names([
        entry(query),
        entry(query, { userid: 11, rolname: 'batch' }),
        entry(query, { userid: 11, rolname: 'batch', toplevel: false }),
        entry(query, { dbid: 6, datname: 'lab', userid: 12, rolname: 'x' }),
      ]),
    ).toEqual(['SELECT t of app in shop', 'SELECT t of batch in shop', 'SELECT t of batch in shop nested', 'SELECT t of x in lab'])
  })

  it('and in the last place by their queryid', async () => {
    const [one, other] = await names([
      entry('select * from t where a = $1', { queryid: '111222' }),
      entry('select * from s.t where a = $1', { queryid: '333444' }),
    ])
    expect([one, other]).toEqual(['SELECT t by a #1222', 'SELECT t by a #3444'])
  })

  test.each(['applications', 'everyday', 'further', 'kinds', 'reports'])('of real statements: %s.sql', async (file) => {
    const list = everyday(file).map(({ sql }, at) => entry(sql, { queryid: String(1_000_000_007 * (at + 1)) }))
    const named = await nameStatements(list)
    expect(named.size).toBe(list.length)
    expect(new Set(named.values()).size).toBe(list.length)
    // Most are told apart by what they say, not by a number.
    const numbered = [...named.values()].filter((name) => /#\d{4}$/.test(name)).length
    expect(numbered / list.length).toBeLessThan(0.1)
    for (const one of list) expect((named.get(keyOf(one)) ?? '').length).toBeLessThanOrEqual(130)
  })

  it('nor one statement asked for twice by another name', async () => {
    const one = entry('select * from t')
    expect(await names([one, one])).toEqual(['SELECT t'])
  })
})

it('parses each text once', async () => {
  const query = `select * from t where ${Array.from({ length: 300 }, (_, at) => `c${at} = $${at + 1}`).join(' and ')}`
  const took = async () => {
    const begin = performance.now()
    for (let round = 0; round < 20; round++) await nameOf(entry(query))
    return performance.now() - begin
  }
  const first = await took()
  expect(await took()).toBeLessThan(first)
})
