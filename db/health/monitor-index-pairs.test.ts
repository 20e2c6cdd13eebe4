import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { monitorIndexHealth } from '../indexes/reads/monitor-index-health'
import { runRead } from '../server/run-read'

/** Pairs of which each serves what the other cannot. */
const DIFFERENT: [name: string, first: string, second: string, since?: number][] = [
  ['operator class', '(a text_pattern_ops)', '(a)'],
  ['collation', '(a collate "C")', '(a collate "POSIX")'],
  ['direction', '(a desc, b)', '(a, b)'],
  ['operator class parameters', 'using gist (a gist_trgm_ops)', 'using gist (a gist_trgm_ops(siglen=256))'],
  ['storage parameters of GIN', 'using gin (d)', 'using gin (d) with (fastupdate = off)'],
  ['statistics of the expression', '(lower(a)); alter index one alter column 1 set statistics 500', '(lower(a), b)'],
  ['place of NULLs', '(a nulls first)', '(a)'],
  ['predicate', '(a) where b > 1', '(a) where b > 2'],
  ['having a predicate', '(a) where b > 1', '(a)'],
  ['expression', '(lower(a))', '(upper(a))'],
  ['order of columns', '(a, b)', '(b, a)'],
  ['included columns', '(a) include (b)', '(a) include (c)'],
  ['access method', 'using hash (a)', 'using btree (a)'],
  ['prefix of another access method', 'using gin (d)', 'using gin (d jsonb_path_ops)'],
]

/** Pairs of which the first is superfluous. */
const ALIKE: [name: string, kind: string, first: string, second: string][] = [
  ['same columns', 'duplicate', '(a, b)', '(a, b)'],
  ['first column', 'prefix', '(a)', '(a, b)'],
  ['same predicate, written otherwise', 'duplicate', '(a) where b>1', '(a) where (b > 1)'],
  ['same expression', 'duplicate', '(lower(a))', '(lower( a ))'],
  ['first of two expressions', 'prefix', '(lower(a))', '(lower(a), upper(a))'],
  ['column before an expression', 'prefix', '(b)', '(b, lower(a))'],
  ['included column that is a key there', 'prefix', '(a) include (b)', '(a, b)'],
  ['fewer included columns', 'prefix', '(a) include (b)', '(a) include (c, b)'],
  ['not unique, beside a unique one', 'duplicate', '(b)', 'UNIQUE (b)'],
  ['gin', 'duplicate', 'using gin (d)', 'using gin (d)'],
]

describe.each(MAJORS)('monitor_index_health of two indexes, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const sql = (text: string) => db.client.query(text)
  const recommendations = async (schema: string | null = 'public'): Promise<Record<string, string>> => {
    const result = await runRead(db.target, monitorIndexHealth, { schema })
    if (!result.ok) throw new Error(result.problem.message)
    return Object.fromEntries(result.value.map((row) => [row.index_name, row.recommendation]))
  }
  const create = (name: string, definition: string) =>
    sql(`create ${definition.startsWith('UNIQUE') ? 'unique' : ''} index ${name} on pair ${definition.replace('UNIQUE', '')}`)

  beforeAll(async () => {
    db = await testDatabase(major)
    await sql('create table pair (a text, b int, c int, d jsonb); create extension pg_trgm')
  })
  afterAll(() => db.drop())

  it.each(DIFFERENT)('keeps two indexes that differ in %s', async (_, first, second) => {
    await create('one', first)
    await create('two', second)
    const found = await recommendations()
    await sql('drop index one, two')
    expect([found.one, found.two].filter((text) => text?.startsWith('REDUNDANT'))).toEqual([])
    // Of two that could stand in for each other, but with a doubt, one alone is left to the console.
    expect([found.one, found.two]).toContain('NOT SCANNED - Keep until its age is proved')
  })

  it.each(ALIKE)('names the index that another one replaces: %s', async (_, kind, first, second) => {
    await create('two', second)
    await create('one', first)
    const found = await recommendations()
    await sql('drop index one, two')
    expect(found.one).toBe(`REDUNDANT - ${kind} of two`)
    expect(found.two).not.toMatch(/^REDUNDANT/)
  })

  const from15 = major >= 15 ? it : null
  from15?.('keeps unique indexes that differ in NULLS NOT DISTINCT', async () => {
    await sql('create unique index one on pair (b); create unique index two on pair (b) nulls not distinct')
    const found = await recommendations()
    await sql('create unique index three on pair (b) nulls not distinct')
    const third = (await recommendations()).three
    await sql('drop index one, two, three')
    expect(found).toEqual({ one: 'CONSTRAINT - Keep', two: 'CONSTRAINT - Keep' })
    expect(third).toBe('REDUNDANT - duplicate of two')
  })
})
