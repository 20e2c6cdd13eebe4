import { and, desc, eq, sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { maybeOfSeenCluster } from '../console/seen-cluster'
import { numberOf } from './range'

export interface IndexName {
  schemaname: string
  relname: string
}

const ofPlace = (serverId: string, database: string) =>
  and(eq(run.serverId, serverId), eq(run.database, database), maybeOfSeenCluster(run.systemIdentifier, serverId))

/**
 * The OIDs under which an index stood, its present one first: REINDEX CONCURRENTLY gives it another each time (manual, REINDEX). What
 * runs worked on under its name, or samples saw under it, was this index then: a schema has no two relations of one name.
 */
export async function indexChain(
  serverId: string,
  database: string,
  { schemaname, relname }: IndexName,
  indexrelid: number,
): Promise<number[]> {
  const oid = sql<number>`(${run.object}->>'oid')::float8`
  const rows = await consoleDb()
    .selectDistinct({ oid })
    .from(run)
    .where(
      and(
        ofPlace(serverId, database),
        eq(run.state, 'succeeded'),
        sql`${run.object}->>'schemaname' = ${schemaname} and ${run.object}->>'relname' = ${relname}`,
      ),
    )
  const seen = await consoleDb().$client.query<{ indexrelid: number }>(
    /* sql */ `
select n.indexrelid::float8 as indexrelid from index_name n
 where n.server = $1 and n.schemaname = $3 and n.relname = $4
   and n.datid in (select datid from sampled_database d where d.server = $1 and d.datname = $2)`,
    [(await numberOf(serverId)) ?? -1, database, schemaname, relname],
  )
  return [...new Set([indexrelid, ...rows.map((row) => row.oid), ...seen.rows.map((row) => row.indexrelid)])]
}

/** What an index was called that had this OID when samples last saw it, or a run worked on it; null where none did. */
export async function formerName(serverId: string, database: string, indexrelid: number): Promise<IndexName | null> {
  const seen = await consoleDb().$client.query<IndexName>(
    /* sql */ `
select n.schemaname, n.relname from index_name n
 where n.server = $1 and n.indexrelid = $3
   and n.datid in (select datid from sampled_database d where d.server = $1 and d.datname = $2)
 order by n.last_seen desc limit 1`,
    [(await numberOf(serverId)) ?? -1, database, indexrelid],
  )
  if (seen.rows[0]) return seen.rows[0]
  const [row] = await consoleDb()
    .select({ object: run.object })
    .from(run)
    .where(and(ofPlace(serverId, database), eq(run.state, 'succeeded'), sql`(${run.object}->>'oid')::float8 = ${indexrelid}`))
    .orderBy(desc(run.id))
    .limit(1)
  return row ? { schemaname: row.object.schemaname, relname: row.object.relname } : null
}
