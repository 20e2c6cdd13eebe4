import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RandomCatalog, randomCatalog, TABLES } from '../../test/support/random-catalog'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { forgetReads, runRead } from '../server/run-read'
import { indexHealth } from './index-health'
import { UNWATCHED } from './index-past'
import { monitorIndexHealth } from './reads/monitor-index-health'

const RUNS = 25
/** Somebody vouches for the age of every index, and no time is asked for: what was not scanned is unused. */
const PAST = { ...UNWATCHED, unusedAfter: 0, vouched: '2000-01-01T00:00:00Z' }
const NO_ROWS = 'values (null, null, null) limit 0'

describe.each([14, 18] as const)('whatever is proposed for random catalogs, in random order, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())

  const attempt = (sql: string) =>
    db.client.query(sql).then(
      () => true,
      () => false,
    )
  const names = async (sql: string): Promise<string[]> =>
    (await db.client.query({ text: sql, rowMode: 'array' })).rows.map(([name]) => String(name))
  const plan = async (query: string, off: string[]): Promise<string> => {
    await db.client.query(`begin; ${['seqscan', ...off].map((node) => `set local enable_${node} = off`).join('; ')}`)
    const { rows } = await db.client.query({ text: `explain (costs off) ${query}`, rowMode: 'array' })
    await db.client.query('rollback')
    return rows.flat().join('\n')
  }

  async function make({ indexes, more, asked }: RandomCatalog): Promise<void> {
    await db.client.query(`drop schema public cascade; create schema public; ${TABLES}`)
    for (const [at, { definition, unique }] of indexes.entries())
      await db.client.query(`create ${unique ? 'unique ' : ''}index i${at} on t ${definition}`)
    for (const statement of more) await attempt(statement)
    await db.client.query('analyze t')
    // A table that nothing reads is no evidence of unused indexes: read it without any.
    const session = await db.connect()
    for (let times = 0; times < 20 + 4 * indexes.length; times++) await session.query('select count(*) from t where a <> b')
    await session.query('set enable_seqscan = off')
    for (const condition of asked) await session.query(`select * from t where ${condition}`)
    await session.end()
    const counted = () => db.client.query("select pg_stat_get_numscans('t'::regclass)::int as scans").then(({ rows }) => rows[0].scans)
    await expect.poll(counted).toBeGreaterThanOrEqual(20 + 4 * indexes.length)
  }

  async function proposed(): Promise<{ redundant: Map<string, string>; unused: string[] }> {
    forgetReads()
    const health = await indexHealth(db.target, [], PAST)
    if (!health.ok) throw new Error(health.problem.message)
    const of = (wanted: string) => health.value.findings.filter(({ verdict, relname }) => verdict === wanted && relname === 't')
    const redundant = of('redundant').map(
      ({ indexrelname, redundantWith }) => [indexrelname, `${redundantWith?.kind} of ${redundantWith?.indexrelname}`] as const,
    )
    return { redundant: new Map(redundant), unused: of('unused').map(({ indexrelname }) => indexrelname) }
  }

  /** All that must be as before: constraints, the replica identity, the CLUSTER mark, what ON CONFLICT can infer, keys that an index serves. */
  async function rules({ indexes }: RandomCatalog): Promise<string[]> {
    const held = [
      ...(await names("select conname from pg_constraint where conrelid = 't'::regclass")),
      ...(await names("select indexrelid::regclass from pg_index where indrelid = 't'::regclass and indisreplident")),
    ]
    for (const { arbiter } of indexes)
      if (arbiter !== null && (await attempt(`explain insert into t (a, b, c) ${NO_ROWS} on conflict ${arbiter} do nothing`)))
        held.push(arbiter)
    // With sequential scans off the planner reads an index through, or skips in it: only one that begins with the column serves. One WHERE
    // it IS NOT NULL has all that the check of a key asks for.
    for (const key of await names(`select f.conname from pg_constraint f where f.contype = 'f' and exists (
        select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
          join pg_attribute k on k.attrelid = i.indrelid and k.attnum = i.indkey[0]
        where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1] and am.amname in ('btree', 'hash')
          and coalesce(pg_get_expr(i.indpred, i.indrelid), format('(%I IS NOT NULL)', k.attname)) = format('(%I IS NOT NULL)', k.attname))`))
      held.push(`${key} is served`)
    return held.sort()
  }

  /** What asked for a redundant index finds another one, in its order and without reading the table through. */
  async function unserved(catalog: RandomCatalog, redundant: Iterable<string>): Promise<string[]> {
    const found: string[] = []
    for (const name of redundant) {
      const index = catalog.indexes[Number(/^i(\d+)$/.exec(name)?.[1])]
      if (!index) continue
      const where = [index.condition, index.predicate].filter((text) => text !== '').join(' and ')
      const ordered = index.order !== null
      const query = `select 1 from t where ${ordered ? index.predicate || 'true' : where}${ordered ? ` order by ${index.order}` : ''}`
      if (/Seq Scan|Sort/.test(await plan(query, ordered ? ['sort', 'bitmapscan'] : []))) found.push(`${name}: ${query}`)
      if (/Seq Scan/.test(await plan(`select 1 from t where ${where}`, []))) found.push(`${name}: ${where}`)
    }
    return found
  }

  const shuffled = (some: string[], seed: number): string[] =>
    some
      .map((name, at) => [name, Math.sin(seed + at * 7919) % 1] as const)
      .sort(([, one], [, other]) => one - other)
      .map(([name]) => name)

  it('leaves every rule, every key, and an index for whatever a redundant one served', async () => {
    let redundantSeen = 0
    let unusedSeen = 0
    await fc.assert(
      fc.asyncProperty(randomCatalog, fc.nat(1e6), async (catalog, seed) => {
        await make(catalog)
        const [before, { redundant, unused }] = [await rules(catalog), await proposed()]
        // From 17 on the planner takes away b IS NOT NULL of a column that is NOT NULL, and then uses no index WHERE b IS NOT NULL.
        const never = await unserved(catalog, redundant.keys())
        redundantSeen += redundant.size
        unusedSeen += unused.length
        for (const name of shuffled([...redundant.keys(), ...unused], seed)) await db.client.query(`drop index ${name}`)
        expect(await rules(catalog)).toEqual(before)
        expect(await unserved(catalog, redundant.keys())).toEqual(never)
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
    expect(redundantSeen).toBeGreaterThan(RUNS / 8)
    expect(unusedSeen).toBeGreaterThan(RUNS / 2)
  }, 300_000)

  it(
    'leaves every rule and every key where each drop is followed by another look',
    () =>
      fc.assert(
        fc.asyncProperty(randomCatalog, fc.nat(1e6), async (catalog, seed) => {
          await make(catalog)
          const before = await rules(catalog)
          for (let round = 0; ; round++) {
            const { redundant, unused } = await proposed()
            const [next] = shuffled([...redundant.keys(), ...unused], seed + round)
            if (next === undefined) break
            await db.client.query(`drop index ${next}`)
          }
          expect(await rules(catalog)).toEqual(before)
        }),
        { numRuns: 5, endOnFailure: true },
      ),
    300_000,
  )

  it(
    'is what monitor_index_health calls redundant',
    () =>
      fc.assert(
        fc.asyncProperty(randomCatalog, async (catalog) => {
          await make(catalog)
          const told = async () => {
            const { redundant } = await proposed()
            const rows = await runRead(db.target, monitorIndexHealth, {})
            if (!rows.ok) throw new Error(rows.problem.message)
            const said = rows.value.flatMap(({ index_name: name, recommendation }) => {
              const [, why] = /^REDUNDANT - (.*)$/.exec(recommendation) ?? []
              return why ? [[name, why]] : []
            })
            return [Object.fromEntries(redundant), Object.fromEntries(said)]
          }
          const [console, sql] = await told()
          expect(sql).toEqual(console)
        }),
        { numRuns: RUNS, endOnFailure: true },
      ),
    300_000,
  )
})
