/**
 * monitor_index_health: one row an index with its size, its use and what to do about it. The SQL is the body of the
 * function and, with $1 bound, a statement by itself: nothing has to be installed.
 *
 * $1 is a schema, or null for every schema but the system's. Nothing in it can wait for a lock:
 * - The size of a relation under an AccessExclusiveLock, held or waited for, is not asked; its row says so.
 * - Predicates and expressions are compared as stored trees without their positions in the source text. pg_get_expr
 *   would open the table.
 *
 * An index of a partition is counted under the partitioned index at the top, the only one that can be dropped.
 * Redundant is what another valid index can stand in for in every query and every rule: same access method, leading
 * key columns, operator classes, collations, sort flags, expressions and predicate; INCLUDE columns at hand there; a
 * unique one only by one as strict (same keys, NULLS NOT DISTINCT, not checked later). Never an index that a
 * constraint, a foreign key elsewhere or the replica identity stands on. Of two equals the older stays.
 *
 * usage_ratio is the percentage of all scans of the table, sequential and index, that used the index.
 * Manual: pg_index; The Cumulative Statistics System; pg_locks.
 */
export const MONITOR_INDEX_HEALTH = /* sql */ `
with /* proctor:monitor-index-health */ locked as materialized (
  select relation, bool_or(granted) as held
  from pg_locks
  where locktype = 'relation' and mode = 'AccessExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())
  group by relation
), backed as materialized (
  select conindid from pg_constraint where conindid <> 0 group by conindid
), one as materialized (
  select i.indexrelid, i.indrelid, c.relname, c.relkind, c.relnamespace, c.relam, i.indisunique, i.indimmediate,
         i.indisvalid and i.indisready and i.indislive as valid,
         b.conindid is not null or i.indisreplident as kept,
         i.indnkeyatts as n, i.indnatts as total, i.indkey::int2[] as k, i.indclass::oid[] as classes, i.indcollation::oid[] as collations,
         i.indoption::int2[] as options, i.indpred is not null as partial, i.indexprs is not null as computed,
         case when c.relispartition then pg_partition_root(i.indexrelid)::oid else i.indexrelid end as root,
         coalesce(li.held, lt.held) as lock_held,
         case when li.relation is null and lt.relation is null and c.relkind = 'i' then pg_relation_size(i.indexrelid) end as bytes,
         pg_stat_get_numscans(i.indexrelid) as scans, pg_stat_get_tuples_returned(i.indexrelid) as read,
         pg_stat_get_tuples_fetched(i.indexrelid) as fetched,
         pg_stat_get_numscans(i.indrelid) + sum(pg_stat_get_numscans(i.indexrelid)) over (partition by i.indrelid) as table_scans,
         greatest(t.reltuples, 0) as table_rows, count(*) over (partition by i.indrelid, c.relam, i.indkey[0]) > 1 as has_peer
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm', 'p')
  left join backed b on b.conindid = i.indexrelid
  left join locked li on li.relation = i.indexrelid
  left join locked lt on lt.relation = i.indrelid
  where c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
), alike as materialized (
  -- y can stand in for x, as far as plain columns go
  select x.indexrelid, y.indexrelid as stays, y.kept as stays_kept, y.n as stays_n, x.partial or x.computed as has_tree,
         case when x.n = y.n and x.total = y.total then 'duplicate' else 'prefix' end as kind
  from one x
  join one y on y.indrelid = x.indrelid and y.relam = x.relam and y.k[0] = x.k[0] and y.indexrelid <> x.indexrelid
  join pg_am am on am.oid = x.relam
  where x.has_peer and y.has_peer and x.root = x.indexrelid and not x.kept and x.valid and y.valid
    and y.partial = x.partial and x.n <= y.n and (not x.computed or y.computed)
    and x.k[0:x.n - 1] = y.k[0:x.n - 1] and x.classes[0:x.n - 1] = y.classes[0:x.n - 1]
    and x.collations[0:x.n - 1] = y.collations[0:x.n - 1] and x.options[0:x.n - 1] = y.options[0:x.n - 1]
    and x.k[x.n:x.total - 1] <@ y.k
    and (am.amname = 'btree' or (x.n = y.n and x.total = y.total))
    and (not x.indisunique or (y.indisunique and x.n = y.n and y.indimmediate >= x.indimmediate))
    and (y.kept or y.indexrelid < x.indexrelid
         or x.n < y.n or x.total < y.total or (y.indisunique and (not x.indisunique or y.indimmediate > x.indimmediate)))
), redundant as materialized (
  -- the rest is looked at only for the few that are alike: stored trees, NULLS NOT DISTINCT (15), operator class options
  select distinct on (a.indexrelid) a.indexrelid, format('%s of %s', a.kind, yc.relname) as why
  from alike a
  join pg_class yc on yc.oid = a.stays
  where case when a.has_tree then exists (
      select from pg_index x, pg_index y,
        lateral (select regexp_replace(x.indpred::text, ' :location -?\\d+', '', 'g') as xp, regexp_replace(y.indpred::text, ' :location -?\\d+', '', 'g') as yp,
                        left(regexp_replace(x.indexprs::text, ' :location -?\\d+', '', 'g'), -1) as xe, regexp_replace(y.indexprs::text, ' :location -?\\d+', '', 'g') as ye) t
      where x.indexrelid = a.indexrelid and y.indexrelid = a.stays and xp is not distinct from yp
        and (xe is null or (starts_with(ye, xe) and substr(ye, length(xe) + 1, 1) in (' ', ')')))
    ) else true end
    and not exists (
      select from pg_index x, pg_index y
      where x.indexrelid = a.indexrelid and y.indexrelid = a.stays and x.indisunique
        and to_jsonb(x)->'indnullsnotdistinct' is distinct from to_jsonb(y)->'indnullsnotdistinct')
    and not exists (
      select from pg_attribute xa join pg_attribute ya on ya.attrelid = a.stays and ya.attnum = xa.attnum
      where xa.attrelid = a.indexrelid and xa.attoptions is distinct from ya.attoptions)
  order by a.indexrelid, a.kind, a.stays_kept desc, a.stays_n, yc.relname
), serving as materialized (
  -- a foreign key is served by a b-tree whose first columns are the key's, whole or without the NULLs of its one column
  select f.oid, f.conname, x.indexrelid
  from pg_constraint f
  join one x on x.indrelid = f.conrelid
  join pg_am am on am.oid = x.relam and am.amname = 'btree'
  where f.contype = 'f' and x.root = x.indexrelid and x.valid and x.n >= cardinality(f.conkey)
    and x.k[0:cardinality(f.conkey) - 1] @> f.conkey and x.k[0:cardinality(f.conkey) - 1] <@ f.conkey
    and case when x.partial then exists (
      select from pg_index i
      where i.indexrelid = x.indexrelid and cardinality(f.conkey) = 1
        and i.indpred::text ~ format('^\\{NULLTEST :arg \\{VAR [^{}]*:varattno %s [^{}]*\\} :nulltesttype 1 [^{}]*\\}$', f.conkey[1])
    ) else true end
), only_one as materialized (
  select min(indexrelid::text)::oid as indexrelid, min(conname) as conname from serving group by oid having count(*) = 1
), only_for as materialized (
  select indexrelid, string_agg(conname, ', ' order by conname) as keys from only_one group by indexrelid
), whole as materialized (
  select root, bool_or(lock_held) as lock_held, sum(bytes) as bytes, sum(scans) as scans, sum(read) as read, sum(fetched) as fetched,
         sum(table_scans) filter (where relkind = 'i') as table_scans, sum(table_rows) filter (where relkind = 'i') as table_rows
  from one
  group by root
), building as materialized (
  select index_relid from pg_stat_progress_create_index group by index_relid
)
select n.nspname::text as schema_name, t.relname::text as table_name, x.relname::text as index_name,
       case when w.lock_held is null then pg_size_pretty(coalesce(w.bytes, 0)) end as index_size,
       w.scans::bigint as index_scans, w.read::bigint as tuples_read, w.fetched::bigint as tuples_fetched,
       round(100.0 * w.scans / nullif(w.table_scans, 0), 2) as usage_ratio,
       case
         when w.lock_held then 'SKIPPED - AccessExclusiveLock held'
         when not w.lock_held then 'SKIPPED - AccessExclusiveLock waited for'
         when not x.valid and g.index_relid is not null then 'BEING BUILT - Wait for it'
         when not x.valid and x.relkind = 'I' then 'INVALID - Attach an index of every partition'
         when not x.valid and x.relname ~ '_cc(new|old)[0-9]*$' then 'INVALID - Drop, left over by REINDEX CONCURRENTLY'
         when not x.valid then 'INVALID - Drop and rebuild'
         when r.why is not null then 'REDUNDANT - ' || r.why
         when x.kept or x.indisunique then 'CONSTRAINT - Keep'
         when w.scans = 0 and o.keys is not null then 'UNUSED - But only index for FK ' || o.keys
         when w.scans = 0 then 'UNUSED - Consider dropping'
         when w.table_rows >= 1000 and w.read / w.scans > 0.2 * w.table_rows then 'LOW SELECTIVITY - Review queries'
         when w.scans < 100 and w.bytes > 1048576 then 'LARGE & RARELY USED'
         else 'HEALTHY'
       end as recommendation
from whole w
join one x on x.indexrelid = w.root
join pg_class t on t.oid = x.indrelid
join pg_namespace n on n.oid = x.relnamespace
left join redundant r on r.indexrelid = x.indexrelid
left join only_for o on o.indexrelid = x.indexrelid
left join building g on g.index_relid = x.indexrelid
where n.nspname = $1 or $1 is null
order by w.scans, w.bytes desc nulls last, n.nspname, t.relname, x.relname`
