import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HINT_CASES, HINT_TABLES, type HintCase } from '../../../test/support/hint-corpus'
import { BENCH_STATEMENTS, BENCH_TABLES } from '../../../test/support/hint-corpus-bench'
import { PRINTED_LEADERBOARD } from '../../../test/support/hint-corpus-printed'
import { randomRows } from '../../../test/support/hint-corpus-rows'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { forgetReads } from '../../server/run-read'
import { hintsOf } from '../statement-hints'

/** Data by seed: full ones, and those with an empty table. */
const DATA: [seed: number, empty: string[]][] = [
  [0.1, []],
  [0.2, []],
  [0.3, ['quiz_results', 'shop.visits']],
  [0.4, ['student_progress', 'courses', 'shop.orders']],
  [0.5, ['users', 'shop.customers', 'counters']],
]

describe.each([14, 18] as const)('hints on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(HINT_TABLES)
    await db.client.query(`create schema bench; set search_path = bench; ${BENCH_TABLES}; reset search_path; set timezone = 'UTC'`)
  })
  afterAll(() => db.drop())

  const hints = async (query: string, example: string | null = null) => {
    forgetReads()
    const found = await hintsOf(db.target, { query, example, rolname: 'postgres' })
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }
  const rows = async (sql: string, values: unknown[] = []) => {
    const { rows: found } = await db.client.query(sql, values)
    return found.map((row) => JSON.stringify(row)).sort()
  }
  const known = new Map<string, string | null>()
  const rewritten = async ({ sql }: HintCase) => {
    if (!known.has(sql)) known.set(sql, (await hints(sql))[0]?.rewritten?.exact ?? null)
    return { text: known.get(sql) ?? null }
  }
  const casesOf = (...names: string[]) => HINT_CASES.filter(({ finds }) => finds.some((rule) => names.includes(rule)))

  it('are those of the corpus, and no others', async () => {
    const found = []
    for (const { sql } of HINT_CASES) found.push({ sql, finds: (await hints(sql)).map(({ rule }) => rule) })
    expect(found).toEqual(HINT_CASES.map(({ sql, finds }) => ({ sql, finds })))
    expect(HINT_CASES.filter(({ finds }) => finds.length === 0).length).toBeGreaterThanOrEqual(HINT_CASES.length / 2)
  })

  it('keep the results where they say nothing else', async () => {
    for (const [seed, empty] of DATA) {
      await db.client.query(randomRows(seed, empty))
      for (const one of casesOf('count-exists', 'indexed-column', 'distinct-join')) {
        const { text } = await rewritten(one)
        if (one.sql.startsWith('delete')) continue
        expect({ sql: one.sql, seed, rows: await rows(text ?? '', one.values) }).toEqual({
          sql: one.sql,
          seed,
          rows: await rows(one.sql, one.values),
        })
      }
    }
  })
  it('let through what NOT IN does where NULL is left out of its subquery', async () => {
    let emptied = 0
    for (const [seed, empty] of DATA) {
      await db.client.query(randomRows(seed, empty))
      for (const one of casesOf('not-in')) {
        const { text } = await rewritten(one)
        const better = await rows(text ?? '', one.values)
        const guarded = one.sql.replace(/(in|all) \((select [^()]*)\)/, '$1 (select * from ($2) as s (v) where v is not null)')
        expect(guarded).not.toBe(one.sql)
        // Where the subquery returns no row NOT IN lets rows without a value through, and the rewritten text does not.
        const asMeant = (await rows(guarded, one.values)).filter((row) => !row.includes('"tested":null'))
        expect({ sql: one.sql, seed, rows: better }).toEqual({ sql: one.sql, seed, rows: asMeant })
        if (better.length > 0 && (await rows(one.sql, one.values)).length === 0) emptied++
      }
    }
    expect(emptied).toBeGreaterThan(5)
  })

  it('keep what a multiplying join returns where nothing is multiplied', async () => {
    for (const [seed, empty] of DATA) {
      await db.client.query(randomRows(seed, empty))
      for (const [table, parent] of [
        ['student_progress', 'user_id'],
        ['quiz_results', 'user_id'],
        ['shop.orders', 'customer_id'],
        ['shop.visits', 'customer_id'],
      ])
        await db.client.query(
          `delete from ${table} t where exists (select from ${table} o where o.${parent} = t.${parent} and o.id < t.id)`,
        )
      let checked = 0
      for (const one of casesOf('multiplying-join')) {
        const { text } = await rewritten(one)
        if (text === null) continue
        checked++
        expect({ sql: one.sql, seed, rows: await rows(text, one.values) }).toEqual({
          sql: one.sql,
          seed,
          rows: await rows(one.sql, one.values),
        })
      }
      expect(checked).toBeGreaterThanOrEqual(6)
    }
  })

  it('reach the same page behind the row before it', async () => {
    await db.client.query(randomRows(0.1))
    for (const one of casesOf('offset-paging')) {
      const { text } = await rewritten(one)
      const keys = /order by (.*) limit/.exec(one.sql)?.[1]?.replace(' desc', '') ?? ''
      const offset = Number(/offset (\d+)/.exec(one.sql)?.[1])
      const before = one.sql
        .replace(/^select .*? from/, `select ${keys.split(', ').map((key, at) => `${key}::text as v${at}`)} from`)
        .replace(/limit.*/, `limit 1 offset ${offset - 1}`)
      const {
        rows: [last],
      } = await db.client.query({ text: before, rowMode: 'array' })
      const page = await rows(one.sql)
      expect(page.length).toBeGreaterThan(0)
      expect(await rows(text ?? '', last)).toEqual(page)
    }
  })

  it('give the true sums of the printed leaderboard, which multiplies them by the quizzes', async () => {
    await db.client.query(randomRows(0.1))
    const since = '2024-03-01'
    const hint = (await hints(PRINTED_LEADERBOARD)).find(({ rule }) => rule === 'multiplying-join')
    const { rows: truth } = await db.client.query(
      `select u.id, (select round(sum(extract(epoch from total_time_spent)) / 3600, 2) from student_progress p where p.user_id = u.id and p.enrolled_at >= $1) as hours,
              greatest(1, (select count(*) from quiz_results q where q.user_id = u.id))::int as times
         from users u`,
      [since],
    )
    const of = async (sql: string) =>
      new Map(
        (await db.client.query(sql, [since])).rows.map((row) => [row.user_id, row.total_hours === null ? null : Number(row.total_hours)]),
      )
    const [printed, better] = [await of(PRINTED_LEADERBOARD), await of(hint?.rewritten?.exact ?? '')]
    expect([...better.keys()].sort()).toEqual([...printed.keys()].sort())
    expect(better.size).toBeGreaterThan(2)
    for (const { id, hours, times } of truth.filter((row) => better.has(row.id))) {
      expect(better.get(id)).toBe(hours === null ? null : Number(hours))
      expect(printed.get(id)).toBe(hours === null ? null : Number(hours) * times)
    }
    expect(truth.some(({ id, hours, times }) => better.has(id) && times > 1 && Number(hours) > 0)).toBe(true)
  })

  it('tell of the zones whose midnight comes twice, and are right in others', async () => {
    const moments = "select timestamptz '2024-03-08 00:00Z' + n * interval '15 minutes' from generate_series(0, 3000) n"
    await db.client.query(`set session_replication_role = replica; truncate users cascade;
      insert into users (id, email, name, created_at) select row_number() over (), row_number() over (), '', m from (${moments}
        union all select timestamptz '2023-11-04 22:00Z' + n * interval '15 minutes' from generate_series(0, 60) n) x (m); reset session_replication_role`)
    const { text } = await rewritten(casesOf('indexed-column')[0] as HintCase)
    const original = casesOf('indexed-column')[0]?.sql ?? ''
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])
      for (const day of ['2024-03-10', '2024-03-31', '2024-04-07', '2023-11-05']) {
        await db.client.query(`set timezone = '${zone}'`)
        expect(await rows(text ?? '', [day])).toEqual(await rows(original, [day]))
      }
    await db.client.query("set timezone = 'America/Havana'")
    const [before, after] = [await rows(original, ['2023-11-05']), await rows(text ?? '', ['2023-11-05'])]
    expect(before.length - after.length).toBe(4) // four quarters of the hour from midnight to one that comes first
    await db.client.query("set timezone = 'UTC'")
  })

  it('say nothing of benchmarks without a fault', async () => {
    await db.client.query('alter role postgres set search_path = bench')
    try {
      for (const sql of BENCH_STATEMENTS) expect({ sql, rules: (await hints(sql)).map(({ rule }) => rule) }).toEqual({ sql, rules: [] })
    } finally {
      await db.client.query('alter role postgres reset search_path')
    }
  })

  it('look names up as the role does, and where a view or another table has the name, say nothing', async () => {
    await db.client.query(
      'create schema elsewhere; create table elsewhere.quiz_results (user_id int not null); set search_path = elsewhere; reset search_path',
    )
    const sql = 'select id from users where id not in (select user_id from quiz_results)'
    expect((await hints(sql)).map(({ rule }) => rule)).toEqual(['not-in'])
    const of = async (rolname: string) => {
      const found = await hintsOf(db.target, { query: sql, example: null, rolname })
      return found.ok ? found.value.map(({ rule }) => rule) : found.problem
    }
    const role = `hinted_${db.target.database}`
    await db.client.query(`create role ${role}; alter role ${role} in database ${db.target.database} set search_path = elsewhere, public`)
    expect(await of(role)).toEqual([])
    await db.client.query(`drop owned by ${role}; drop role ${role}; drop schema elsewhere cascade`)
  })

  it('take constants from an example where the text has lost them', async () => {
    const query = 'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id) > $1'
    expect(await hints(query, query.replace('$1', '0'))).toMatchObject([{ rule: 'count-exists', of: 'example' }])
    expect(await hints(query, query.replace('$1', '1'))).toEqual([])
    expect(
      await hints(
        'select id from users where id not in (select user_id from quiz_results) and id > $1',
        'select id from users where id not in (select user_id from quiz_results) and id > 7',
      ),
    ).toMatchObject([{ rule: 'not-in', of: 'statement' }])
  })

  it('give none, and no error, for a text that is broken, huge or hostile', async () => {
    const nested = `select ${'('.repeat(900)}1${')'.repeat(900)} from users`
    const wide = `select id from users where ${Array.from({ length: 900 }, (_, n) => `id <> ${n}`).join(' and ')}`
    const joins = `select sum(a0.n) from ${Array.from({ length: 59 }, (_, n) => `counters a${n}`).join(', ')}`
    const links = `select id from users where ${'id not in (select boss from users where '.repeat(100)}true${')'.repeat(100)}`
    const texts = [
      '',
      ' ',
      ';',
      '\0',
      'select',
      'select $',
      "select '",
      'ROLLBACK TO x',
      '<insufficient privilege>',
      'select 1; drop table users',
      'select "\u202e" from "Robert\'); drop table users"',
      `select ${'x'.repeat(30_000)}`,
      nested,
      wide,
      joins,
      'with recursive users as (select 1 union all select 1 from users) select * from users where 1 not in (select * from users)',
      'select __proto__, constructor from users where __proto__ not in (select constructor from toString)',
    ]
    const begun = performance.now()
    for (const sql of texts) expect({ sql, found: await hints(sql) }).toEqual({ sql, found: [] })
    expect((await hints(links)).length).toBeLessThanOrEqual(6)
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})
