import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * The pending list of one GIN index, from pgstatginindex, which reads its metapage alone. No row for an index that is no GIN index, is
 * invalid, or is under an AccessExclusiveLock, held or waited for.
 * Source: https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE
 */
export const ginPending = defineRead({
  name: 'gin-pending',
  about: 'Pending list of one GIN index: pages and rows that VACUUM has yet to move into it',
  extension: { name: 'pgstattuple', version: '1.5' },
  needs: 'pg_stat_scan_tables',
  calls: ['pgstatginindex(regclass)'],
  params: z.object({ indexrelid: oid }),
  row: z.object({
    pending_pages: bytes,
    /** Rows of the table whose keys are in the list. */
    pending_tuples: bytes,
    /** Off: rows that are inserted go into the index at once. */
    fastupdate: z.boolean(),
    /** gin_pending_list_limit of the index, or the server's: an insert that fills the list beyond it empties it. */
    limit_bytes: bytes,
  }),
  sql: /* sql */ `
with /* proctor:gin-pending */ allowed as materialized (
  select i.indexrelid, c.reloptions
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam and am.amname = 'gin'
   where i.indexrelid = $1 and i.indisvalid
     and not exists (select from pg_locks l where l.relation in (i.indexrelid, i.indrelid) and l.locktype = 'relation'
                        and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_database where datname = current_database())))
select s.pending_pages, s.pending_tuples,
       coalesce((select option_value::bool from pg_options_to_table(a.reloptions) where option_name = 'fastupdate'), true) as fastupdate,
       coalesce((select option_value::int8 from pg_options_to_table(a.reloptions) where option_name = 'gin_pending_list_limit'),
                (select setting::int8 from pg_settings where name = 'gin_pending_list_limit')) * 1024 as limit_bytes
  from allowed a, lateral @extschema@.pgstatginindex(a.indexrelid::regclass) s`,
})
