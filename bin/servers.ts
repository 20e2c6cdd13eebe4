import path from 'node:path'
import { Client } from 'pg'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { type KeptCluster, keepRunning } from '../db/embedded/keep-running'
import { identifier } from '../db/server/identifiers'
import type { Secrets } from './data-folder'

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

const binaries = (bin: string | undefined, extensions: readonly string[]) => (bin ? { own: { bin, extensions } } : {})

/** Starts the server that the console owns; `bin` is the folder of other binaries than those that come with the console. */
export const startConsoleServer = async (folder: string, secrets: Secrets, bin?: string): Promise<Cluster> =>
  startCluster({
    major: 18,
    folder: path.join(folder, 'console'),
    binariesCopy: path.join(folder, 'binaries'),
    port: await freePort(),
    password: secrets.console,
    settings: CONSOLE_SETTINGS,
    ...binaries(bin, []),
  })

/** Starts the server that the sample lives on. It may be shut down, to see what the console makes of it: it comes back. */
export const startSampleServer = async (folder: string, secrets: Secrets, bin?: string): Promise<KeptCluster> =>
  keepRunning(
    {
      major: 18,
      folder: path.join(folder, 'sample'),
      binariesCopy: path.join(folder, 'binaries'),
      port: await freePort(),
      password: secrets.sample,
      settings: SAMPLE_SETTINGS,
      ...binaries(bin, SAMPLE_EXTENSIONS),
    },
    (message) => console.error(`Sample: ${message}`),
  )

/** The address of a database of that server, which is made where it is missing. */
export async function ensureDatabase(serverUrl: string, database: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${identifier(database)}`)
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}
