/**
 * What sampling costs a monitored server, and whether one worker keeps up with many databases.
 *
 *   npm run -s bench:sampling-cost
 *
 * (a) A server with 5,000 statements in pg_stat_statements and 10,000 tables is sampled as the worker does it, by a clock of
 * the bench's own. The time that the server spent on each task (pg_stat_statements: execution and planning of everything
 * with Proctor's marker) is weighed by how often the task comes, and printed as a share of one core: at most 1 %.
 * (b) 200 databases on one server: the time of a round of table statistics through all of them, which has to be shorter than
 * its interval of 60 s.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { registerServer } from '../db/console/servers'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools, limitConnections } from '../db/server/pool'
import { forgetReads } from '../db/server/run-read'
import { openSampler } from '../db/worker/sampling/sampler'
import { readSamplingSettings } from '../db/worker/sampling/sampling-settings'
import { makeCatalog } from './catalog-tables'

const STATEMENTS = 5_000
const TABLES = Number(process.env.BENCH_TABLES ?? 10_000)
const DATABASES = 200
const LIMIT_SHARE = 0.01
const INTERVAL_MS = 60_000
const MINUTES = 5

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // the server is stopped at the end, whoever is still connected
  await client.connect()
  return client
}

const OWN = `select coalesce(sum(total_exec_time + total_plan_time), 0) as ms from pg_stat_statements where query ~ '/\\* proctor[ :]'`

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-cost-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const settings = {
  fsync: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '8000',
  'pg_stat_statements.track_planning': 'on',
}
const cluster = await startCluster({ major: 18, folder: path.join(folder, 'server'), port: await freePort(), password: 'bench', settings })
try {
  const client = await connect(cluster.url)
  await client.query('create database console')
  await client.query('create extension pg_stat_statements')
  const home = new URL(cluster.url)
  home.pathname = '/console'
  await migrateConsole(home.href)
  process.env.PROCTOR_CONSOLE_URL = home.href
  process.env.DATABASE_URL = cluster.url
  process.env.PROCTOR_SECRET ??= 'a key for the audit of a bench, and nothing else'
  limitConnections(1) // as in the worker
  await registerServer({ id: 'bench', name: 'bench', source: 'environment', database: 'postgres' })
  console.log(`Making ${TABLES} tables and ${STATEMENTS} statements …`)
  await makeCatalog(client, TABLES)
  for (let n = 0; n < STATEMENTS; n++)
    await client.query(`select count(*) from tenant_${1 + (n % TABLES)} where id = ${n}${' or id is null'.repeat(n / TABLES)}`)
  for (const table of ['pg_class', 'pg_index', 'pg_attribute', 'pg_constraint', 'pg_statistic'])
    await client.query(`vacuum analyze ${table}`)

  let clock = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const sampler = await openSampler(readSamplingSettings({}), {
    wall: () => new Date(clock),
    monotonic: () => clock,
    ofServer: () => clock,
  })
  await sampler.housekeeping()
  const turn = async (ms: number) => {
    clock += ms
    forgetReads()
    if (!(await sampler.turn('bench'))) throw new Error('The server was not sampled')
  }
  const spent = async () => Number((await client.query(OWN)).rows[0].ms)
  // The first turn is the hourly one: everything at once, with the texts of all statements.
  const before = await spent()
  await turn(10_000)
  const first = (await spent()) - before
  const usual = await spent()
  for (let n = 0; n < MINUTES * 6; n++) {
    for (let at = 0; at < 20; at++) await client.query(`select count(*) from tenant_${1 + at} where id = ${at}`)
    await turn(10_000)
  }
  const minute = ((await spent()) - usual) / MINUTES
  const share = minute / 60_000 + first / 3_600_000
  console.log(
    `(a) load ${loadavg()[0]?.toFixed(1)}: ${minute.toFixed(0)} ms a minute, ${first.toFixed(0)} ms more an hour (texts of all statements included)`,
  )
  console.log(`    ${(share * 100).toFixed(2)} % of one core (at most ${LIMIT_SHARE * 100} %)`)

  console.log(`Making ${DATABASES} databases …`)
  for (let n = 0; n < DATABASES; n++) await client.query(`create database shop_${n} strategy file_copy`)
  await turn(3_600_000)
  const busy = async (n: number) => {
    const url = new URL(cluster.url)
    url.pathname = `/shop_${n}`
    const one = await connect(url.href)
    await one.query('create table if not exists t (id int); insert into t select generate_series(1, 10)')
    await one.end()
  }
  for (let n = 0; n < DATABASES; n++) await busy(n)
  const started = performance.now()
  await turn(60_000)
  const took = performance.now() - started
  const visited = await connect(home.href)
  const { rows } = await visited.query(`select count(*)::int as n from sampling_turn where task = 'tables' and at >= to_timestamp($1)`, [
    clock / 1000,
  ])
  await visited.end()
  console.log(
    `(b) load ${loadavg()[0]?.toFixed(1)}: ${rows[0].n} databases in ${(took / 1000).toFixed(1)} s (at most ${INTERVAL_MS / 1000} s)`,
  )
  await sampler.close()
  await client.end()
  process.exitCode = share <= LIMIT_SHARE && took <= INTERVAL_MS && rows[0].n >= DATABASES ? 0 : 1
} finally {
  await closePools()
  await closeConsole()
  await cluster.stop('immediate')
  await rm(folder, { recursive: true, force: true })
}
