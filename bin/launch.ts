/** `npm start`: everything from a built checkout to a served console, and the orderly end of it. */
import { createServer } from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { sealAudit } from '../db/console/audit-seal'
import { closeConsole, consoleDb } from '../db/console/client'
import { doubtSentences } from '../db/console/doubt-sentences'
import type { Doubt } from '../db/console/place'
import { registerServer } from '../db/console/servers'
import { setUpToken } from '../db/console/set-up'
import { settlePlace } from '../db/console/which-console'
import { endChildren } from '../db/embedded/child'
import { keep } from '../db/embedded/keep'
import { adoptOwn } from '../db/runs/adopt-own'
import { addressOfSettings } from '../db/server/target-url'
import { build, buildIsStale } from './build'
import { checkProvider } from './check-provider'
import { checkServer } from './check-server'
import { type Claim, claimFolder } from './claim-folder'
import { eventsWritten, noteEvent } from './console-events'
import { dataFolder } from './data-folder'
import { homeOf } from './home'
import { startWeb, startWorkerProcess, toldOf } from './parts'
import { prepareConsole } from './prepare-console'
import { makeSampleDatabase } from './sample'
import { sealedElsewhere } from './sealed-elsewhere'
import { type Secrets, secrets } from './secrets'
import { sentenceOf, withServer } from './sentence'
import {
  CONSOLE_DATABASE,
  checkBinaries,
  ensureDatabase,
  releaseNote,
  releaseOf,
  SAMPLE_DATABASE,
  startConsoleServer,
  startSampleServer,
} from './servers'
import { readSettings, type Settings, UserError } from './settings'
import { step } from './steps'

/** The release of the embedded servers, as server_version_num; undefined where none was started. */
let ownRelease: number | undefined

/** Everything that has to be ended, in the order in which it was started. */
const running: { name: string; stop: () => Promise<void> }[] = []
let stopping = false
let claim: Claim | undefined
/** Whether the console has served. */
let served = false

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const folder = await dataFolder(settings.PROCTOR_DATA_DIR)
  claim = await claimFolder(folder)
  await portIsFree(settings, claim.afterCrash ? LEAVES_MS : 0)
  if (settings.DATABASE_URL) await checkServer('DATABASE_URL', settings.DATABASE_URL)
  if (settings.PROCTOR_DATABASE_URL) await checkServer('PROCTOR_DATABASE_URL', settings.PROCTOR_DATABASE_URL)
  if (settings.PROCTOR_POSTGRES_BIN) await checkBinaries(settings.PROCTOR_POSTGRES_BIN, settings.PROCTOR_SAMPLE === 'on')
  const kept = await secrets(folder, () => withServer('PROCTOR_DATABASE_URL', undefined, () => sealedElsewhere(settings)))
  await checkProvider(process.env)
  const development = process.env.PROCTOR_DEVELOPMENT === '1'
  if (!development && (await buildIsStale())) await step('Building the pages (about a minute, once per change)', build)

  const everywhere = settings.HOST === '0.0.0.0' || settings.HOST === '::'
  const origin = settings.PROCTOR_ORIGIN ?? `http://${everywhere ? '127.0.0.1' : settings.HOST}:${settings.PORT}`
  process.env.PROCTOR_CONSOLE_URL = await startConsole(settings, folder, kept)
  process.env.PROCTOR_SECRET = settings.PROCTOR_SECRET ?? kept.session
  process.env.PROCTOR_ORIGIN = origin
  process.env.PROCTOR_DATA_DIR = folder
  const consoleUrl = process.env.PROCTOR_CONSOLE_URL
  const doubt = await withServer('The console database', consoleLog(settings, folder), async () => {
    await sealAudit()
    return settlePlace(settings.PROCTOR_DATABASE_URL ? null : await homeOf(folder), consoleUrl)
  })
  await registerServers(settings, folder, kept)

  if (settings.PROCTOR_WORKER === 'on') running.push({ name: 'worker', ...(await keep(startWorkerProcess, toldOf('worker'))) })
  const web = await step('Starting the console', () => keep(() => startWeb(settings), toldOf('web server')))
  running.push({ name: 'web', ...web })
  const token = await setUpToken(consoleDb())
  process.stdout.write(`\n  Proctor is ready: ${token ? `${origin}/set-up/${token}` : origin}\n`)
  if (token) process.stdout.write('  This link creates the administrator. It works once, and for this start only.\n')
  if (doubt) process.stdout.write(doubtNote(doubt, origin))
  if (everywhere && !settings.PROCTOR_ORIGIN) {
    process.stdout.write('  From other machines, sign-in works once PROCTOR_ORIGIN names the address that they use.\n')
  }
  if (ownRelease !== undefined) process.stdout.write(releaseNote(ownRelease))
  process.stdout.write('\n')
  served = true
  noteEvent('console.started', { origin, folder, pid: process.pid, ...(claim.afterCrash && { formerEnd: 'unexpected' }) })
}

const doubtNote = (doubt: Doubt, origin: string): string =>
  `  Was this console moved, or copied? ${doubtSentences(doubt).join(' ')}\n` +
  `  It contacts no server until an administrator answers on ${origin}/console, or you do: npm run -s proctor -- moved, or copied\n`

/** How long the web process of a launcher that was killed may take to leave its port. */
const LEAVES_MS = 15_000

async function portIsFree({ HOST, PORT }: Settings, patienceMs: number): Promise<void> {
  for (const until = performance.now() + patienceMs; ; await sleep(200)) {
    const code = await new Promise<string | undefined>((resolve) => {
      const probe = createServer()
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      probe.listen(PORT, HOST, () => probe.close(() => resolve(undefined)))
    })
    if (code === undefined) return
    if (code === 'EADDRINUSE' && performance.now() < until) continue
    const why = code === 'EADDRINUSE' ? 'is taken; stop what listens there, or set PORT to another' : `cannot be used (${code})`
    throw new UserError(`Port ${PORT} on ${HOST} ${why}.`)
  }
}

const logOf = (folder: string, server: 'console' | 'sample'): string => path.join(folder, server, 'server.log')

/** Undefined where the console database is none of ours. */
const consoleLog = ({ PROCTOR_DATABASE_URL: url }: Settings, folder: string): string | undefined =>
  url ? undefined : logOf(folder, 'console')

/** The console database: the embedded one, unless the settings name another. Returns its address. */
async function startConsole(settings: Settings, folder: string, kept: Secrets): Promise<string> {
  const { PROCTOR_DATABASE_URL: elsewhere, PROCTOR_POSTGRES_BIN: bin } = settings
  const cluster =
    elsewhere === undefined
      ? await step('Starting PostgreSQL for the console', () => startConsoleServer(folder, kept, toldOf('console database'), bin))
      : undefined
  if (cluster) running.push({ name: 'console database', ...cluster })
  return withServer('The console database', consoleLog(settings, folder), async () => {
    const url = elsewhere ?? (await ensureDatabase(cluster?.url ?? '', CONSOLE_DATABASE))
    if (cluster) ownRelease = await releaseOf(cluster.url)
    await prepareConsole(url, elsewhere && 'PROCTOR_DATABASE_URL', { starter: 'console' })
    return url
  })
}

/** The monitored server: what DATABASE_URL names, else the sample. */
async function registerServers(settings: Settings, folder: string, kept: Secrets): Promise<void> {
  if (settings.DATABASE_URL) {
    const { host, database } = addressOfSettings(settings.DATABASE_URL)
    await registerServer({ id: 'main', name: host, source: 'environment', database })
  } else if (settings.PROCTOR_SAMPLE === 'on') {
    const { PROCTOR_POSTGRES_BIN: bin, PROCTOR_SAMPLE_SCALE: scale, PROCTOR_SAMPLE_PARTITIONS: partitions } = settings
    const cluster = await step('Starting PostgreSQL for the sample', () => startSampleServer(folder, kept, toldOf('sample server'), bin))
    running.push({ name: 'sample', ...cluster })
    const sample = await withServer('The sample', logOf(folder, 'sample'), () =>
      makeSampleDatabase(cluster.url, { scale, partitions: partitions === 'on' }),
    )
    running.push({ name: 'sample workload', stop: sample.stopWorkload })
    process.env.PROCTOR_SAMPLE_URL = sample.url
    await registerServer({ id: 'sample', name: 'lms-sample', source: 'embedded', database: SAMPLE_DATABASE })
    await adoptOwn('sample')
  }
}

/** A part that hangs, too, is waited for no longer: what it started is ended by endChildren. */
const STOP_MS = 60_000
/** A console database that is away or hangs learns nothing of the end. */
const LAST_WORDS_MS = 3_000

const within = (ms: number, work: Promise<unknown>): Promise<unknown> => Promise.race([work, sleep(ms, undefined, { ref: false })])

async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  if (served) noteEvent('console.stopped', code === 0 ? {} : { status: code })
  await within(LAST_WORDS_MS, eventsWritten())
  await within(LAST_WORDS_MS, closeConsole())
  for (const part of running.reverse())
    await within(
      STOP_MS,
      part.stop().catch((error) => console.error(`${part.name}: ${error.message}`)),
    )
  await endChildren() // what had begun to start
  await claim?.release().catch(() => undefined)
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))

function giveUp(error: unknown): void {
  if (!stopping) console.error(sentenceOf(error) ?? error)
  stop(1)
}
process.on('uncaughtException', giveUp)
main().catch(giveUp)
