/**
 * What the recommended settings bring on this machine: the same load on the same data, with PostgreSQL's defaults and with what
 * Proctor recommends, in alternating runs, and once with the settings of the LMS guide.
 *
 *   npm run -s bench:tuning
 *
 * Every run starts an embedded server of PostgreSQL 18 on a fresh copy of one data directory, so that no run meets what another
 * left behind. Measured in each: transactions a second of pgbench's TPC-B-like script over several connections, and rounds a
 * minute of read-only reports. The recommendation is that of the configuration page for a mixed load on this very machine.
 * Printed: both numbers of each pair with their ratio, then the median of the ratios and their spread. There is no limit: exit
 * status 1 only when something could not be run. BENCH_SCALE, _PAIRS, _SECONDS, _ROUNDS, _CONNECTIONS make it smaller or larger.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'
import { targetFromUrl } from '../db/server/target-url'
import { PARAMETERS } from '../db/settings/registry'
import { tuneServer } from '../db/settings/tune-server'
import { connect, makeTables, measureReports, measureTransfers } from './tuning-load'

const number = (name: string, preset: number) => Number(process.env[`BENCH_${name}`] ?? preset)
const [SCALE, PAIRS, SECONDS] = [number('SCALE', 15), number('PAIRS', 5), number('SECONDS', 12)]
const [ROUNDS, CONNECTIONS] = [number('ROUNDS', 1), number('CONNECTIONS', 8)]
const REPORTERS = 2
/** No further pair begins after so long: the whole stays below eight minutes. */
const PAIRS_MS = 5.5 * 60_000

type Settings = Record<string, string>
interface Measured {
  transfers: number
  reports: number
}

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-tuning-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const start = async (name: string, settings: Settings = {}) =>
  startCluster({ major: 18, folder: path.join(folder, name), port: await freePort(), password: 'bench', settings, binariesCopy: folder })

/** Makes the data, and asks what this machine should have. */
async function prepare(): Promise<{ recommended: Settings; heading: string }> {
  const cluster = await start('made')
  try {
    const client = await connect(cluster.url)
    await makeTables(client, SCALE)
    const { rows } = await client.query('select pg_size_pretty(pg_database_size(current_database())) as size')
    await client.end()
    const tuning = await tuneServer(targetFromUrl('bench', cluster.url), { profile: { workload: 'mixed' } })
    await closePools()
    if (!tuning.ok) throw new Error(tuning.problem.message)
    const changing = tuning.value.settings.filter(({ changes }) => changes)
    const recommended = Object.fromEntries(changing.map((one) => [one.name, one.recommended]))
    return { recommended, heading: `${tuning.value.heading}, data ${rows[0].size}` }
  } finally {
    await cluster.stop()
  }
}

async function measure(settings: Settings): Promise<Measured> {
  await promisify(execFile)('cp', ['-a', path.join(folder, 'made'), path.join(folder, 'run')])
  await promisify(execFile)('sync')
  const cluster = await start('run', settings)
  try {
    const reports = await measureReports(cluster.url, REPORTERS, ROUNDS)
    const transfers = await measureTransfers(cluster.url, SCALE, CONNECTIONS, SECONDS)
    return { transfers, reports }
  } finally {
    await cluster.stop('immediate')
    await rm(path.join(folder, 'run'), { recursive: true, force: true })
  }
}

const ratioOf = (then: Measured, now: Measured): Measured => ({
  transfers: now.transfers / then.transfers,
  reports: now.reports / then.reports,
})

const print = (words: string, a: Measured, b: Measured): void => {
  const { transfers, reports } = ratioOf(a, b)
  console.log(
    `  ${words.padEnd(10)} TPC-B ${a.transfers.toFixed(0).padStart(6)} → ${b.transfers.toFixed(0).padStart(6)} a second, ${transfers.toFixed(2)} times` +
      `     reports ${a.reports.toFixed(1).padStart(6)} → ${b.reports.toFixed(1).padStart(6)} rounds a minute, ${reports.toFixed(2)} times` +
      `     load ${loadavg()[0]?.toFixed(1)}`,
  )
}

function summary(name: string, ratios: number[]): void {
  const sorted = [...ratios].sort((a, b) => a - b)
  const half = sorted.length / 2
  const median = ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
  console.log(
    `  ${name.padEnd(10)} median ${median.toFixed(2)} times the default, ${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)} over ${sorted.length} pairs`,
  )
}

try {
  console.log(`Making the data, scale ${SCALE} …`)
  const { recommended, heading } = await prepare()
  console.log(
    `${heading}\n${Object.entries(recommended)
      .flatMap(([name, value]) => `  ${name} = ${value}`)
      .join('\n')}`,
  )
  console.log(`Defaults → recommended; ${REPORTERS} connections that read, then ${CONNECTIONS} that write for ${SECONDS} s`)
  const ratios: Measured[] = []
  for (let pair = 1; pair <= PAIRS && performance.now() < PAIRS_MS; pair++) {
    const [defaults, tuned] = [await measure({}), await measure(recommended)]
    ratios.push(ratioOf(defaults, tuned))
    print(`pair ${pair}`, defaults, tuned)
  }
  console.log("Defaults → the guide's settings, once")
  const guide = Object.fromEntries(PARAMETERS.flatMap((one) => (one.guide ? [[one.name, one.guide.value]] : [])))
  print('guide', await measure({}), await measure(guide))
  console.log('Recommended settings')
  summary(
    'TPC-B',
    ratios.map(({ transfers }) => transfers),
  )
  summary(
    'reports',
    ratios.map(({ reports }) => reports),
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
