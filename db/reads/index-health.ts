import { z } from 'zod'
import { counter, oid, timestamp } from '../server/columns'
import { defineRead } from '../server/define-read'

/**
 * Every user index with what a verdict needs, one row a physical or partitioned index. Attached indexes of
 * partitions name the root that they roll up to (`indexroot`), for only the root can be dropped.
 *
 * - Relations under an AccessExclusiveLock, held or waited for, are not touched, for pg_get_expr would queue behind it;
 *   `skipped` names them. Sizes are not here: opening 30,000 indexes costs more than all the rest (index-sizes).
 * - Redundant: every query that this index can serve, `redundant_with` serves too, and it stays. Compared are
 *   access method, key columns, operator classes, collations, sort flags, INCLUDE columns, predicate,
 *   expressions, uniqueness with NULLS NOT DISTINCT (15) and deferral. An index that a constraint, a foreign
 *   key, a replica identity or a partition root needs is never the redundant one; of two that could stand
 *   for each other, the older stays.
 * - A foreign key is served by a valid b-tree whose first columns are the key's, in any order, whole or
 *   partial on IS NOT NULL of one of them (manual, 5.5.5). `sole_for` names the keys that no other index which
 *   stays would serve: where several unused ones would do, exactly one of them is kept.
 * - The full joins add no row; they are there because a nested loop cannot do them. The planner expects one row
 *   of each step and would otherwise walk 30,000 indexes once for each of thousands.
 * - Scans come from the functions behind pg_stat_all_indexes: the view would join the catalogs once more.
 */
const statement = (nullsNotDistinct: string, lastIdxScan: string) => /* sql */ `
with /* proctor:index-health */ here as (
  select oid as datid from pg_database where datname = current_database()
), locked as materialized (
  select distinct on (l.relation) l.relation,
         format('AccessExclusiveLock %s by %s', case when l.granted then 'held' else 'waited for' end,
                coalesce('pid ' || l.pid, 'a prepared transaction')) as how
  from pg_locks l, here
  where l.locktype = 'relation' and l.database = here.datid and l.mode = 'AccessExclusiveLock'
    and l.pid is distinct from pg_backend_pid()
  order by l.relation, l.granted desc, l.pid
), building as materialized (
  -- A concurrent build holds ShareUpdateExclusiveLock on its table. Lock and pid are visible to every role.
  select l.relation, min(p.pid) as pid
  from pg_stat_progress_create_index p, pg_locks l, here
  where l.pid = p.pid and p.datid = here.datid and l.database = here.datid and l.locktype = 'relation'
    and l.mode = 'ShareUpdateExclusiveLock' and l.granted
  group by l.relation
), backed as materialized (
  select conindid, min(conname) filter (where contype in ('p', 'u', 'x')) as conname, bool_or(contype = 'f') as referenced
  from pg_constraint
  where conindid <> 0 and contype in ('p', 'u', 'x', 'f')
  group by conindid
), ix as materialized (
  select i.indexrelid, i.indrelid, n.nspname, t.relname, c.relname as indexrelname, am.amname, c.relkind, c.relfilenode, c.reltuples,
         c.relispartition, c.reloptions, i.indnkeyatts as n, i.indnatts as natts, i.indkey::int2[] as keys, i.indclass::oid[] as classes,
         i.indcollation::oid[] as collations, i.indoption::int2[] as options, i.indpred is not null as has_pred,
         i.indexprs is not null as has_exprs, i.indisunique, i.indisprimary, i.indisexclusion, i.indimmediate, i.indisreplident,
         i.indisvalid, i.indisready, ${nullsNotDistinct} as nulls_not_distinct, b.conname as backs, coalesce(b.referenced, false) as referenced,
         b.conindid is not null or i.indisreplident or c.relispartition as held,
         li.how as index_locked, lt.how as table_locked, pg_stat_get_numscans(i.indexrelid) as idx_scan,
         count(*) over (partition by i.indrelid, c.relam, i.indkey[0]) > 1 as has_peer
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_am am on am.oid = c.relam
  left join backed b on b.conindid = i.indexrelid
  left join locked li on li.relation = i.indexrelid
  left join locked lt on lt.relation = i.indrelid
  where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast' and t.relpersistence <> 't'
), alike as materialized (
  -- r could go because k stays; predicates and expressions are compared after this, for the few that are left.
  select r.indexrelid, k.indexrelid as kept, k.n as kept_n, k.held as kept_held,
         case when r.n = k.n and r.natts = k.natts then 'duplicate' else 'prefix' end as kind, r.has_pred or r.has_exprs as has_text
  from ix r
  join ix k on k.indrelid = r.indrelid and k.amname = r.amname and k.keys[0] = r.keys[0] and k.indexrelid <> r.indexrelid
  where r.has_peer and k.has_peer and not r.held and r.indisvalid and k.indisvalid and r.n <= k.n
    and r.has_pred = k.has_pred and r.has_exprs = k.has_exprs and not ((r.has_pred or r.has_exprs) and r.table_locked is not null)
    and r.keys[0:r.n - 1] = k.keys[0:r.n - 1] and r.classes[0:r.n - 1] = k.classes[0:r.n - 1]
    and r.collations[0:r.n - 1] = k.collations[0:r.n - 1] and r.options[0:r.n - 1] = k.options[0:r.n - 1]
    and r.keys[r.n:r.natts - 1] <@ k.keys
    and (r.amname = 'btree' or (r.n = k.n and r.natts = k.natts and r.reloptions is not distinct from k.reloptions))
    and (not r.indisunique or (k.indisunique and r.n = k.n and k.indimmediate >= r.indimmediate
                               and k.nulls_not_distinct = r.nulls_not_distinct))
    and (k.held or k.indexrelid < r.indexrelid
         or not (r.n = k.n and k.keys[k.n:k.natts - 1] <@ r.keys
                 and (not k.indisunique or (r.indisunique and r.indimmediate >= k.indimmediate
                                            and r.nulls_not_distinct = k.nulls_not_distinct))))
), pairs as materialized (
  select a.*
  from alike a
  where case when a.has_text then exists (
    select from pg_index r, pg_index k
    where r.indexrelid = a.indexrelid and k.indexrelid = a.kept
      and pg_get_expr(r.indpred, r.indrelid) is not distinct from pg_get_expr(k.indpred, k.indrelid)
      and pg_get_expr(r.indexprs, r.indrelid) is not distinct from pg_get_expr(k.indexprs, k.indrelid)) else true end
), redundant as materialized (
  select distinct on (indexrelid) indexrelid, kept, kind
  from pairs
  where kept not in (select indexrelid from pairs)
  order by indexrelid, kind, kept_held desc, kept_n, kept
), marked as materialized (
  select x.*, r.kept, r.kind from ix x full join redundant r on r.indexrelid = x.indexrelid
), foreign_keys as materialized (
  -- A key that refers to a partitioned table has one more entry per partition, under its own table: left out.
  select f.oid, f.conrelid, f.conname, f.conkey, cardinality(f.conkey) as n
  from pg_constraint f
  left join pg_constraint parent on parent.oid = f.conparentid and f.conparentid <> 0
  where f.contype = 'f' and parent.conrelid is distinct from f.conrelid
), beside as materialized (
  select f.oid, f.conname, f.conkey, f.n as columns, x.*
  from foreign_keys f full join marked x on x.indrelid = f.conrelid
), serving as materialized (
  select conname, indexrelid,
         row_number() over (partition by oid order by kept is null desc, held or indisunique desc, idx_scan > 0 desc, n, indexrelid) = 1 as sole
  from beside
  where oid is not null and amname = 'btree' and indisvalid and n >= columns
    and keys[0:columns - 1] <@ conkey and keys[0:columns - 1] @> conkey
    and case when has_pred then table_locked is null and exists (
      select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (conkey)
      where i.indexrelid = beside.indexrelid and pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)) else true end
), served as materialized (
  select indexrelid, array_agg(conname::text order by conname) as foreign_keys,
         array_agg(conname::text order by conname) filter (where sole) as sole_for
  from serving
  group by indexrelid
)
select x.indexrelid, x.nspname as schemaname, x.relname, x.indrelid as relid, x.indexrelname, x.amname, x.relkind, x.relfilenode,
       case when x.relispartition then pg_partition_root(x.indexrelid)::oid end as indexroot,
       nullif(x.reltuples, -1) as reltuples,
       x.idx_scan, pg_stat_get_tuples_returned(x.indexrelid) as idx_tup_read, pg_stat_get_tuples_fetched(x.indexrelid) as idx_tup_fetch,
       ${lastIdxScan} as last_idx_scan,
       pg_stat_get_numscans(x.indrelid) + sum(x.idx_scan) over (partition by x.indrelid) as table_scans,
       pg_stat_get_tuples_inserted(x.indrelid) + pg_stat_get_tuples_updated(x.indrelid) + pg_stat_get_tuples_deleted(x.indrelid) as table_changes,
       x.indisunique, x.indisprimary, x.indisexclusion, x.indisreplident, x.indisvalid, x.indisready, x.has_exprs,
       x.backs as conname, x.referenced, b.pid as building, x.kept as redundant_with, x.kind as redundant_kind, f.foreign_keys, f.sole_for,
       coalesce(x.index_locked, x.table_locked) as skipped
from marked x
full join served f on f.indexrelid = x.indexrelid
left join building b on b.relation = x.indrelid and not x.indisvalid`

export const indexHealth = defineRead({
  name: 'index-health',
  about: 'Every user index: use, constraint, foreign keys served, redundancy, validity, partition root',
  params: z.object({}),
  row: z.object({
    indexrelid: oid,
    schemaname: z.string(),
    relname: z.string(),
    relid: oid,
    indexrelname: z.string(),
    amname: z.string(),
    /** i: a physical index. I: a partitioned one, which has no file. */
    relkind: z.enum(['i', 'I']),
    relfilenode: oid,
    /** The partitioned index at the top, for an attached index of a partition. */
    indexroot: oid.nullable(),
    /** null: never counted. */
    reltuples: z.number().nullable(),
    idx_scan: counter,
    idx_tup_read: counter,
    idx_tup_fetch: counter,
    last_idx_scan: timestamp.nullable(),
    /** Sequential and index scans of the table. */
    table_scans: counter,
    /** Rows of the table inserted, updated and deleted. */
    table_changes: counter,
    indisunique: z.boolean(),
    indisprimary: z.boolean(),
    indisexclusion: z.boolean(),
    indisreplident: z.boolean(),
    indisvalid: z.boolean(),
    indisready: z.boolean(),
    has_exprs: z.boolean(),
    /** The primary key, unique or exclusion constraint that it backs. */
    conname: z.string().nullable(),
    /** A foreign key elsewhere refers to it. */
    referenced: z.boolean(),
    /** The backend that is building it concurrently now. */
    building: z.number().nullable(),
    redundant_with: oid.nullable(),
    redundant_kind: z.enum(['duplicate', 'prefix']).nullable(),
    foreign_keys: z.array(z.string()).nullable(),
    sole_for: z.array(z.string()).nullable(),
    skipped: z.string().nullable(),
  }),
  sql: {
    14: statement('false', 'null::timestamptz'),
    15: statement('i.indnullsnotdistinct', 'null::timestamptz'),
    16: statement('i.indnullsnotdistinct', 'pg_stat_get_lastscan(x.indexrelid)'),
  },
  timeout: 5_000, // half a second for 30,000 indexes, more on a busy machine
  keep: 5_000,
})
