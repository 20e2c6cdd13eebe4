import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Command } from 'commander'
import { Client } from 'pg'
import { MAJORS, type Major } from '../db/embedded/binaries'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'
import { type History, hardHistories, live, moreHistories, ordinaryHistories, tableOf } from './bloat-lab-histories'
import { type Case, type Measured, measureAll, rebuildAll } from './bloat-lab-measure'
import { hard, ordinary, type Shape } from './bloat-lab-shapes'
import { more } from './bloat-lab-shapes-more'
import { report } from './bloat-lab-table'

const options = new Command('bench:bloat')
  .description('Bloated b-trees: what each way of measuring says, against what REINDEX gives back')
  .option('--rows <n>', 'rows a table', '100000')
  .option('--seed <n>', 'seed of the data', '1')
  .option('--major <n>', `PostgreSQL major: ${MAJORS.join(', ')}`, '18')
  .option('--set <name>', 'only this set: ordinary, hard or more')
  .option('--only <text>', 'only shapes whose name holds this text')
  .option('--details', 'one line an index')
  .option('--url <url>', 'use this running server instead of one of its own; a database lab_… is made there')
  .parse()
  .opts<{ rows: string; seed: string; major: string; only?: string; set?: string; details?: boolean; url?: string }>()

const started = Date.now()
const say = (text: string) => process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-bloat-'))
await chmod(folder, 0o755)
const settings = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', shared_buffers: '256MB', max_wal_size: '4GB' }
const cluster = options.url
  ? undefined
  : await startCluster({
      major: Number(options.major) as Major,
      folder: path.join(folder, 'server'),
      port: await freePort(),
      password: 'lab',
      settings,
    })
const end = async () => {
  await closePools()
  await cluster?.stop('immediate')
  await rm(folder, { recursive: true, force: true })
}
process.once('SIGINT', () => end().then(() => process.exit(130)))

let missed = true
try {
  missed = await lab(new URL(options.url ?? cluster?.url ?? ''))
} finally {
  await end()
}
process.exit(missed ? 1 : 0)

/** Builds, measures, rebuilds, prints. True when a target was missed. */
async function lab(server: URL): Promise<boolean> {
  const rows = Number(options.rows)
  const wanted = (shape: Shape) => !options.only || shape.name.includes(options.only)
  const cases = (set: Case['set'], shapes: Shape[], histories: History[]) =>
    shapes
      .filter((shape) => wanted(shape) && (options.set ?? set) === set)
      .flatMap((shape) => histories.map((history) => ({ set, shape, history })))
  const waiting = [
    ...cases('ordinary', ordinary, ordinaryHistories),
    ...cases('hard', hard, hardHistories),
    ...cases('more', more, moreHistories),
  ]
  say(`building ${waiting.length} tables of ${rows} rows`)
  // a database each: an open snapshot in the same one would keep VACUUM from removing rows
  const built = await Promise.all([0, 1, 2].map((at) => build(server, at, waiting, rows)))
  say('measuring')
  const measured: Measured[] = []
  for (const { url, done } of built) measured.push(...(await measureAll(url, done)))
  say('REINDEX')
  for (const { url, done } of built)
    await rebuildAll(
      url,
      measured.filter((one) => done.some((case_) => case_.table === one.table)),
    )
  say('done')
  return report(measured, { rows, seed: options.seed, details: options.details ?? false })
}

/** Takes cases from the list until there are none, and builds them in a database of its own. */
async function build(server: URL, at: number, waiting: Omit<Case, 'table'>[], rows: number): Promise<{ url: URL; done: Case[] }> {
  const url = new URL(server)
  url.pathname = `/lab_${process.pid}_${at}`
  await query(server, `create database ${url.pathname.slice(1)}`)
  await query(
    url,
    'create extension pgstattuple',
    'create extension pageinspect',
    'create extension citext',
    `create table lab as select ${rows}::bigint as n`,
    `create function h(bigint, bigint) returns bigint language sql immutable as
       $$ select hashint8extended($1, $2 + 1000003 * ${Number(options.seed)}) & 9223372036854775807 $$`,
  )
  const done: Case[] = []
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const one = { ...next, table: `t${at}_${done.length}` }
    done.push(one)
    await live(one.history, tableOf(one.table, one.shape, rows), () => connect(url))
  }
  return { url, done }
}

async function query(url: URL, ...statements: string[]): Promise<void> {
  const session = await connect(url)
  for (const statement of statements) await session.query(statement)
  await session.end()
}

async function connect(url: URL): Promise<Client> {
  const session = new Client({ connectionString: url.href })
  session.on('error', () => undefined) // the server is stopped when another one fails, which is then told
  await session.connect()
  return session
}
