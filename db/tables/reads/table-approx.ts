import { z } from 'zod'
import { bytes, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * pgstattuple_approx of one table, materialized view, TOAST table or catalog: it reads the pages that are not all-visible
 * and takes the free space of the others from the free space map, so it refuses a heap above `limit` bytes (no row). No
 * row either under an AccessExclusiveLock, held or waited for.
 *
 * rebuilt_bytes packs what is live at the fillfactor; each page then loses half a row, on the average.
 * Source: https://www.postgresql.org/docs/current/pgstattuple.html
 */
export const tableApprox = defineRead({
  name: 'table-approx',
  about: 'pgstattuple_approx of one table, TOAST table or catalog, unless it is larger than a limit in bytes',
  extension: { name: 'pgstattuple', version: '1.4' },
  needs: 'pg_stat_scan_tables',
  calls: ['pgstattuple_approx(regclass)'],
  params: z.object({ relid: oid, limit: z.number().int().positive() }),
  row: z.object({
    table_len: bytes,
    relfilenode: oid,
    /** Percent of the pages that were read. */
    scanned_percent: float,
    approx_tuple_count: float,
    dead_tuple_count: float,
    dead_tuple_len: bytes,
    approx_free_space: bytes,
    rebuilt_bytes: bytes,
  }),
  timeout: 30_000,
  keep: 0,
  sql: /* sql */ `
with /* proctor:table-approx */ allowed as materialized (
  select c.oid as relid, pg_relation_filenode(c.oid) as relfilenode, current_setting('block_size')::int as bs,
         coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 100) as ff
    from pg_class c join pg_am a on a.oid = c.relam and a.amname = 'heap'
   where c.oid = $1 and c.relkind in ('r', 'm', 't')
     and not exists (select from pg_locks l where l.locktype = 'relation' and l.relation = c.oid and l.mode = 'AccessExclusiveLock'
                        and l.database = (select oid from pg_database where datname = current_database()))
     and pg_relation_size(c.oid) <= $2)
select s.table_len, a.relfilenode, s.scanned_percent, s.approx_tuple_count::float8 as approx_tuple_count, s.dead_tuple_count::float8 as dead_tuple_count,
       s.dead_tuple_len, s.approx_free_space::int8 as approx_free_space,
       (bs * ceil(greatest(0, s.table_len - s.dead_tuple_len - s.approx_free_space - s.table_len / bs * 24)
                  / greatest(bs / 4.0, bs - 24 - bs * (100 - ff) / 100 - row_bytes / 2)))::int8 as rebuilt_bytes
  from allowed a, lateral @extschema@.pgstattuple_approx(a.relid::regclass) s,
       lateral (select least(2040, coalesce((s.table_len - s.dead_tuple_len - s.approx_free_space) / nullif(s.approx_tuple_count, 0), 0)) as row_bytes) r`,
})
