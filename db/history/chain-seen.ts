import { sql } from 'drizzle-orm'
import type { ConsoleWriter } from '../console/writer'

/** An index that a concurrent rebuild has put in the place of another. */
export interface Replaced {
  was: number
  now: number
}

/**
 * Lets what is known of an index go on under the OID that a concurrent rebuild gave it: since when it is there, and whether it was
 * scanned. Its counters PostgreSQL takes along itself (index_concurrently_swap).
 */
export async function chainSeen(
  { serverId, database, replaced }: { serverId: string; database: string; replaced: Replaced[] },
  db: ConsoleWriter,
): Promise<void> {
  if (replaced.length === 0) return
  await db.execute(sql`
    with pair as (
      select (p->>'was')::int8 as was, (p->>'now')::int8 as now from jsonb_array_elements(${JSON.stringify(replaced)}::jsonb) p
    ), former as (
      delete from seen_index s using pair, sampled_server n, sampled_database d
       where n.server_id = ${serverId} and n.current and s.server = n.no
         and d.server = s.server and d.datid = s.datid and d.datname = ${database} and s.indexrelid = pair.was
      returning s.server, s.datid, pair.now, s.first_seen, s.relid, s.scanned
    )
    insert into seen_index as s (server, datid, indexrelid, first_seen, relid, scanned)
    select server, datid, now, first_seen, relid, scanned from former
    on conflict (server, datid, indexrelid) do update
      set first_seen = least(s.first_seen, excluded.first_seen), scanned = s.scanned or excluded.scanned`)
}
