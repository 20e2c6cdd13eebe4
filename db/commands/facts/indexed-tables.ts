import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * The tables that a run writes indexes of: that of its object, or the leaves of a partitioned one, and those of some indexes. What was
 * built since is told by the files, and whether its size is that of a fresh index by the changes.
 */
export const indexedTables = defineRead({
  name: 'indexed-tables',
  about: 'Tables with the files of their indexes, and how often their rows were changed',
  params: z.object({ relid: oid, indexes: z.array(oid) }),
  row: z.object({
    oid,
    /** Rows inserted, updated and deleted. */
    changes: counter,
    /** pg_class.reltuples; null: never counted. */
    reltuples: z.number().nullable(),
    files: z.array(z.coerce.number()),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:indexed-tables */ recursive tree as (
  select c.oid, c.relkind from pg_class c where c.oid = $1
  union all
  select c.oid, c.relkind from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind = 'p'
)
select c.oid, nullif(c.reltuples, -1)::float8 as reltuples,
       (pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid))::text as changes,
       array(select x.relfilenode::int8 from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid) as files
  from pg_class c
 where c.relkind in ('r', 'm', 't')
   and (c.oid in (select oid from tree) or c.oid in (select indrelid from pg_index where indexrelid = any($2::oid[])))`,
})
