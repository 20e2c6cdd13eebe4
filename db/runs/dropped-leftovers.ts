import { and, eq, inArray, sql } from 'drizzle-orm'
import { dropLeftoverIndexRequest } from '../commands/drop-leftover-index/request'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { maybeOfSeenCluster } from '../console/seen-cluster'

/** Which of these leftovers a later run dropped, and which run: by OID. An OID is given again only after 2^32 others. */
export async function droppedLeftovers(serverId: string, database: string, oids: number[]): Promise<Record<number, string>> {
  if (oids.length === 0) return {}
  const oid = sql<number>`(${run.object} ->> 'oid')::int8`.mapWith(Number)
  const rows = await consoleDb()
    .select({ oid, id: run.id })
    .from(run)
    .where(
      and(
        eq(run.serverId, serverId),
        maybeOfSeenCluster(run.systemIdentifier, serverId),
        eq(run.database, database),
        eq(run.command, dropLeftoverIndexRequest.command),
        eq(run.state, 'succeeded'),
        inArray(oid, oids),
      ),
    )
  return Object.fromEntries(rows.map((row) => [row.oid, String(row.id)]))
}
