import type { Query } from './console-session'

interface NamedIndex {
  indexrelid: number
  schemaname: string
  indexrelname: string
}

/**
 * Notes what each index of a database is called. The names of OIDs that are gone stay: a concurrent rebuild, whoever made it, gives the
 * name to another OID, and history goes on by it. Written where the name is new, or its last sight a day old.
 */
export async function nameIndexes(query: Query, server: number, datid: number, indexes: NamedIndex[], at: Date): Promise<void> {
  await query(
    /* sql */ `
insert into index_name as n (server, datid, indexrelid, schemaname, relname, last_seen)
select $1, $2, i.indexrelid, i.schemaname, i.relname, $6 from unnest($3::int8[], $4::text[], $5::text[]) i (indexrelid, schemaname, relname)
    on conflict (server, datid, indexrelid) do update
   set schemaname = excluded.schemaname, relname = excluded.relname, last_seen = excluded.last_seen
 where (n.schemaname, n.relname) is distinct from (excluded.schemaname, excluded.relname) or n.last_seen < excluded.last_seen - interval '1 day'`,
    [
      server,
      datid,
      indexes.map(({ indexrelid }) => indexrelid),
      indexes.map(({ schemaname }) => schemaname),
      indexes.map(({ indexrelname }) => indexrelname),
      at,
    ],
  )
}
