import { consoleDb } from './client'
import { server } from './schema'

/** Names by id, also of servers that are no longer in the settings: their runs stay readable. */
export async function serverNames(): Promise<Map<string, string>> {
  const rows = await consoleDb().select({ id: server.id, name: server.name }).from(server)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
