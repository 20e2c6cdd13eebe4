import { z } from 'zod'
import { bytes, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * pgstathashindex of one hash index: it reads every page, so it refuses an index above `limit` bytes (no row). No row either for an index
 * that is no hash index, is invalid, or is under an AccessExclusiveLock, held or waited for.
 * Source: https://www.postgresql.org/docs/current/pgstattuple.html
 */
export const indexHashStatistics = defineRead({
  name: 'index-hash-statistics',
  about: 'pgstathashindex of one hash index, unless it is larger than a limit in bytes',
  extension: { name: 'pgstattuple', version: '1.5' },
  needs: 'pg_stat_scan_tables',
  calls: ['pgstathashindex(regclass)'],
  params: z.object({ indexrelid: oid, limit: z.number().int().positive() }),
  row: z.object({
    bucket_pages: bytes,
    overflow_pages: bytes,
    bitmap_pages: bytes,
    /** Freed overflow pages, kept for reuse. */
    unused_pages: bytes,
    live_items: bytes,
    dead_items: bytes,
    free_percent: float,
    /** Dead rows of the table over all its rows: a rebuild leaves them out. */
    dead_share: float,
  }),
  timeout: 30_000,
  keep: 0,
  sql: /* sql */ `
with /* proctor:index-hash-statistics */ allowed as materialized (
  select i.indexrelid,
         pg_stat_get_dead_tuples(i.indrelid)::float8
           / greatest(pg_stat_get_dead_tuples(i.indrelid) + pg_stat_get_live_tuples(i.indrelid), 1) as dead_share
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam and am.amname = 'hash'
   where i.indexrelid = $1 and i.indisvalid
     and not exists (select from pg_locks l where l.relation in (i.indexrelid, i.indrelid) and l.locktype = 'relation'
                        and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_database where datname = current_database()))
     and pg_relation_size(i.indexrelid) <= $2)
select s.bucket_pages, s.overflow_pages, s.bitmap_pages, s.unused_pages, s.live_items, s.dead_items, s.free_percent, a.dead_share
  from allowed a, lateral @extschema@.pgstathashindex(a.indexrelid::regclass) s`,
})
