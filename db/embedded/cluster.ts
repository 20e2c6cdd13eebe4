import { type ChildProcess, spawn } from 'node:child_process'
import { chown, mkdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Account, accountOf, EARLIER_ACCOUNT, serverAccount } from './account'
import { exists, findBinaries, type Major } from './binaries'
import { ClusterError } from './cluster-error'
import { openAnew, ownFolder, readOwn, takeOver, writeAnew } from './data-files'
import { clearLeftOver } from './left-over'
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
  /** Resolves with the exit code when the server ends, for whatever cause. */
  ended: Promise<number | null>
}

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
  const log = await openAnew(logFile)
  // Only what the console itself relies on stands on the command line, where no ALTER SYSTEM reaches it.
  const settings = { listen_addresses: '127.0.0.1', port: String(options.port), unix_socket_directories: '' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(path.join(bin, 'postgres'), ['-D', dataDir, ...args], {
    ...account,
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
    detached: true, // Ctrl-C reaches the console alone, which then stops the server in order
    env: environment(),
  })
  await log.close()
  const ended = new Promise<number | null>((resolve) => {
    server.once('exit', (code) => resolve(code))
    server.once('error', () => resolve(null))
  })
  const url = `postgresql://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`
  await untilReady(url, server, logFile)
  return {
    url,
    port: options.port,
    pid: server.pid ?? 0,
    dataDir,
    ended,
    stop: async (mode = 'fast') => {
      if (server.exitCode === null && server.signalCode === null) server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
      await ended
    },
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
  const made = Number(await readOwn(path.join(dataDir, 'PG_VERSION')))
  if (made === major) return
  throw new ClusterError(
    `${dataDir} was made by PostgreSQL ${made}, and ${bin} holds ${major}: a server starts on data of its own major only. ` +
      `Set PROCTOR_POSTGRES_BIN to binaries of ${made}, or PROCTOR_DATA_DIR to another folder.`,
  )
}

async function initialise(bin: string, dataDir: string, options: ClusterOptions, account: Account | undefined): Promise<void> {
  const passwordFile = path.join(options.folder, 'initdb-password')
  const unfinished = `${dataDir}.new`
  await rm(unfinished, { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  if (account) await chown(unfinished, account.uid, account.gid)
  await writeAnew(passwordFile, options.password, account)
  try {
    const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C']
    const initdb = spawn(path.join(bin, 'initdb'), args, { ...account, cwd: '/', env: environment() })
    let output = ''
    for (const stream of [initdb.stdout, initdb.stderr]) stream?.on('data', (text) => (output += text))
    const code = await new Promise<number | null>((resolve, reject) => initdb.once('exit', resolve).once('error', reject))
    if (code !== 0) throw new ClusterError(`initdb failed: ${output.trim().split('\n').slice(-3).join(' ')}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(unfinished, dataDir) // an interrupted initdb leaves no half data directory
}

async function untilReady(url: string, server: ChildProcess, logFile: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (server.exitCode !== null || server.pid === undefined) break
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined) // cut while the server is still starting
    const reached = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (reached) return
    await sleep(50)
  }
  const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n')
  throw new ClusterError(`PostgreSQL did not start:\n${tail}`)
}
