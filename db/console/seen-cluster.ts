import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { server } from './schema'

/** SQL: the system identifier of the cluster that a server's address led to when it was last looked at; null: it was never told. */
export const seenCluster = (serverId: string): SQL<string | null> =>
  sql`(select coalesce(${server.otherIdentifier}, ${server.systemIdentifier}) from ${server} where ${server.id} = ${serverId})`

/** SQL: whether a row is of that cluster. OIDs, files and sizes of another say nothing of this one, whatever their names. */
export const isOfSeenCluster = (column: AnyColumn, serverId: string): SQL => sql`${column} is not distinct from ${seenCluster(serverId)}`

/** SQL: the same, and a row of which that was not told may be. */
export const maybeOfSeenCluster = (column: AnyColumn, serverId: string): SQL => sql`coalesce(${column} = ${seenCluster(serverId)}, true)`
