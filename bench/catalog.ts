/**
 * A catalog of 10,000 tables and 30,000 indexes: what the index page makes of it, and every page.
 *
 *   npm run -s bench:catalog                     makes the catalog on embedded servers of 14 and 18, and measures
 *   npm run -s bench:catalog -- --url ADDRESS    measures a database that is there, on a server of this machine
 *   npm run -s bench:catalog -- --pages          only the pages
 *
 * Printed: the time of each statement of the index page alone, as psql would run it (simple protocol, rows fetched, none parsed); the
 * server time of listIndexes, which is those statements and all that the console does with their rows; the ratio of the two. Then every page
 * of a database and of a server: its time, what it takes of processors, the size of its HTML. Exit status 1 when the ratio is above 1.5, a
 * statement above 2 s, the overview above 0.4 s of processors, another page above 1 s, or HTML above 300 kB.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import { databaseSize } from '../db/databases/reads/database-size'
import { statisticsWindow } from '../db/databases/reads/statistics-window'
import type { Major } from '../db/embedded/binaries'
import { listIndexes } from '../db/indexes/list-indexes'
import { foreignKeyIndexes } from '../db/indexes/reads/foreign-key-indexes'
import { indexBloatEstimate } from '../db/indexes/reads/index-bloat-estimate'
import { indexHealth } from '../db/indexes/reads/index-health'
import { redundantPairs } from '../db/indexes/reads/redundant-pairs'
import { closePools } from '../db/server/pool'
import { forgetReads, variant } from '../db/server/run-read'
import { targetFromUrl } from '../db/server/target-url'
import { measurePages } from './catalog-pages'
import { makeCatalog } from './catalog-tables'
import { analyzeCatalogs, connect, withServer } from './own-server'

const ROUNDS = 7
const LIMIT = { ratio: 1.5, statementMs: 2_000 }

const { values: options } = parseArgs({ options: { url: { type: 'string' }, pages: { type: 'boolean', default: false } } })

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Runs a statement as psql does: simple protocol, every row received, no value converted. */
const fetchRows = (client: Client, text: string) =>
  client.query({ text, rowMode: 'array', types: { getTypeParser: () => (value: string) => value } })

async function measure(url: string): Promise<boolean> {
  const client = await connect(url)
  await client.query('set jit = off') // as runRead does
  const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as major")
  const statements = [indexHealth, foreignKeyIndexes, redundantPairs, indexBloatEstimate, statisticsWindow, databaseSize].map(
    (read) => [read.name, variant(read, rows[0].major)] as const,
  )
  const target = targetFromUrl('bench', url)
  const problems = new Set<string>()
  const list = async () => {
    forgetReads()
    const result = await listIndexes(target, {}, [])
    if (!result.ok) throw new Error(result.problem.message)
    for (const { part, problem } of result.value.problems) problems.add(`${part}: ${problem.message}`)
    return result.value
  }
  const times = new Map<string, number[]>(statements.map(([name]) => [name, []]))
  const cold = new Map<string, number>()
  for (const [name, text] of statements) {
    const fresh = await connect(url)
    cold.set(name, await timed(() => fetchRows(fresh, text)))
    await fresh.end()
  }
  const pages: number[] = []
  // One after the other in each round, so that both see the machine in the same mood.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, text] of statements) times.get(name)?.push(await timed(() => fetchRows(client, text)))
    pages.push(await timed(list))
  }
  const { total, rows: page } = await list()
  const again = await timed(() => listIndexes(target, { sort: 'name', dir: 'asc' }, []))
  await client.end()

  const sql = [...times.values()].reduce((sum, all) => sum + median(all), 0)
  console.log(`${total} indexes, ${page.length} rows on the page, median of ${ROUNDS} rounds, ms`)
  for (const [name, all] of times)
    console.log(`  ${name.padEnd(24)} ${median(all).toFixed(0).padStart(6)}   first on a new connection ${cold.get(name)?.toFixed(0)}`)
  const ratio = median(pages) / sql
  console.log(`  ${'all statements'.padEnd(24)} ${sql.toFixed(0).padStart(6)}`)
  console.log(
    `  ${'listIndexes'.padEnd(24)} ${median(pages).toFixed(0).padStart(6)}   another sort within the life of the answer ${again.toFixed(0)}`,
  )
  console.log(`  ratio ${ratio.toFixed(2)} (at most ${LIMIT.ratio})`)
  for (const problem of problems) console.log(`  problem: ${problem}`)
  const slowest = Math.max(...[...times.values()].map(median), ...cold.values())
  return problems.size === 0 && ratio <= LIMIT.ratio && slowest <= LIMIT.statementMs
}

async function onServerOfOurOwn(major: Major): Promise<boolean> {
  const settings = { fsync: 'off', autovacuum: 'off' } // as just restored: the planner knows nothing of the catalog
  return withServer(major, settings, async (url) => {
    const client = await connect(url)
    console.log(`Making 10,000 tables with 30,000 indexes on ${major} …`)
    await makeCatalog(client)
    console.log('Catalog without statistics:')
    const fresh = options.pages || (await measure(url))
    await analyzeCatalogs(client)
    await client.end()
    console.log('Catalog with statistics:')
    const known = options.pages || (await measure(url))
    return (await measurePages(url)) && known && fresh
  })
}

const results = []
if (options.url) results.push(options.pages || (await measure(options.url)), await measurePages(options.url))
else for (const major of [14, 18] as const) results.push(await onServerOfOurOwn(major))
await closePools()
process.exitCode = results.every(Boolean) ? 0 : 1
