import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * Bytes of every user table and materialized view (manual, 9.28.7): the heap with its free space and visibility maps, the TOAST table
 * with its index, the indexes. One under an AccessExclusiveLock, held or waited for, is left out, as is one whose index or TOAST table is.
 */
export const tableSizes = defineRead({
  name: 'table-sizes',
  about: 'Size of every user table, apart by heap, TOAST and indexes',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    /** The partitioned table at the top, for a partition. */
    root: oid.nullable(),
    heap_bytes: bytes,
    toast_bytes: bytes,
    index_bytes: bytes,
  }),
  timeout: 10_000,
  keep: 10_000,
  sql: /* sql */ `
with /* proctor:table-sizes */ ${LOCKED}, hidden as materialized (
  select relation as relid from locked
   union
  select i.indrelid from locked l join pg_index i on i.indexrelid = l.relation
), readable as materialized (
  select c.oid, n.nspname, c.relname, c.relispartition, c.reltoastrelid
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
     and n.nspname !~ '^pg_toast' and c.oid not in (select relid from hidden) and c.reltoastrelid not in (select relid from hidden)
), sized as (
  select r.*, pg_table_size(r.oid) as table_bytes, pg_indexes_size(r.oid) as index_bytes,
         case when r.reltoastrelid = 0 then 0 else pg_total_relation_size(r.reltoastrelid) end as toast_bytes
    from readable r
)
select oid as relid, nspname as schemaname, relname, case when relispartition then pg_partition_root(oid)::oid end as root,
       table_bytes - toast_bytes as heap_bytes, toast_bytes, index_bytes
  from sized
 where table_bytes is not null and index_bytes is not null and toast_bytes is not null`,
})
