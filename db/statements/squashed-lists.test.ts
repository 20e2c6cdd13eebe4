import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { explainStatement } from './explain-statement'
import { listLengths, withWholeLists } from './squashed-lists'

describe('a list of which the text keeps the first value', () => {
  it.each([
    ['select * from t where a in ($1 /*, ... */) and b = $2', "select * from t where a in (1, -2, 3) and b = 'x'", [3]],
    [
      'select * from t where a = any (array[$1 /*, ... */]) or b in ($2 /*, ... */)',
      "select * from T where a = any (array[1, f(2, 3)]) or b in ('(', ',')",
      [2, 2],
    ],
    ['select * from t where a in ($1 /*, ... */) limit $2', 'select * from t -- why\nwhere a in (1::int, 2) limit null;', [2]],
  ])('has as many as its example: %s', async (text, example, lengths) => expect(await listLengths(text, example)).toEqual(lengths))

  it.each([
    ['select * from t where a in ($1 /*, ... */)', 'select * from u where a in (1, 2)'],
    ['select * from t where a in ($1 /*, ... */)', 'select * from t where a in (1, 2) limit 5'],
    ['select * from t where a in ($1 /*, ... */)', "select * from t where a in (1, '"],
    ['select * from t where a in ($1)', 'select * from t where a in (1)'],
  ])('has nobody knows how many: %s', async (text, example) => expect(await listLengths(text, example)).toBeNull())

  it('gets parameters with numbers of their own', async () => {
    const text = 'select * from t where a in ($1 /*, ... */) and b = $2 and c = any (array[$3 /*, ... */])'
    expect(await withWholeLists(text, [3, 2])).toEqual({
      text: 'select * from t where a in ($1, $4, $5) and b = $2 and c = any (array[$3, $6])',
      lists: [
        { parameter: 1, values: 3 },
        { parameter: 3, values: 2 },
      ],
    })
    expect(await withWholeLists(text, null)).toMatchObject({
      text,
      lists: [
        { parameter: 1, values: null },
        { parameter: 3, values: null },
      ],
    })
  })
})

describe('a squashed list of PostgreSQL 18', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(18)
    await db.client.query(
      'create extension pg_stat_statements; create table big as select g as a from generate_series(1, 10000) g; analyze big',
    )
  })
  afterAll(() => db.drop())

  it('is planned with as many values as its example had, else says that nobody knows', async () => {
    const example = `select * from big where a in (${Array.from({ length: 93 }, (_, n) => n).join(', ')})`
    await db.client.query(example)
    const { rows } = await db.client.query(`select query from pg_stat_statements where query ~ 'from big where a in'`)
    expect(rows[0].query).toContain('/*, ... */')
    const plan = async (seen?: string) => {
      const explained = await explainStatement(db.target, { query: rows[0].query, example: seen, rolname: 'postgres', analyze: null })
      if (!explained.ok) throw new Error(explained.problem.message)
      return explained.value
    }
    const [blind, known] = [await plan(), await plan(example)]
    expect(blind.lists).toEqual([{ parameter: 1, values: null }])
    expect(blind.plan.nodes[0]?.planRows).toBe(1)
    expect(known.lists).toEqual([{ parameter: 1, values: 93 }])
    expect(known.plan.nodes[0]?.planRows).toBe(93)
    expect(known.parameterTypes).toHaveLength(93)
  })
})
