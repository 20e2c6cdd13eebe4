import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { INDEX_DIGEST } from './replaced'

const index = z.object({
  indexrelid: oid,
  relid: oid,
  schemaname: z.string(),
  relname: z.string(),
  relfilenode: oid,
  relkind: z.string(),
  indisvalid: z.boolean(),
  indisexclusion: z.boolean(),
  digest: z.string(),
})

const row = z.object({
  oid,
  schemaname: z.string(),
  relname: z.string(),
  relkind: z.string(),
  relfilenode: oid,
  /** A digest of what it consists of: columns and, of an index, keys and predicate. What maintenance changes is not in it. */
  digest: z.string(),
  /** The table, or the object itself when it is one. */
  relid: oid,
  table_schema: z.string(),
  table_name: z.string(),
  amname: z.string().nullable(),
  temporary: z.boolean(),
  catalog: z.boolean(),
  conname: z.string().nullable(),
  indisvalid: z.boolean().nullable(),
  indisreplident: z.boolean().nullable(),
  indisexclusion: z.boolean().nullable(),
  isattached: z.boolean(),
  /** How many leaves a partitioned index or table has. */
  partitions: z.number(),
  owner: z.string(),
  /** USAGE on the schema of the table; `owner_may_use`: its owner has that. */
  may_use_schema: z.boolean(),
  owner_may_use: z.boolean(),
  may_maintain: z.boolean(),
  may_vacuum: z.boolean(),
  may_drop: z.boolean(),
  tablespace: z.string(),
  directory: z.string(),
  data_directory: z.string().nullable(),
  postmaster_start: z.coerce.number(),
  /** Of the table and, when it is partitioned, of its leaves; of an index: itself or its leaves. */
  indexes: z.array(index),
  /** Of the TOAST tables of these tables. */
  toast_indexes: z.array(index),
})

/** A relation as the commands see it, read from the catalogs alone: nothing here waits for a lock on it. */
export type Relation = z.output<typeof row>

/** REINDEX asks for ownership, from 17 on MAINTAIN will do (manual: REINDEX, VACUUM). */
const statement = (mayMaintain: string) => /* sql */ `
with /* proctor:command-relation */ recursive here as (
  select d.dattablespace, pg_has_role(d.datdba, 'USAGE') as owns_database from pg_database d where d.datname = current_database()
), tree as (
  select c.oid, c.relkind, c.reltoastrelid from pg_class c where c.oid = $1 and c.relkind in ('r', 'm', 'p', 't', 'i', 'I')
  union all
  select c.oid, c.relkind, c.reltoastrelid from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind in ('p', 'I')
), chosen as (
  select oid as indexrelid, false as of_toast from tree where relkind = 'i'
  union all
  select i.indexrelid, t.of_toast
    from tree
    cross join lateral (values (tree.oid, false), (nullif(tree.reltoastrelid, 0), true)) t (relid, of_toast)
    join pg_index i on i.indrelid = t.relid
   where tree.relkind not in ('i', 'I')
), leaf_index as (
  select i.indexrelid::int8 as indexrelid, i.indrelid::int8 as relid, n.nspname as schemaname, c.relname,
         coalesce(pg_relation_filenode(c.oid), 0::oid)::int8 as relfilenode, c.relkind, i.indisvalid, i.indisexclusion, ${INDEX_DIGEST} as digest,
         chosen.of_toast
    from chosen
    join pg_index i on i.indexrelid = chosen.indexrelid
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam
    join pg_namespace n on n.oid = c.relnamespace
   order by i.indexrelid
)
select c.oid, n.nspname as schemaname, c.relname, c.relkind,
       coalesce(pg_relation_filenode(c.oid), 0::oid) as relfilenode,
       hashtextextended(concat_ws('|', c.relkind, am.amname, i.indisunique, i.indkey, i.indclass, i.indcollation, i.indoption, i.indexprs::text, i.indpred::text,
         (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)), ',' order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) collate "C", 0)::text as digest,
       t.oid as relid, tn.nspname as table_schema, t.relname as table_name, am.amname,
       c.relpersistence = 't' as temporary, t.oid < 12000 as catalog,
       (select k.conname from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x') limit 1) as conname,
       i.indisvalid, i.indisreplident, i.indisexclusion, c.relispartition as isattached,
       (select count(*)::int from tree where tree.oid <> c.oid and tree.relkind not in ('p', 'I')) as partitions,
       pg_get_userbyid(t.relowner) as owner,
       has_schema_privilege(tn.oid, 'USAGE') as may_use_schema, has_schema_privilege(t.relowner, tn.oid, 'USAGE') as owner_may_use,
       ${mayMaintain} as may_maintain,
       ${mayMaintain} or (here.owns_database and not (select relisshared from pg_class where oid = t.oid)) as may_vacuum,
       pg_has_role(c.relowner, 'USAGE') or pg_has_role(n.nspowner, 'USAGE') as may_drop,
       s.spcname as tablespace, pg_tablespace_location(s.oid) as directory,
       (select setting from pg_settings where name = 'data_directory') as data_directory,
       floor(extract(epoch from pg_postmaster_start_time()))::int8 as postmaster_start,
       coalesce((select json_agg(leaf_index) from leaf_index where not of_toast), '[]') as indexes,
       coalesce((select json_agg(leaf_index) from leaf_index where of_toast), '[]') as toast_indexes
  from pg_class c
  cross join here
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
  join pg_class t on t.oid = coalesce(i.indrelid, c.oid)
  join pg_namespace tn on tn.oid = t.relnamespace
  left join pg_am am on am.oid = c.relam
  join pg_tablespace s on s.oid = coalesce(nullif(c.reltablespace, 0), here.dattablespace)
 where c.oid = $1 and c.relkind in ('r', 'm', 'p', 't', 'i', 'I')`

export const commandRelation = defineRead({
  name: 'command-relation',
  about: 'One table or index with what decides how it may be maintained',
  params: z.object({ oid }),
  row,
  sql: {
    14: statement(`pg_has_role(t.relowner, 'USAGE')`),
    17: statement(`(pg_has_role(t.relowner, 'USAGE') or has_table_privilege(t.oid, 'MAINTAIN'))`),
  },
  keep: 0,
})

/**
 * What the receipt compares, in bytes: the relation's main fork, the indexes of a table, all that belongs to it.
 * Null where an AccessExclusiveLock, held or waited for, stands on any part: the size functions would queue behind it.
 */
export const commandSize = defineRead({
  name: 'command-size',
  about: 'Size of one table or index with its partitions; null behind an AccessExclusiveLock',
  params: z.object({ oid }),
  row: z.object({
    relation: bytes.nullable(),
    indexes: bytes.nullable(),
    total: bytes.nullable(),
    parts: z.record(z.string(), z.number()),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:command-size */ recursive tree as (
  select c.oid, c.relkind, c.reltoastrelid from pg_class c where c.oid = $1
  union all
  select c.oid, c.relkind, c.reltoastrelid
    from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind in ('p', 'I')
), leaf as materialized (
  select oid, relkind, reltoastrelid from tree where relkind not in ('p', 'I')
), index as materialized (
  select i.indexrelid, i.indrelid from pg_index i join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
   where i.indrelid in (select oid from leaf) or i.indrelid in (select reltoastrelid from leaf)
), free as materialized (
  select not exists (
    select from pg_locks l
     where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
       and l.database = (select oid from pg_database where datname = current_database())
       and l.relation in (select oid from leaf union all select reltoastrelid from leaf union all select indexrelid from index)) as free
)
select case when free then (select sum(pg_relation_size(oid)) from leaf) end as relation,
       case when free and exists (select from leaf) then (
         select coalesce(sum(pg_relation_size(indexrelid)), 0) from index where indrelid in (select oid from leaf)) end as indexes,
       case when free then (select sum(pg_total_relation_size(oid)) from leaf) end as total,
       case when free then coalesce(
         (select json_object_agg(p.oid, pg_relation_size(p.oid))
            from (select oid from leaf where relkind = 'i' union select indexrelid from index where indrelid in (select oid from leaf)) p), '{}')
       else '{}' end as parts
  from free`,
})
