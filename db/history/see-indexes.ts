import type { Query } from './console-session'

interface Seen {
  indexrelid: number
  relid: number
  schemaname: string
  indexrelname: string
  /** Decimal text. */
  idxScan: string
}

/**
 * Notes which indexes of a database are there, each with the time of its first sight, and forgets those that are gone: PostgreSQL gives
 * their OIDs to others one day. `at`: by the clock of the server.
 *
 * Where one is gone that had been scanned, its scans went with it, and what it served may use the others of its table from now on: that
 * those were not scanned before proves nothing any more, so their time begins anew. A concurrent rebuild, which gives the name to another
 * OID and takes the scans along, is no such loss; where somebody made another one under the name, that has no scans. What a run works on now is kept until its end, which knows by what it was replaced
 * (chainSeen).
 */
export async function seeIndexes(query: Query, server: number, datid: number, indexes: Seen[], at: string): Promise<void> {
  const oids = indexes.map(({ indexrelid }) => indexrelid)
  const scanned = indexes.filter(({ idxScan }) => idxScan !== '0')
  await query(
    `with gone as (
       delete from seen_index x where server = $1 and datid = $2 and not (indexrelid = any ($3::int8[]))
          and not exists (
            select from run r
            join sampled_server n on n.server_id = r.server_id and n.no = $1
            where r.state in ('running', 'cancelling') and r.progress->'before'->'files' @> jsonb_build_array(jsonb_build_object('oid', x.indexrelid)))
       returning indexrelid, relid, scanned
     )
     update seen_index set first_seen = $6
      where server = $1 and datid = $2 and indexrelid = any ($3::int8[]) and relid in (
        select g.relid from gone g
         where g.scanned and not exists (
           select from index_name n
            where n.server = $1 and n.datid = $2 and n.indexrelid = g.indexrelid
              and (n.schemaname, n.relname) in (select * from unnest($4::text[], $5::text[]))))`,
    [server, datid, oids, scanned.map(({ schemaname }) => schemaname), scanned.map(({ indexrelname }) => indexrelname), at],
  )
  await query(
    `insert into seen_index as s (server, datid, indexrelid, first_seen, relid, scanned)
     select $1, $2, i.indexrelid, $3, i.relid, i.scanned from unnest($4::int8[], $5::int8[], $6::bool[]) i (indexrelid, relid, scanned)
     on conflict (server, datid, indexrelid) do update set relid = excluded.relid, scanned = s.scanned or excluded.scanned
      where s.relid is distinct from excluded.relid or (excluded.scanned and not s.scanned)`,
    [server, datid, at, oids, indexes.map(({ relid }) => relid), indexes.map(({ idxScan }) => idxScan !== '0')],
  )
}
