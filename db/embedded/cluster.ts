import type { ChildProcess, StdioOptions } from 'node:child_process'
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Account, accountOf, EARLIER_ACCOUNT, serverAccount } from './account'
import { exists, findBinaries, type Major } from './binaries'
import { childEnd, type Ending, endChild, startChild } from './child'
import { ClusterError } from './cluster-error'
import { openAnew, ownFolder, readOwn, takeOver, writeAnew } from './data-files'
import { clearLeftOver } from './left-over'
import { boundLog, type LogLimits, setLogAside } from './log-files'
import { ownBinaries } from './own-binaries'
import { plainEnvironment } from './plain-environment'

/** A PostgreSQL server that the console starts and stops itself. */
export interface Cluster {
  url: string
  port: number
  pid: number
  dataDir: string
  /** fast: sessions are ended, a checkpoint is written. immediate: as if the power went. */
  stop: (mode?: 'fast' | 'immediate') => Promise<void>
  /** Resolves when the server ends, for whatever cause: with how, for a sentence. */
  ended: Promise<string>
}

/** How a postmaster ends (manual, 18.5). One that hangs is killed; what it did not write down, its next start recovers. */
const ENDINGS = {
  fast: [
    { signal: 'SIGINT', seconds: 30 },
    { signal: 'SIGQUIT', seconds: 10 },
  ],
  immediate: [{ signal: 'SIGQUIT', seconds: 10 }],
} satisfies Record<string, Ending>

export interface ClusterOptions {
  major: Major
  /** Holds data/, the log and the password; made when missing. */
  folder: string
  port: number
  /** Where binaries are copied when the server's account cannot reach the checkout. */
  binariesCopy?: string
  /** The folder of other binaries than those of `major` that come with the console, and the extensions that must be there. */
  own?: { bin: string; extensions: readonly string[] }
  /** Written to a file; ALTER SYSTEM may change them. */
  settings?: Record<string, string>
  password: string
  /** How much is kept of what the server said, also before this start; without it the log begins anew and grows. */
  logs?: LogLimits
  /** Gives up waiting for the server to be ready, and ends it. */
  stopping?: AbortSignal
}

/**
 * Starts the server in `folder`, making its data directory first when there is none. A server that an
 * earlier console left running there (killed without a chance to stop it) is stopped first; a stale
 * postmaster.pid is removed.
 * Errors: a ClusterError with the end of the server's log.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const account = await serverAccount()
  const copyTo = options.binariesCopy ?? path.join(options.folder, '..')
  const { own } = options
  const { bin, major } = await (own ? ownBinaries(own.bin, own.extensions, account) : findBinaries(options.major, account?.uid, copyTo))
  const dataDir = path.join(options.folder, 'data')
  await ownFolder(options.folder, account)
  await clearLeftOver(dataDir)
  if (await exists(path.join(dataDir, 'PG_VERSION'))) {
    if (account) await takeOver(dataDir, OWN_FILE, account, await accountOf(EARLIER_ACCOUNT))
    await refuseOtherMajor(dataDir, bin, major)
  } else await initialise(bin, dataDir, options, account)

  const logFile = path.join(options.folder, 'server.log')
  await writeSettings(dataDir, options.settings ?? {}, account)
  if (options.logs) await setLogAside(logFile, options.logs)
  const log = await openAnew(logFile)
  // Only what the console itself relies on stands on the command line, where no ALTER SYSTEM reaches it.
  const settings = { listen_addresses: '127.0.0.1', port: String(options.port), unix_socket_directories: '' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const start = { ...account, cwd: '/', stdio: ['ignore', log.fd, log.fd] satisfies StdioOptions, env: environment() }
  const server = startChild(path.join(bin, 'postgres'), ['-D', dataDir, ...args], start, ENDINGS.fast)
  await log.close()
  const ended = childEnd(server)
  if (options.logs) ended.then(boundLog(logFile, options.logs))
  const url = `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`
  if (!(await untilReady(url, server, options.stopping))) {
    await endChild(server)
    throw new ClusterError(`PostgreSQL did not start on ${dataDir}: ${await whyNot(logFile)} (its log is ${logFile}).`)
  }
  return {
    url,
    port: options.port,
    pid: server.pid ?? 0,
    dataDir,
    ended,
    stop: (mode = 'fast') => endChild(server, ENDINGS[mode]),
  }
}

const OWN_FILE = 'proctor.conf'

/** In a file of their own, renewed at each start, that postgresql.conf includes: what ALTER SYSTEM sets still wins over them. */
async function writeSettings(dataDir: string, settings: Record<string, string>, account: Account | undefined): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
  await writeAnew(path.join(dataDir, OWN_FILE), `# Written at each start\n${lines.join('')}`, account)
  const main = path.join(dataDir, 'postgresql.conf')
  const text = await readOwn(main)
  if (text === null) throw new ClusterError(`${main} is missing, or leads elsewhere`)
  const include = `include_if_exists = '${OWN_FILE}'`
  if (!text.split('\n').includes(include)) await writeAnew(main, `${text}\n${include}\n`, account)
}

/** The account's locale is not trusted. */
const environment = () => plainEnvironment({ LC_ALL: 'C', LANG: 'C' })

/** A data directory is of one major for good (manual, 18.6: pg_upgrade makes another). */
async function refuseOtherMajor(dataDir: string, bin: string, major: number): Promise<void> {
  const version = path.join(dataDir, 'PG_VERSION')
  const made = Number(await readOwn(version))
  if (made === major) return
  if (!(made > 0)) throw new ClusterError(`${version} does not hold a version of PostgreSQL: put ${dataDir} back whole from a backup.`)
  throw new ClusterError(
    `${dataDir} was made by PostgreSQL ${made}, and ${bin} holds ${major}: a server starts on data of its own major only. ` +
      `Set PROCTOR_POSTGRES_BIN to binaries of ${made}, or PROCTOR_DATA_DIR to another folder.`,
  )
}

/** Without PG_VERSION it is no data directory that this code made: what lies in it is somebody's, or what is left of one. */
async function refuseOtherFiles(dataDir: string): Promise<void> {
  const names = (await exists(dataDir)) ? await readdir(dataDir) : []
  if (names.length === 0) return
  throw new ClusterError(
    `${dataDir} is not empty and no data directory of PostgreSQL, as it has no PG_VERSION: ` +
      'put it back whole from a backup, move it away to begin anew, or set PROCTOR_DATA_DIR to another folder.',
  )
}

async function initialise(bin: string, dataDir: string, options: ClusterOptions, account: Account | undefined): Promise<void> {
  const passwordFile = path.join(options.folder, 'initdb-password')
  const unfinished = `${dataDir}.new`
  await refuseOtherFiles(dataDir)
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  if (account) await chown(unfinished, account.uid, account.gid)
  await writeAnew(passwordFile, options.password, account)
  try {
    const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C']
    const initdb = startChild(path.join(bin, 'initdb'), args, { ...account, cwd: '/', env: environment() })
    let output = ''
    for (const stream of [initdb.stdout, initdb.stderr]) stream?.on('data', (text) => (output += text))
    const ended = await childEnd(initdb)
    if (ended !== 'status 0') throw new ClusterError(`initdb could not make ${dataDir}: ${initdbSaid(output) || ended}.`)
    await rename(unfinished, dataDir) // an interrupted initdb leaves no half data directory
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** Its errors; without one, its last line. */
function initdbSaid(output: string): string {
  const lines = output.trim().split('\n')
  const errors = lines.filter((line) => /^initdb: error: |(FATAL|PANIC): /.test(line))
  const said = errors.length > 0 ? errors : lines.slice(-1)
  return said.map((line) => line.replace(/^(initdb: error: |.*?(FATAL|PANIC): +)/, '').replace(/\.$/, '')).join('; ')
}

/** False when it ended, does not answer within a minute, or is not wanted any more. */
async function untilReady(url: string, server: ChildProcess, stopping?: AbortSignal): Promise<boolean> {
  for (const until = performance.now() + 60_000; performance.now() < until && !stopping?.aborted; ) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return false
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined) // cut while the server is still starting
    const reached = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (reached) return true
    await sleep(50)
  }
  return false
}

/** What every start and every end says. */
const ROUTINE =
  /^(starting PostgreSQL|listening on|database system|redo |invalid record length|checkpoint|shutting down|received |aborting)/

/** What a server said last that explains why it did not start. */
async function whyNot(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n')
  const said = lines.flatMap((line) => /(?:LOG|FATAL|PANIC): +(.*?)\.?$/.exec(line)?.[1] ?? [])
  const telling = said.filter((text) => !ROUTINE.test(text)).slice(-3)
  return telling.join('; ') || lines.findLast((line) => line !== '')?.replace(/\.$/, '') || 'it does not answer'
}
