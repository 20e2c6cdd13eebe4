import { z } from 'zod'
import { bytes, counter, oid } from '../server/columns'
import { defineRead } from '../server/define-read'

/**
 * Foreign keys that no index of the referencing table serves: each DELETE of a referenced row, or UPDATE of
 * its key, then reads the whole referencing table (manual, 5.5.5). An index serves when it is a valid b-tree whose
 * first columns are the key's, in any order, whole or partial on IS NOT NULL of one of them. A partitioned table has
 * the key once, at its root, and wants the index there. Bytes of a table under an AccessExclusiveLock are null.
 */
export const foreignKeysWithoutIndex = defineRead({
  name: 'foreign-keys-without-index',
  about: 'Foreign keys whose referencing columns no index serves',
  params: z.object({}),
  row: z.object({
    oid,
    conname: z.string(),
    schemaname: z.string(),
    relname: z.string(),
    relid: oid,
    /** The referencing columns, in the key's order. */
    columns: z.array(z.string()),
    /** schema.table, quoted. */
    referenced: z.string(),
    on_delete: z.string(),
    bytes: bytes.nullable(),
    reltuples: z.number().nullable(),
    /** Rows deleted from the referenced table: each of them read the referencing one. */
    deleted: counter,
    partitioned: z.boolean(),
    /** Names of the indexes that the referencing table has, which a new one cannot take. */
    taken: z.array(z.string()),
  }),
  sql: /* sql */ `
with /* proctor:foreign-keys-without-index */ locked as materialized (
  select distinct relation from pg_locks
  where locktype = 'relation' and mode = 'AccessExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())
)
select f.oid, f.conname, n.nspname as schemaname, t.relname, t.oid as relid,
       array(select a.attname::text from unnest(f.conkey) with ordinality k (attnum, place)
             join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum order by k.place) as columns,
       format('%I.%I', rn.nspname, r.relname) as referenced,
       case f.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
                          else 'set default' end as on_delete,
       case when t.oid not in (select relation from locked) then pg_relation_size(t.oid) end as bytes,
       nullif(t.reltuples, -1) as reltuples, pg_stat_get_tuples_deleted(f.confrelid) as deleted, t.relkind = 'p' as partitioned,
       array(select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = t.oid) as taken
from pg_constraint f
join pg_class t on t.oid = f.conrelid
join pg_namespace n on n.oid = t.relnamespace
join pg_class r on r.oid = f.confrelid
join pg_namespace rn on rn.oid = r.relnamespace
where f.contype = 'f' and f.conparentid = 0 and t.relpersistence <> 't'
  -- asked of each key by the index on pg_index.indrelid
  and case when exists (
    select from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_am am on am.oid = c.relam
    where i.indrelid = f.conrelid and i.indisvalid and am.amname = 'btree' and i.indnkeyatts >= cardinality(f.conkey)
      and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] <@ f.conkey and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
      and case when i.indpred is null then true
               -- its predicate cannot be read now; no alarm while that lasts
               when i.indrelid in (select relation from locked) then true
               else exists (select from pg_attribute k where k.attrelid = i.indrelid and k.attnum = any (f.conkey)
                               and pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', k.attname)) end) then false else true end
order by bytes desc nulls last, f.conname`,
})
