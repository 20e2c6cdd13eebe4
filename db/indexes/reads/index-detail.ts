import { z } from 'zod'
import { bytes, oid, statementText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'

/** How many partitions' indexes are listed, largest first. */
const CHILDREN = 100

/**
 * All that stands behind one index: its definition, constraint, partition root and
 * children, table, statistics window. No row: there is no such index any more.
 * pg_get_indexdef and the size functions wait behind an AccessExclusiveLock, so they are not called for an index
 * or table under one, held or waited for; `skipped` then says why those columns are null.
 * Sizes are main forks, in bytes; those of a partitioned index or table are summed over the partitions.
 */
export const indexDetail = defineRead({
  name: 'index-detail',
  about: 'One index: definition, constraint, partitions, table, statistics window',
  params: z.object({ indexrelid: oid }),
  row: z.object({
    indexrelid: oid,
    schemaname: z.string(),
    indexrelname: z.string(),
    relid: oid,
    relname: z.string(),
    relkind: z.enum(['i', 'I']),
    relfilenode: oid,
    amname: z.string(),
    indisunique: z.boolean(),
    indisvalid: z.boolean(),
    indisready: z.boolean(),
    indisreplident: z.boolean(),
    indisclustered: z.boolean(),
    /** CREATE INDEX as pg_get_indexdef writes it. */
    definition: statementText.nullable(),
    /** The predicate, as it ends the definition. */
    predicate: statementText.nullable(),
    /** null: the database's default. pg_get_indexdef leaves it out. */
    tablespace: z.string().nullable(),
    conname: z.string().nullable(),
    /** PRIMARY KEY (…), UNIQUE (…) or EXCLUDE …, as it stands after ADD CONSTRAINT name. */
    constraint_definition: statementText.nullable(),
    /** Foreign keys elsewhere that refer to it: it cannot be dropped while they stand. */
    referenced_by: z.array(z.object({ conname: z.string(), relname: z.string() })),
    root: z.object({ indexrelid: oid, indexrelname: z.string(), relname: z.string() }).nullable(),
    /** How many physical indexes stand behind a partitioned one. */
    partitions: z.number(),
    children: z.array(
      z.object({ indexrelid: oid, indexrelname: z.string(), relname: z.string(), indisvalid: z.boolean(), bytes: z.number().nullable() }),
    ),
    bytes: bytes.nullable(),
    reltuples: z.number().nullable(),
    table_bytes: bytes.nullable(),
    table_rows: z.number().nullable(),
    stats_reset: timestamp.nullable(),
    stats_since: timestamp,
    skipped: z.string().nullable(),
  }),
  sql: /* sql */ `
with /* proctor:index-detail */ recursive here as (
  select oid as datid, stats_reset from pg_database join pg_stat_database on datid = oid where pg_database.datname = current_database()
), ${LOCKED_BY}, asked as materialized (
  select i.*, c.relname as indexrelname, c.relkind, c.relfilenode, c.relispartition, c.reltuples, c.reltablespace, am.amname,
         t.relname, t.relkind as table_kind, t.reltuples as table_rows, n.nspname,
         coalesce((select how from locked where relation = i.indexrelid), (select how from locked where relation = i.indrelid)) as skipped
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am am on am.oid = c.relam
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  where i.indexrelid = $1
), tree as (
  select indexrelid as oid, indrelid as top from asked
  union all
  select h.inhrelid, tree.top from tree join pg_inherits h on h.inhparent = tree.oid
), leaves as materialized (
  -- the index itself when it is a plain one
  select c.oid as indexrelid, c.relname as indexrelname, c.reltuples, i.indisvalid, t.oid as relid, t.relname, t.reltuples as table_rows,
         exists (select from locked where relation in (c.oid, t.oid)) as locked
  from tree
  join pg_class c on c.oid = tree.oid and c.relkind = 'i'
  join pg_index i on i.indexrelid = c.oid
  join pg_class t on t.oid = i.indrelid
), sized as materialized (
  select *, case when not locked then pg_relation_size(indexrelid) end as bytes, case when not locked then pg_relation_size(relid) end as table_bytes
  from leaves
), totals as (
  select count(*)::int as n, case when bool_or(bytes is null) then null else sum(bytes) end as bytes,
         case when bool_or(table_bytes is null) then null else sum(table_bytes) end as table_bytes,
         case when bool_or(reltuples < 0) then null else sum(reltuples::float8) end as reltuples,
         case when bool_or(table_rows < 0) then null else sum(table_rows::float8) end as table_rows
  from sized
)
select a.indexrelid, a.nspname as schemaname, a.indexrelname, a.indrelid as relid, a.relname, a.relkind, a.relfilenode, a.amname,
       a.indisunique, a.indisvalid, a.indisready, a.indisreplident, a.indisclustered,
       case when a.skipped is null then pg_get_indexdef(a.indexrelid) end as definition,
       case when a.skipped is null then pg_get_expr(a.indpred, a.indrelid) end as predicate,
       (select spcname from pg_tablespace where oid = a.reltablespace) as tablespace,
       con.conname, case when a.skipped is null then pg_get_constraintdef(con.oid) end as constraint_definition,
       coalesce((
         select jsonb_agg(jsonb_build_object('conname', f.conname, 'relname', format('%I.%I', fn.nspname, t.relname)) order by f.conname)
         from pg_constraint f
         join pg_class t on t.oid = f.conrelid
         join pg_namespace fn on fn.oid = t.relnamespace
         where f.contype = 'f' and f.conindid = a.indexrelid), '[]') as referenced_by,
       case when a.relispartition then (
         select jsonb_build_object('indexrelid', c.oid::int8, 'indexrelname', c.relname, 'relname', t.relname)
         from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
         where i.indexrelid = pg_partition_root(a.indexrelid)) end as root,
       case when a.relkind = 'I' then totals.n else 0 end as partitions,
       case when a.relkind = 'I' then coalesce((
         select jsonb_agg(jsonb_build_object('indexrelid', s.indexrelid::int8, 'indexrelname', s.indexrelname, 'relname', s.relname,
                                             'indisvalid', s.indisvalid, 'bytes', s.bytes) order by s.bytes desc nulls first, s.indexrelname)
         from (select * from sized order by bytes desc nulls first, indexrelname limit ${CHILDREN}) s), '[]') else '[]' end as children,
       totals.bytes, totals.reltuples, totals.table_bytes, totals.table_rows,
       here.stats_reset, greatest(pg_postmaster_start_time(),
         (select max(backend_start) from pg_stat_activity where backend_type = 'checkpointer')) as stats_since,
       a.skipped
from asked a
cross join totals
cross join here
left join pg_constraint con on con.conindid = a.indexrelid and con.contype in ('p', 'u', 'x')`,
})
