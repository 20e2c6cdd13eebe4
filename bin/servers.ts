import path from 'node:path'
import { Client } from 'pg'
import { serverAccount } from '../db/embedded/account'
import { freePort } from '../db/embedded/free-port'
import type { Keeping } from '../db/embedded/keep'
import { type KeptCluster, keepRunning } from '../db/embedded/keep-running'
import { LOG_LIMITS } from '../db/embedded/log-files'
import { ownBinaries } from '../db/embedded/own-binaries'
import { openFaults } from '../db/releases/checks/missing-security-fixes'
import { identifier } from '../db/server/identifiers'
import type { Secrets } from './secrets'

/** The databases on them. */
export const CONSOLE_DATABASE = 'proctor'
export const SAMPLE_DATABASE = 'lms'

/** Small on purpose: it holds the console's own few tables. */
const CONSOLE_SETTINGS = { shared_buffers: '32MB', max_connections: '60', max_wal_size: '256MB' }

/** What a monitored server needs for every page to have something to show. */
const SAMPLE_SETTINGS = {
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '1GB',
  shared_preload_libraries: 'pg_stat_statements',
  track_io_timing: 'on',
  track_functions: 'all',
  max_prepared_transactions: '10',
  // it shares a machine with the console, and a rebuild shall leave a core to those who watch it
  max_parallel_maintenance_workers: '0',
}

/** What drizzle/lms creates in the sample, and SAMPLE_SETTINGS preload. */
const SAMPLE_EXTENSIONS = ['pg_stat_statements', 'pg_trgm', 'pgstattuple', 'pageinspect']

/** Refuses binaries that the embedded servers could not run on. Errors: a ClusterError, of one sentence. */
export async function checkBinaries(bin: string, sample: boolean): Promise<void> {
  await ownBinaries(bin, sample ? SAMPLE_EXTENSIONS : [], await serverAccount())
}

const binaries = (bin: string | undefined, extensions: readonly string[]) => (bin ? { own: { bin, extensions } } : {})

/**
 * Starts the server that the console owns, and keeps it on its port; `bin` is the folder of other binaries than those that come
 * with the console.
 */
export const startConsoleServer = async (folder: string, secrets: Secrets, told: Keeping, bin?: string): Promise<KeptCluster> =>
  keepRunning(
    {
      major: 18,
      folder: path.join(folder, 'console'),
      binariesCopy: path.join(folder, 'binaries'),
      port: await freePort(),
      password: secrets.console,
      settings: CONSOLE_SETTINGS,
      logs: LOG_LIMITS,
      ...binaries(bin, []),
    },
    { say: (message) => console.error(`Console database: ${message}`), ...told },
  )

/** Starts the server that the sample lives on. It may be shut down, to see what the console makes of it: it comes back. */
export const startSampleServer = async (folder: string, secrets: Secrets, told: Keeping, bin?: string): Promise<KeptCluster> =>
  keepRunning(
    {
      major: 18,
      folder: path.join(folder, 'sample'),
      binariesCopy: path.join(folder, 'binaries'),
      port: await freePort(),
      password: secrets.sample,
      settings: SAMPLE_SETTINGS,
      logs: LOG_LIMITS,
      ...binaries(bin, SAMPLE_EXTENSIONS),
    },
    { say: (message) => console.error(`Sample: ${message}`), ...told },
  )

/** The address of a database of that server, which is made where it is missing. */
export async function ensureDatabase(serverUrl: string, database: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${identifier(database)}`)
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

/** server_version_num of a server. */
export async function releaseOf(serverUrl: string): Promise<number> {
  const client = new Client({ connectionString: serverUrl })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  const { rows } = await client.query(`select current_setting('server_version_num')::int as release`)
  await client.end()
  return rows[0].release
}

/** What whoever starts the console should know of its own PostgreSQL; empty where nothing is known to be open. */
export function releaseNote(release: number, now = new Date()): string {
  const { faults, fixedBy, ended } = openFaults(release, now)
  const version = `The embedded PostgreSQL ${Math.floor(release / 10_000)}.${release % 10_000}`
  const lacks = fixedBy ? [`lacks the fixes of ${faults.length} known faults, which ${fixedBy.release} has`] : []
  const gets = ended ? [`gets no fixes since ${ended}`] : []
  if (lacks.length + gets.length === 0) return ''
  return `  ${version} ${[...lacks, ...gets].join(', and ')}. PROCTOR_POSTGRES_BIN runs it on other binaries.\n`
}
