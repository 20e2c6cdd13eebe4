import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { explainStatement } from './explain-statement'

describe.each(MAJORS)('parameters whose types the text has lost, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const plan = (query: string) => explainStatement(db.target, { query, rolname: 'postgres', analyze: null })
  const analyze = (query: string, values: string[]) =>
    explainStatement(db.target, { query, rolname: 'postgres', analyze: { values, timeoutMs: 5_000, confirmed: [] } })

  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table victim (id int primary key, at timestamptz default now(), note text)')
  })
  afterAll(() => db.drop())

  it.each<[string, string, number[], string[]]>([
    ['a function', 'select * from generate_series($1, $2)', [1, 2], ['integer', 'integer']],
    [
      'one of several',
      'select g from pg_catalog.generate_series($1, $2) g, victim where note = $3',
      [1, 2],
      ['integer', 'integer', 'text'],
    ],
    ['an operator', 'select id from victim where id = $1 + $2 /* ü */', [1, 2], ['integer', 'integer']],
    ['two places', "select 'ü', $1 + $2, sum($3) from victim", [1, 2, 3], ['integer', 'integer', 'integer']],
    ['a bare test', 'select id from victim where $1 is null', [1], ['integer']],
  ])('takes integer where the text no longer tells the types: %s', async (_, text, assumed, types) => {
    const result = await plan(text)
    if (!result.ok) throw new Error(result.problem.message)
    expect(result.value).toMatchObject({ statement: text, parameterTypes: types, assumed })
  })

  it('runs it with values of that type', async () => {
    const result = await analyze('select * from generate_series($1, $2)', ['1', '7'])
    expect(result).toMatchObject({ ok: true, value: { assumed: [1, 2] } })
    if (result.ok) expect(result.value.plan.nodes[0]?.actual?.rows).toBe(7)
    expect(await analyze('select * from generate_series($1, $2)', ['now', '7'])).toMatchObject({
      ok: false,
      problem: { sqlstate: '22P02' },
    })
  })

  it('says why and what to do where that does not fit either', async () => {
    expect(await plan('select area($1), $2 + $3')).toMatchObject({
      ok: false,
      problem: {
        sqlstate: '42725',
        message: expect.stringContaining('area'),
        hint: expect.stringMatching(/types of these parameters are gone.*PREPARE p \(type/),
      },
    })
  })

  it('says what a name may be that is no column', async () => {
    expect(await plan('select note from victim where id = v_id')).toMatchObject({
      ok: false,
      problem: { sqlstate: '42703', hint: expect.stringContaining('a variable of that function') },
    })
  })
})
