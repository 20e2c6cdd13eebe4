import { asc, eq } from 'drizzle-orm'
import { failed, ok, type Result } from '../target/problem'
import { inDatabase, type Target } from '../target/target'
import { targetFromUrl } from '../target/target-url'
import { consoleDb } from './client'
import { server } from './schema'

export type Server = typeof server.$inferSelect

/** Where a server is, by its source: addresses and passwords live in the settings, never in the database. */
function addressOf(source: Server['source']): string | undefined {
  return source === 'embedded' ? process.env.PROCTOR_SAMPLE_URL : process.env.DATABASE_URL
}

/** The servers that the settings of this start name, by name. */
export async function listServers(): Promise<Server[]> {
  const known = await consoleDb().select().from(server).orderBy(asc(server.name))
  return known.filter((row) => addressOf(row.source) !== undefined)
}

/** The server that a route names; undefined when there is none of that id. */
export async function findServer(serverId: string): Promise<Server | undefined> {
  const [row] = await consoleDb().select().from(server).where(eq(server.id, serverId))
  return row && addressOf(row.source) !== undefined ? row : undefined
}

/**
 * How a server's database is reached; its default database when none is named.
 * Errors: invalid_input when there is no such server in the settings.
 */
export async function serverTarget(serverId: string, database?: string): Promise<Result<Target>> {
  const found = await findServer(serverId)
  const address = found && addressOf(found.source)
  if (!address) return failed('invalid_input', `There is no server "${serverId}"`)
  return ok(inDatabase(targetFromUrl(serverId, address), database ?? found.database))
}

/** Notes the server that the settings name; a later start under the same id renews its entry. */
export async function registerServer(entry: Omit<typeof server.$inferInsert, 'createdAt'>): Promise<void> {
  await consoleDb().insert(server).values(entry).onConflictDoUpdate({ target: server.id, set: entry })
}
