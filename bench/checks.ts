/**
 * What the checks cost a monitored server, and whether one that is healthy is left in peace.
 *
 *   npm run -s bench:checks                     on embedded servers of 14 and 18
 *   npm run -s bench:checks -- --url ADDRESS    (a) on a server of this machine that is there
 *
 * (a) The worker's checks look for an hour, by a clock of the bench's own, at a database of 10,000 tables and 30,000 indexes: each as often
 * as it is due, sharing what they read as they do in the worker. The sum is the time of processors that the server took (proc(5)): at most
 * 5 s. Then each check alone, with nothing shared.
 * (b) Every major as initdb makes it, once as a superuser and once as a role with pg_monitor: findings that are not true of every new
 * server: none.
 */
import { loadavg } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import type { Check, Past } from '../db/checks/define-check'
import { CHECKS } from '../db/checks/registry'
import { runChecks } from '../db/checks/run-checks'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { registerServer } from '../db/console/servers'
import { MAJORS, type Major } from '../db/embedded/binaries'
import { cadenceOf } from '../db/findings/due'
import { pastOf } from '../db/history/past'
import { READS } from '../db/reads/registry'
import { closePools, limitConnections } from '../db/server/pool'
import { forgetReads } from '../db/server/run-read'
import type { Target } from '../db/server/target'
import { targetFromUrl } from '../db/server/target-url'
import { openChecker } from '../db/worker/checks/checker'
import { AS_IT_COMES, knownOf } from '../test/support/known-findings'
import { makeCatalog } from './catalog-tables'
import { parentOf, serverCpuMs } from './cpu'
import { analyzeCatalogs, connect, withServer } from './own-server'

const TABLES = Number(process.env.BENCH_TABLES ?? 10_000)
const LIMIT_MS = 5_000
/** A machine that is busy with something else is no reason for time-outs here: the time of processors is what counts. */
for (const read of READS) Object.assign(read, { timeout: 60_000 })
const MINUTE_MS = 60_000
const AN_HOUR = 60
/** How often a check is asked alone: those of the minute take less than a tick of the counters. */
const ALONE = { minute: 20, hour: 2 }
/** Of what a check takes alone: less than this an hour is not worth a line, ms. */
const SHOWN_MS = 20

const { values: options } = parseArgs({ options: { url: { type: 'string' } } })

/** (a) Whether an hour of checks stays below the limit. */
async function cost(url: string, home: Client): Promise<boolean> {
  const client = await connect(url)
  const { rows } = await client.query(
    `select pg_backend_pid() as pid, current_setting('server_version') as version, (select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace)::int as tables`,
  )
  const [{ pid, version, tables }] = rows
  const postmaster = parentOf(pid)
  await client.end()
  process.env.DATABASE_URL = url
  const database = new URL(url).pathname.slice(1)
  const id = `bench-${new URL(url).port}`
  await registerServer({ id, name: id, source: 'environment', database })
  let clock = Date.now()
  const checker = openChecker({ now: () => clock })
  const each: number[] = []
  for (let minute = 0; minute < AN_HOUR; minute++) {
    forgetReads() // what one minute has read does not serve the next
    const before = serverCpuMs(postmaster)
    if ((await checker.turn(id)) === null) throw new Error('The server was not looked at')
    each.push(serverCpuMs(postmaster) - before)
    clock += MINUTE_MS
  }
  const { rows: looks } = await home.query<{ check_name: string; problem: { message: string } | null }>(
    'select check_name, problem from check_look',
  )
  for (const { check_name, problem } of looks) if (problem) throw new Error(`${check_name}: ${problem.message}`)
  const hour = each.reduce((sum, ms) => sum + ms, 0)
  console.log(
    `(a) PostgreSQL ${version}, ${tables} tables, load ${loadavg()[0]?.toFixed(1)}: ${(hour / 1000).toFixed(1)} s of processors an hour (at most ${LIMIT_MS / 1000} s), of it ${((each[0] ?? 0) / 1000).toFixed(1)} s in the minute of the hourly checks`,
  )

  const target = targetFromUrl(id, url)
  const past = pastOf(id)
  const alone = []
  for (const check of CHECKS) {
    const cadence = cadenceOf(check)
    let [found, spent] = [0, 0]
    for (let n = 0; n < ALONE[cadence]; n++) {
      const one = await lookAlone(check, target, past, postmaster)
      found = one.found
      spent += one.ms
    }
    const once = spent / ALONE[cadence]
    alone.push({
      check: check.name,
      findings: found,
      'once, ms': Math.round(once),
      'an hour, ms': once * (cadence === 'minute' ? AN_HOUR : 1),
    })
  }
  const shown = alone.filter((one) => one['an hour, ms'] >= SHOWN_MS).sort((a, b) => b['an hour, ms'] - a['an hour, ms'])
  console.table(shown.map((one) => ({ ...one, 'an hour, ms': Math.round(one['an hour, ms']) })))
  return hour <= LIMIT_MS
}

/** One look with nothing shared. */
async function lookAlone(check: Check, target: Target, past: Past, postmaster: number): Promise<{ found: number; ms: number }> {
  forgetReads()
  const before = serverCpuMs(postmaster)
  const look = await check.look(target, past)
  if (!look.ok) throw new Error(`${check.name}: ${look.problem.message}`)
  return { found: look.value.length, ms: serverCpuMs(postmaster) - before }
}

/** (b) What the checks find on a server that nobody has touched, and that is not true of every such server. */
async function falseAlarms(major: Major): Promise<string[]> {
  return withServer(major, AS_IT_COMES, async (url) => {
    const client = await connect(url)
    await client.query(`create role watcher login password 'watcher' in role pg_monitor`)
    await client.end()
    const watcher = new URL(url)
    Object.assign(watcher, { username: 'watcher', password: 'watcher' })
    const alarms = []
    for (const as of [url, watcher.href]) {
      forgetReads()
      const outcomes = await runChecks(targetFromUrl(`healthy-${major}`, as))
      const known = knownOf(major)
      alarms.push(...outcomes.flatMap(({ problem, name }) => (problem ? [`${name}: ${problem.message}`] : [])))
      alarms.push(
        ...outcomes.flatMap(({ name, findings }) => (known.includes(name) ? [] : findings.map(({ title }) => `${name}: ${title}`))),
      )
      await closePools()
    }
    console.log(`(b) PostgreSQL ${major}: ${alarms.length === 0 ? 'no false alarm' : alarms.join('; ')}`)
    return alarms
  })
}

async function costOfMajor(major: Major, home: Client): Promise<boolean> {
  const settings = { fsync: 'off', shared_preload_libraries: 'pg_stat_statements' }
  return withServer(major, settings, async (url) => {
    const client = await connect(url)
    await client.query('create extension pg_stat_statements')
    console.log(`Making ${TABLES} tables on ${major} …`)
    await makeCatalog(client, TABLES)
    await analyzeCatalogs(client)
    await client.end()
    return cost(url, home)
  })
}

// The console has a server of its own: what it takes is not the monitored one's.
const cheap = await withServer(18, { fsync: 'off' }, async (url) => {
  await migrateConsole(url)
  process.env.PROCTOR_CONSOLE_URL = url
  process.env.PROCTOR_SECRET ??= 'a key for the audit of a bench, and nothing else'
  limitConnections(1) // as in the worker
  const home = await connect(url)
  try {
    if (options.url) return await cost(options.url, home)
    const costs = []
    for (const major of [14, 18] as const) costs.push(await costOfMajor(major, home))
    return costs.every(Boolean)
  } finally {
    await home.end()
    await closeConsole()
  }
})
const alarms = []
for (const major of options.url ? [] : MAJORS) alarms.push(...(await falseAlarms(major)))
process.exitCode = cheap && alarms.length === 0 ? 0 : 1
