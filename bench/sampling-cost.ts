/**
 * What sampling costs a monitored server, what its history takes on disk, and whether one worker keeps up with many databases.
 *
 *   npm run -s bench:sampling-cost
 *
 * (a) A server with 5,000 statements in pg_stat_statements, 10,000 tables and a replication slot is sampled as the worker does it, by a
 * clock of the bench's own. The processors that the server took for each turn (proc(5); the console has a server of its own) are weighed by
 * how often the turn comes, and printed as a share of one core: at most 0.5 %.
 * (b) Bytes that the rows of a day take in each series, at the step in which they are written; what rolls them up keeps less.
 * (c) 200 databases on one server: the time of a round of table statistics through all of them, which has to be shorter than
 * its interval of 60 s.
 */
import { loadavg } from 'node:os'
import process from 'node:process'
import type { Client } from 'pg'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { registerServer } from '../db/console/servers'
import { SERIES, tableOf } from '../db/history/series'
import { limitConnections } from '../db/server/pool'
import { forgetReads } from '../db/server/run-read'
import { openSampler, type Sampler } from '../db/worker/sampling/sampler'
import { readSamplingSettings } from '../db/worker/sampling/sampling-settings'
import { makeCatalog } from './catalog-tables'
import { parentOf, serverCpuMs } from './cpu'
import { analyzeCatalogs, connect, withServer } from './own-server'

const STATEMENTS = 5_000
const TABLES = Number(process.env.BENCH_TABLES ?? 10_000)
const DATABASES = Number(process.env.BENCH_DATABASES ?? 200)
const LIMIT_SHARE = 0.005
const INTERVAL_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** As often as the fastest of the samples comes. */
const TURN_MS = 10_000
const MINUTES = 5
const MANY_ROWS = 20_000

interface Sampling {
  sampler: Sampler
  client: Client
  home: Client
  /** Takes what is due after so much time. Gives back ms of processors that the server took. */
  turn: (ms: number) => Promise<number>
  now: () => number
}

async function makeLoad(client: Client): Promise<void> {
  await client.query('create extension pg_stat_statements')
  await client.query(`select pg_create_physical_replication_slot('standby', true)`)
  console.log(`Making ${TABLES} tables and ${STATEMENTS} statements …`)
  await makeCatalog(client, TABLES)
  for (let n = 0; n < STATEMENTS; n++)
    await client.query(`select count(*) from tenant_${1 + (n % TABLES)} where id = ${n}${' or id is null'.repeat(n / TABLES)}`)
  await analyzeCatalogs(client)
}

/** (a) and (b). */
async function cost({ client, home, turn }: Sampling): Promise<boolean> {
  // The first turn is the hourly one: everything at once, with the texts of all statements.
  const first = await turn(TURN_MS)
  const hourly = await sizes(home)
  let usual = 0
  for (let n = 0; n < (MINUTES * INTERVAL_MS) / TURN_MS; n++) {
    for (let at = 0; at < 20; at++) await client.query(`select count(*) from tenant_${1 + at} where id = ${at}`)
    usual += await turn(TURN_MS)
  }
  const minute = usual / MINUTES
  const share = minute / INTERVAL_MS + first / HOUR_MS
  console.log(
    `(a) load ${loadavg()[0]?.toFixed(1)}: ${minute.toFixed(0)} ms of processors a minute, ${first.toFixed(0)} ms more an hour (texts of all statements included)`,
  )
  console.log(`    ${(share * 100).toFixed(2)} % of one core (at most ${LIMIT_SHARE * 100} %)`)
  const minutely = await sizes(home)
  const rows = SERIES.map(({ name }, at) => {
    const [before, after] = [hourly[at], minutely[at]]
    if (!before || !after) throw new Error(`${name} was not measured`)
    const perRow = after.bytesPerRow
    const perDay =
      after.rows > before.rows ? ((after.rows - before.rows) * DAY_MS) / (MINUTES * INTERVAL_MS) : (after.rows * DAY_MS) / HOUR_MS
    return {
      series: name,
      'step, s': after.step,
      'rows a day': Math.round(perDay),
      'bytes a row': Math.round(perRow),
      'MB a day': (perDay * perRow) / 1e6,
    }
  })
  console.log('(b)')
  console.table(rows.map((row) => ({ ...row, 'MB a day': Number(row['MB a day'].toFixed(2)) })))
  console.log(`    ${rows.reduce((sum, row) => sum + row['MB a day'], 0).toFixed(1)} MB a day in all`)
  return share <= LIMIT_SHARE
}

/** Rows of each series at its finest step, and what one takes with its indexes. */
async function sizes(home: Client): Promise<{ step: number; rows: number; bytesPerRow: number }[]> {
  const found = []
  for (const series of SERIES) {
    const step = series.steps[0] as number
    const table = tableOf(series, step)
    const { rows } = await home.query(`select count(*)::int as rows from ${table}`)
    found.push({ step, rows: rows[0].rows, bytesPerRow: rows[0].rows > 0 ? await bytesPerRow(home, table, rows[0].rows) : 0 })
  }
  return found
}

/** As many rows as fill pages, for a few of them take whole ones: those that there are, again and again at later times. */
async function bytesPerRow(home: Client, table: string, rows: number): Promise<number> {
  const { rows: columns } = await home.query<{ attname: string }>(
    `select attname from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped order by attnum`,
  )
  const names = columns.map(({ attname }) => attname)
  const times = Math.ceil(MANY_ROWS / rows)
  await home.query(`create temp table many (like ${table} including all)`)
  await home.query(
    `insert into many (${names.join()}) select ${names.map((name) => (name === 'at' ? `at + n * interval '1 day'` : name)).join()}
       from ${table}, generate_series(1, ${times}) n`,
  )
  const { rows: sized } = await home.query(`select pg_total_relation_size('many')::float8 / (select count(*) from many) as bytes`)
  await home.query('drop table many')
  return sized[0].bytes
}

/** (c) */
async function manyDatabases({ client, home, turn, now }: Sampling, url: string): Promise<boolean> {
  console.log(`Making ${DATABASES} databases …`)
  for (let n = 0; n < DATABASES; n++) await client.query(`create database shop_${n} strategy file_copy`)
  await turn(HOUR_MS)
  for (let n = 0; n < DATABASES; n++) {
    const shop = new URL(url)
    shop.pathname = `/shop_${n}`
    const one = await connect(shop.href)
    await one.query('create table if not exists t (id int); insert into t select generate_series(1, 10)')
    await one.end()
  }
  const started = performance.now()
  await turn(INTERVAL_MS)
  const took = performance.now() - started
  const { rows } = await home.query(`select count(*)::int as n from sampling_turn where task = 'tables' and at >= to_timestamp($1)`, [
    now() / 1000,
  ])
  console.log(
    `(c) load ${loadavg()[0]?.toFixed(1)}: ${rows[0].n} databases in ${(took / 1000).toFixed(1)} s (at most ${INTERVAL_MS / 1000} s)`,
  )
  return took <= INTERVAL_MS && rows[0].n >= DATABASES
}

async function measure(url: string, consoleUrl: string): Promise<boolean> {
  await migrateConsole(consoleUrl)
  process.env.PROCTOR_CONSOLE_URL = consoleUrl
  process.env.DATABASE_URL = url
  process.env.PROCTOR_SECRET ??= 'a key for the audit of a bench, and nothing else'
  limitConnections(1) // as in the worker
  await registerServer({ id: 'bench', name: 'bench', source: 'environment', database: 'postgres' })
  const [client, home] = [await connect(url), await connect(consoleUrl)]
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const postmaster = parentOf(rows[0].pid)
  await makeLoad(client)
  let clock = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
  const sampler = await openSampler(readSamplingSettings({}), {
    wall: () => new Date(clock),
    monotonic: () => clock,
    ofServer: () => clock,
  })
  await sampler.housekeeping()
  const turn = async (ms: number) => {
    clock += ms
    forgetReads()
    const before = serverCpuMs(postmaster)
    if (!(await sampler.turn('bench'))) throw new Error('The server was not sampled')
    return serverCpuMs(postmaster) - before
  }
  const sampling = { sampler, client, home, turn, now: () => clock }
  try {
    const cheap = await cost(sampling)
    return (await manyDatabases(sampling, url)) && cheap
  } finally {
    await sampler.close()
    await client.end()
    await home.end()
    await closeConsole()
  }
}

const settings = {
  fsync: 'off',
  autovacuum: 'off', // what it does meanwhile is not ours
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '8000',
  'pg_stat_statements.track_planning': 'on',
}
const fine = await withServer(18, { fsync: 'off' }, (home) => withServer(18, settings, (url) => measure(url, home)))
process.exitCode = fine ? 0 : 1
