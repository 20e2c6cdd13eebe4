import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool } from 'pg'
import { makeConsolePool, type PoolLimits } from './console-pool'
import * as base from './schema'
import * as findings from './schema-findings'
import * as guide from './schema-guide'
import * as sampling from './schema-sampling'

const schema = { ...base, ...sampling, ...findings, ...guide }

/** The console database through Drizzle. */
export type ConsoleDb = NodePgDatabase<typeof schema> & { $client: Pool }

/** For whoever is no web process and no worker: the command line, the launcher, tests. */
const LIMITS: PoolLimits = { connections: 8, answerMs: 30_000 }

const shared = globalThis as { proctorConsole?: { url: string; db: ConsoleDb }; proctorConsoleLimits?: PoolLimits }

/** This process's connections to the console database and its patience with it; said before the first is made. */
export function limitConsole(limits: PoolLimits): void {
  shared.proctorConsoleLimits = limits
}

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
  const pool = makeConsolePool(url, shared.proctorConsoleLimits ?? LIMITS)
  return Object.assign(drizzle(pool, { schema }), { transaction: transactionsOf(pool) })
}

/**
 * Drizzle's own takes the connection of a transaction whose BEGIN or ROLLBACK fails from the pool for ever, and gives a broken one
 * back to it. Here whatever failed ends its connection, whose transaction the server rolls back then.
 */
const transactionsOf =
  (pool: Pool): NodePgDatabase<typeof schema>['transaction'] =>
  async (work, config) => {
    const client = await pool.connect()
    let failed = true
    try {
      const result = await drizzle(client, { schema }).transaction(work, config)
      failed = false
      return result
    } finally {
      client.release(failed)
    }
  }

/** Ends this process's pool. */
export async function closeConsole(): Promise<void> {
  const open = shared.proctorConsole
  shared.proctorConsole = undefined
  await open?.db.$client.end()
}
