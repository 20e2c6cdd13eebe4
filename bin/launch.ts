/** `npm start`: everything from a built checkout to a served console, and the orderly end of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { sealAudit } from '../db/console/audit-seal'
import { closeConsole, consoleDb } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { registerServer } from '../db/console/servers'
import { setUpToken } from '../db/console/set-up'
import { ClusterError } from '../db/embedded/cluster-error'
import { addressOfSettings } from '../db/server/target-url'
import { build, buildIsStale } from './build'
import { checkProvider } from './check-provider'
import { checkServer } from './check-server'
import { claimFolder, dataFolder, type Secrets, secrets } from './data-folder'
import { endChild, keepChild } from './keep-child'
import { makeSampleDatabase } from './sample'
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
import { CHECKOUT, readSettings, type Settings, UserError } from './settings'
import { step } from './steps'

/** The release of the embedded servers, as server_version_num; undefined where none was started. */
let ownRelease: number | undefined

/** Everything that has to be ended, in the order in which it was started. */
const running: { name: string; stop: () => Promise<void> }[] = []
let stopping = false

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  await portIsFree(settings)
  const folder = await dataFolder(settings.PROCTOR_DATA_DIR)
  await claimFolder(folder)
  const kept = await secrets(folder)
  if (settings.DATABASE_URL) await checkServer('DATABASE_URL', settings.DATABASE_URL)
  if (settings.PROCTOR_DATABASE_URL) await checkServer('PROCTOR_DATABASE_URL', settings.PROCTOR_DATABASE_URL)
  if (settings.PROCTOR_POSTGRES_BIN) await checkBinaries(settings.PROCTOR_POSTGRES_BIN, settings.PROCTOR_SAMPLE === 'on')
  await checkProvider(process.env)
  const development = process.env.PROCTOR_DEVELOPMENT === '1'
  if (!development && (await buildIsStale())) await step('Building the pages (about a minute, once per change)', build)

  const everywhere = settings.HOST === '0.0.0.0' || settings.HOST === '::'
  const origin = settings.PROCTOR_ORIGIN ?? `http://${everywhere ? '127.0.0.1' : settings.HOST}:${settings.PORT}`
  process.env.PROCTOR_CONSOLE_URL = await startConsole(settings, folder, kept)
  process.env.PROCTOR_SECRET = settings.PROCTOR_SECRET ?? kept.session
  process.env.PROCTOR_ORIGIN = origin
  process.env.PROCTOR_DATA_DIR = folder
  await sealAudit()
  await registerServers(settings, folder, kept)

  if (settings.PROCTOR_WORKER === 'on') {
    const stop = keepChild(
      () => start('worker.ts'),
      () => console.error('The worker ended unexpectedly; starting it again.'),
    )
    running.push({ name: 'worker', stop })
  }
  await step('Starting the console', () => web(settings))
  const token = await setUpToken(consoleDb())
  process.stdout.write(`\n  Proctor is ready: ${token ? `${origin}/set-up/${token}` : origin}\n`)
  if (token) process.stdout.write('  This link makes the administrator. It works once, and for this start only.\n')
  if (everywhere && !settings.PROCTOR_ORIGIN) {
    process.stdout.write('  From other machines, sign-in works once PROCTOR_ORIGIN names the address that they use.\n')
  }
  if (ownRelease !== undefined) process.stdout.write(releaseNote(ownRelease))
  process.stdout.write('\n')
}

async function portIsFree({ HOST, PORT }: Settings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is taken; stop what listens there, or set PORT to another' : `cannot be used (${error.code})`
      reject(new UserError(`Port ${PORT} on ${HOST} ${why}.`))
    })
    probe.listen(PORT, HOST, () => probe.close(() => resolve()))
  })
}

/** The console database: the embedded one, unless the settings name another. Returns its address. */
async function startConsole(settings: Settings, folder: string, kept: Secrets): Promise<string> {
  let url = settings.PROCTOR_DATABASE_URL
  if (!url) {
    const cluster = await step('Starting PostgreSQL for the console', () => startConsoleServer(folder, kept, settings.PROCTOR_POSTGRES_BIN))
    running.push({ name: 'console database', stop: cluster.stop })
    cluster.ended.then(() => fail('The console database ended unexpectedly; its log is in console/server.log of the data folder.'))
    url = await ensureDatabase(cluster.url, CONSOLE_DATABASE)
    ownRelease = await releaseOf(cluster.url)
  }
  await migrateConsole(url)
  return url
}

/** The monitored server: what DATABASE_URL names, else the sample. */
async function registerServers(settings: Settings, folder: string, kept: Secrets): Promise<void> {
  if (settings.DATABASE_URL) {
    const { host, database } = addressOfSettings(settings.DATABASE_URL)
    await registerServer({ id: 'main', name: host, source: 'environment', database })
  } else if (settings.PROCTOR_SAMPLE === 'on') {
    const cluster = await step('Starting PostgreSQL for the sample', () => startSampleServer(folder, kept, settings.PROCTOR_POSTGRES_BIN))
    running.push({ name: 'sample', stop: cluster.stop })
    const sample = await makeSampleDatabase(cluster.url, settings.PROCTOR_SAMPLE_SCALE)
    running.push({ name: 'sample workload', stop: sample.stopWorkload })
    process.env.PROCTOR_SAMPLE_URL = sample.url
    await registerServer({ id: 'sample', name: 'lms-sample', source: 'embedded', database: SAMPLE_DATABASE })
  }
}

const start = (script: string, environment: Record<string, string | undefined> = {}): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', path.join(CHECKOUT, 'bin', script)], {
    cwd: CHECKOUT,
    detached: true, // Ctrl-C reaches the launcher alone, which ends its children in order
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

async function web(settings: Settings): Promise<void> {
  const child = start('web.ts', {
    PORT: String(settings.PORT),
    HOST: settings.HOST,
    NODE_ENV: process.env.PROCTOR_DEVELOPMENT === '1' ? 'development' : 'production',
  })
  running.push({ name: 'web', stop: () => endChild(child) })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', () => reject(new UserError('The web server did not start; its message stands above.')))
  })
  child.once('exit', () => fail('The web server ended unexpectedly.'))
}

async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  await closeConsole()
  for (const part of running.reverse()) await part.stop().catch((error) => console.error(`${part.name}: ${error.message}`))
  process.exit(code)
}

function fail(message: string): void {
  if (stopping) return
  console.error(message)
  stop(1)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))

main().catch((error) => {
  if (!stopping) console.error(error instanceof UserError || error instanceof ClusterError ? error.message : error)
  stop(1)
})
