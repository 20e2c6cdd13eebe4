import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import * as base from './schema'
import * as sampling from './schema-sampling'

const schema = { ...base, ...sampling }

/** The console database through Drizzle. */
export type ConsoleDb = NodePgDatabase<typeof schema> & { $client: Pool }

/** The console database's own connections, for one process. */
const CONNECTIONS = 8

const shared = globalThis as { proctorConsole?: { url: string; db: ConsoleDb } }

/** The address of the console database, as the launcher hands it on. */
export function consoleUrl(): string {
  const url = process.env.PROCTOR_CONSOLE_URL
  if (!url) throw new Error('PROCTOR_CONSOLE_URL is not set: start the console with npm start')
  return url
}

/** The console database; one pool a process, however often modules are reloaded. */
export function consoleDb(): ConsoleDb {
  const url = consoleUrl()
  if (shared.proctorConsole?.url !== url) shared.proctorConsole = { url, db: connectConsole(url) }
  return shared.proctorConsole.db
}

/** A console database at an address of the caller's; the caller ends `$client`. */
export function connectConsole(url: string): ConsoleDb {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: 5_000, application_name: 'proctor console' })
  pool.on('error', () => undefined) // an idle connection was lost; the next query makes a new one
  pool.on('connect', (client) => client.on('error', () => undefined)) // one within a transaction: its statement fails, not the process
  return drizzle(pool, { schema })
}

/** Ends this process's pool. */
export async function closeConsole(): Promise<void> {
  const open = shared.proctorConsole
  shared.proctorConsole = undefined
  await open?.db.$client.end()
}
