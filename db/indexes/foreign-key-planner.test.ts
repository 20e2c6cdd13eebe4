import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { forgetReads, runRead } from '../server/run-read'
import { foreignKeyServices } from './foreign-key-services'
import { monitorIndexHealth } from './reads/monitor-index-health'

/** A foreign key, and what its check asks of the referencing table (ri_triggers.c). */
interface Key {
  references: string
  columns: string[]
  types: string[]
  where: string
  since?: number
}

const KEYS: Key[] = [
  { references: 'p_int (k)', columns: ['i'], types: ['int4'], where: '$1 = i' },
  { references: 'p_big (k)', columns: ['i'], types: ['int8'], where: '$1 = i' },
  { references: 'p_num (k)', columns: ['i'], types: ['numeric'], where: '$1 = i::numeric' },
  { references: 'p_text (k)', columns: ['t'], types: ['text'], where: '$1 = t' },
  { references: 'p_text (k)', columns: ['c'], types: ['text'], where: '$1 = c' },
  { references: 'p_text (k)', columns: ['v'], types: ['text'], where: '$1 = v::text' },
  { references: 'p_text (k)', columns: ['b'], types: ['text'], where: '$1 = b::text' },
  { references: 'p_text (k)', columns: ['n'], types: ['text'], where: '$1 = n' },
  { references: 'p_int (k)', columns: ['d'], types: ['int4'], where: '$1 = d::int4' },
  { references: 'p_mood (k)', columns: ['e'], types: ['mood'], where: '$1::anyenum = e::anyenum' },
  { references: 'p_array (k)', columns: ['a'], types: ['int4[]'], where: '$1::anyarray = a::anyarray' },
  { references: 'p_two (k, l)', columns: ['i', 'j'], types: ['int4', 'int4'], where: '$1 = i and $2 = j' },
  { references: 'p_mixed (k, l)', columns: ['j', 't'], types: ['int4', 'text'], where: '$1 = j and $2 = t' },
  {
    references: 'p_period (k, period r)',
    columns: ['i', 'period r'],
    types: ['int4', 'int4range'],
    where: '$1 = i and $2::anyrange && r::anyrange',
    since: 18,
  },
]

const PARENTS = `
  create extension btree_gist; create extension btree_gin; create extension bloom;
  create type mood as enum ('good'); create domain whole as int;
  create table p_int (k int primary key); create table p_big (k bigint primary key); create table p_num (k numeric primary key);
  create table p_text (k text primary key); create table p_mood (k mood primary key); create table p_array (k int[] primary key);
  create table p_two (k int, l int, primary key (k, l)); create table p_mixed (k int, l text, primary key (k, l))`
const COLUMNS =
  'id int, i int, j int, t text, c text collate "C", v varchar(9), b char(9), n name, d whole, e mood, a int[], r int4range, x text'

/** What an index may have at a place, each as it stands in CREATE INDEX. */
const PARTS: Record<string, string[]> = {
  btree: [
    ...['id', 'i', 'j', 't', 'c', 'v', 'b', 'n', 'd', 'e', 'a', 'r', 'i desc nulls last', 't text_pattern_ops', 'v varchar_pattern_ops'],
    ...['b bpchar_pattern_ops', 't collate "C"', 'c collate "POSIX"', 'c text_pattern_ops', 'v collate "C"', '(i::numeric)', '(i::int8)'],
    ...['(b::text)', '(v::text)', '(d::int4)', '(lower(t))', '(j + 1)', '(t collate "C")'],
  ],
  hash: ['i', 't', 'c', 'v', 'b', 'd', 'e', 'a', 't collate "C"', '(i::numeric)', '(b::text)'],
  gist: ['id', 'i', 'j', 't', 'v', 'b', 'd', 'e', 'r', '(i::numeric)', '(b::text)'],
  gin: ['id', 'i', 'j', 't', 'v', 'b', 'd', 'e', 'a', '(i::numeric)', '(b::text)'],
  brin: ['id', 'i', 'j', 't', 'v', 'b', 'r', '(i::numeric)'],
  spgist: ['t', 'v', 'r', 'c'],
  bloom: ['id', 'i', 'j', 't'],
}
const ONE_COLUMN = new Set(['hash', 'spgist'])

/** Conditions of a partial index: on the key's columns, on others, in every combination. */
const CONDITIONS = ['i', 'j', 't', 'v', 'b', 'd', 'r', 'x'].flatMap((column) => [`${column} is not null`, `not (${column} is null)`])
const OTHERS = [
  'x is null',
  "x <> 'y'",
  'i > 5',
  'i is null',
  'true',
  '(i::numeric) is not null',
  '(b::text) is not null',
  "(t || 'a') is not null",
]
const condition = fc.letrec<{ any: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom(...CONDITIONS, ...OTHERS),
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([one, join, other]) => `(${one} ${join} ${other})`),
    tie('any').map((inner) => `not (${inner})`),
  ),
})).any

/** An index of one to three parts, mostly with a column of the key among them. */
interface Index {
  method: string
  parts: string[]
  where: string | null
}
const index = (key: Key): fc.Arbitrary<Index> =>
  fc.constantFrom('btree', 'btree', ...Object.keys(PARTS)).chain((method) => {
    const parts = PARTS[method] ?? []
    const own = parts.filter((part) => key.columns.some((column) => new RegExp(`\\b${column.replace('period ', '')}\\b`).test(part)))
    const part = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...(own.length > 0 ? own : parts)) },
      { weight: 1, arbitrary: fc.constantFrom(...parts) },
    )
    return fc
      .tuple(fc.uniqueArray(part, { minLength: 1, maxLength: ONE_COLUMN.has(method) ? 1 : 3 }), fc.option(condition, { freq: 2 }))
      .map(([chosen, where]) => ({ method, parts: chosen, where }))
  })

const written = ({ method, parts, where }: Index): string =>
  `using ${method} (${parts.join(', ')})${where === null ? '' : ` where ${where}`}`

/** What of an index decides whether a search in it reads less than all of it: of these any part, of others the first. */
const ANY_PART = ['gin', 'brin', 'bloom']
const decisive = (of: Index): Index => (ANY_PART.includes(of.method) ? of : { ...of, parts: of.parts.slice(0, 1) })

interface PlanNode {
  'Index Cond'?: string
  Plans?: PlanNode[]
}
const conditions = (node: PlanNode): string[] => [
  ...(node['Index Cond'] ? [node['Index Cond']] : []),
  ...(node.Plans ?? []).flatMap(conditions),
]

describe.each([14, 18] as const)('which index serves a foreign key on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(PARENTS)
    if (major >= 18) await db.client.query('create table p_period (k int, r int4range, primary key (k, r without overlaps))')
  })
  afterAll(() => db.drop())

  /** Whether the planner can use an index of the table, the only one, for the check. */
  async function plannerUses(table: string, key: Key): Promise<boolean> {
    const values = key.types.map(() => 'null').join(', ')
    await db.client.query('set enable_seqscan = off; set plan_cache_mode = force_generic_plan')
    await db.client.query(`prepare asked (${key.types.join(', ')}) as select 1 from only ${table} where ${key.where} for key share`)
    const { rows } = await db.client.query(`explain (format json, costs off) execute asked (${values})`)
    await db.client.query('deallocate asked; reset all')
    return conditions(rows[0]['QUERY PLAN'][0].Plan).length > 0
  }

  it('is what the planner says of any index and any key', async () => {
    const keys = KEYS.filter(({ since = 14 }) => major >= since)
    const cases = fc.sample(
      fc.constantFrom(...keys).chain((key) => fc.tuple(fc.constant(key), index(key))),
      { numRuns: 300, seed: 20_261_129 },
    )
    const expected: string[] = []
    const made = new Map<number, string>()
    const tables = new Map<string, number>()
    for (const [at, [key, of]] of cases.entries()) {
      const table = `child_${at}`
      const columns = key.columns.join(', ')
      const create = `create table ${table} (${COLUMNS}, foreign key (${columns}) references ${key.references}); create index decisive on ${table} ${written(decisive(of))}`
      try {
        await db.client.query(create)
      } catch (error) {
        // not every operator class exists on every major; what cannot be made serves nothing
        expect(String(error)).toMatch(/no default operator class|does not accept|collation|does not exist/)
        continue
      }
      const name = `foreign key (${columns}) references ${key.references}: ${written(of)}`
      const { rows } = await db.client.query(`select '${table}'::regclass::oid as oid`)
      made.set(rows[0].oid, name)
      tables.set(table, rows[0].oid)
      if (await plannerUses(table, key)) expected.push(name)
      await db.client.query(`drop index decisive; create index on ${table} ${written(of)}`)
    }
    forgetReads()
    const found = await foreignKeyServices(db.target)
    if (!found.ok) throw new Error(found.problem.message)
    const serving = found.value.services.map(({ relid }) => made.get(relid) ?? '')
    expect(serving.sort()).toEqual(expected.sort())
    expect(made.size).toBeGreaterThan(250)
    expect(expected.length).toBeGreaterThan(60)
    expect(made.size - expected.length).toBeGreaterThan(60)

    // What SQL alone says of these indexes, none of which was scanned: the same, or less.
    const monitored = await runRead(db.target, monitorIndexHealth, { schema: 'public' })
    const certainty = new Map(found.value.services.map(({ relid, sure }) => [relid, sure]))
    const said = new Map(monitored.ok ? monitored.value.map((row) => [tables.get(row.table_name), row.recommendation]) : [])
    const wrong = [...made].filter(([relid]) => {
      const [sure, recommendation] = [certainty.get(relid), said.get(relid) ?? '']
      if (recommendation.includes('May serve FK')) return false
      return sure === undefined ? recommendation.includes('FK') : !sure || !recommendation.includes('Only index for FK')
    })
    expect(wrong).toEqual([])
    expect([...made].filter(([relid]) => certainty.get(relid) && said.get(relid)?.includes('Only index for FK')).length).toBeGreaterThan(30)
  }, 120_000)
})
