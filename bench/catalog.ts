/**
 * The index page on a catalog of 10,000 tables and 30,000 indexes.
 *
 *   npm run -s bench:catalog                     makes the catalog on an embedded server of its own, and measures
 *   npm run -s bench:catalog -- --url ADDRESS    measures a database that is there
 *
 * Printed: the time of each statement alone, as psql would run it (simple protocol, rows fetched, none parsed); the
 * server time of listIndexes, which is those statements and all that the console does with their rows; the ratio of
 * the two; and the size of the page's HTML. Exit status 1 when the ratio is above 1.5, a statement above 2 s, or the HTML
 * above 300 kB.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { Client } from 'pg'
import { findBrowser } from '../bin/browser'
import { databaseSize } from '../db/databases/reads/database-size'
import { statisticsWindow } from '../db/databases/reads/statistics-window'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { listIndexes } from '../db/indexes/list-indexes'
import { foreignKeyIndexes } from '../db/indexes/reads/foreign-key-indexes'
import { indexBloatEstimate } from '../db/indexes/reads/index-bloat-estimate'
import { indexHealth } from '../db/indexes/reads/index-health'
import { redundantPairs } from '../db/indexes/reads/redundant-pairs'
import { closePools } from '../db/server/pool'
import { forgetReads, variant } from '../db/server/run-read'
import { targetFromUrl } from '../db/server/target-url'
import { signUp } from '../e2e/sign-up'
import { startConsoleOn } from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'
import { makeCatalog } from './catalog-tables'

const ROUNDS = 7
const LIMIT = { ratio: 1.5, statementMs: 2_000, htmlBytes: 300 * 1024 }

const { values: options } = parseArgs({ options: { url: { type: 'string' } } })

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Runs a statement as psql does: simple protocol, every row received, no value converted. */
const fetchRows = (client: Client, text: string) =>
  client.query({ text, rowMode: 'array', types: { getTypeParser: () => (value: string) => value } })

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // the server is stopped at the end, whoever is still connected
  await client.connect()
  return client
}

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

/** The index page of the production build on this database: its HTML as a browser gets it, before compression. */
async function measurePage(url: string): Promise<boolean> {
  const database = new URL(url).pathname.slice(1)
  const { stop } = await startConsoleOn({ DATABASE_URL: url })
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
  const page = await browser.newPage()
  await signUp(page)
  const response = await page.request.get(`${process.env.PROCTOR_TEST_ORIGIN}/main/db/${database}/indexes`)
  const { length } = await response.body()
  await browser.close()
  await stop()
  console.log(`  HTML of the index page ${(length / 1024).toFixed(0)} kB (at most ${LIMIT.htmlBytes / 1024})`)
  return response.status() === 200 && length <= LIMIT.htmlBytes
}

async function onServerOfOurOwn(): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-catalog-'))
  await chmod(folder, 0o755) // the account that the server runs as must get in
  const settings = { fsync: 'off', autovacuum: 'off' } // as just restored: the planner knows nothing of the catalog
  const cluster = await startCluster({
    major: 18,
    folder: path.join(folder, 'server'),
    port: await freePort(),
    password: 'bench',
    settings,
  })
  try {
    const client = await connect(cluster.url)
    console.log('Making 10,000 tables with 30,000 indexes …')
    await makeCatalog(client)
    await client.end()
    console.log('Catalog without statistics:')
    const fresh = await measure(cluster.url)
    const analyst = await connect(cluster.url)
    for (const table of ['pg_class', 'pg_index', 'pg_attribute', 'pg_constraint', 'pg_statistic'])
      await analyst.query(`vacuum analyze ${table}`)
    await analyst.end()
    console.log('Catalog with statistics:')
    const known = await measure(cluster.url)
    return (await measurePage(cluster.url)) && known && fresh
  } finally {
    await closePools()
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
}

const fine = options.url ? (await measure(options.url)) && (await measurePage(options.url)) : await onServerOfOurOwn()
await closePools()
process.exitCode = fine ? 0 : 1
