import { LARGER_BYTES, LARGER_TIMES } from '../domain/covering-size'
import { ALIKE_COLUMNS, ALIKE_INDEXES } from '../indexes/reads/alike-indexes-sql'
import { INVALID_ADVICE } from './invalid-advice'

/**
 * monitor_index_health: one row an index with its size, its use and what to do about it. The SQL is the body of the
 * function and, with $1 bound, a statement by itself: nothing has to be installed.
 *
 * $1 is a schema, or null for every schema but the system's. Nothing in it can wait for a lock:
 * - The size of a relation under an AccessExclusiveLock, held or waited for, is not asked; its row says so.
 *
 * An index of a partition is counted under the partitioned index at the top, the only one that can be dropped.
 * Which could stand in for which is decided as the console does (db/indexes/redundancy.ts): redundant is what another index serves
 * in full, without doubt, at no more than a few times its size, and that index has no such stand-in itself. Of two equals the
 * one with more scans stays, then the smaller, then the older. What stays takes over the scans of what goes, and is never unused beside it.
 *
 * A foreign key is served as db/indexes/foreign-key-service.ts has it, as far as SQL alone can tell: where only some of its columns are in
 * front of an index, or an expression is, the index may serve, and is not proposed.
 *
 * An index without a scan is never proposed for removal: the catalogs do not tell how old it is, nor what other servers of the cluster scan.
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
         b.conindid is not null or i.indisreplident as kept, i.indisclustered,
         i.indnkeyatts as n, i.indnatts as total, i.indkey::int2[] as k, i.indclass::oid[] as classes, i.indcollation::oid[] as collations,
         i.indoption::int2[] as options, i.indpred is not null as partial,
         case when c.relispartition then pg_partition_root(i.indexrelid)::oid else i.indexrelid end as root,
         coalesce(li.held, lt.held) as lock_held,
         case when li.relation is null and lt.relation is null and c.relkind = 'i' then pg_relation_size(i.indexrelid) end as bytes,
         pg_stat_get_numscans(i.indexrelid) as scans, pg_stat_get_tuples_returned(i.indexrelid) as read,
         pg_stat_get_tuples_fetched(i.indexrelid) as fetched,
         pg_stat_get_numscans(i.indrelid) + sum(pg_stat_get_numscans(i.indexrelid)) over (partition by i.indrelid) as table_scans,
         greatest(t.reltuples, 0) as table_rows, ${ALIKE_COLUMNS}
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm', 'p')
  join pg_am am on am.oid = c.relam
  left join backed b on b.conindid = i.indexrelid
  left join locked li on li.relation = i.indexrelid
  left join locked lt on lt.relation = i.indrelid
  where c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
), whole as materialized (
  select root, bool_or(lock_held) as lock_held, sum(bytes) as bytes, sum(scans) as scans, sum(read) as read, sum(fetched) as fetched,
         sum(table_scans) filter (where relkind = 'i') as table_scans, sum(table_rows) filter (where relkind = 'i') as table_rows
  from one
  group by root
), ${ALIKE_INDEXES}, sized as materialized (
  -- an attached index has the size of its own, not that of the whole
  select p.*, x.relname as x_name, xw.scans as x_scans, coalesce(xw.bytes, 0) as x_bytes, y.root, y.n, y.relname as y_name,
         y.kept or y.root <> y.indexrelid as held, case when y.root = y.indexrelid then yw.scans else y.scans end as y_scans,
         case when y.root = y.indexrelid then coalesce(yw.bytes, 0) when y.relkind = 'i' then y.bytes
              else (select coalesce(sum(l.bytes), 0) from one l
                    where l.root = y.root and l.relkind = 'i' and y.indexrelid in (select relid from pg_partition_ancestors(l.indexrelid))) end as y_bytes
  -- full joins are made by hash: the planner expects one pair and would walk all for each
  from pairs p
  full join one x on x.indexrelid = p.indexrelid
  full join whole xw on xw.root = p.indexrelid
  full join one y on y.indexrelid = p.stays
  full join whole yw on yw.root = y.root
  where coalesce(p.indexrelid, 0) > 0 and xw.lock_held is null and yw.lock_held is null
), weighed as materialized (
  select s.*, doubts = '{}' and not (y_bytes > ${LARGER_TIMES} * x_bytes and y_bytes - x_bytes > ${LARGER_BYTES}) as firm,
         (-y_scans, y_bytes, stays) < (-x_scans, x_bytes, indexrelid) as stays_before
  from sized s
), one_way as materialized (
  -- of two that could stand in for each other one only goes
  select j.*, firm and (stays_before or count(*) filter (where firm) over two < 2) as proposed, stays_before or count(*) over two < 2 as of_two
  from weighed j
  window two as (partition by least(indexrelid, stays), greatest(indexrelid, stays))
), redundant as materialized (
  select distinct on (indexrelid) indexrelid, root, x_scans, x_name, format('%s of %s', kind, y_name) as why
  from one_way
  where proposed and stays not in (select indexrelid from one_way where proposed)
  order by indexrelid, kind, held desc, n, stays
), doubted as materialized (
  select distinct on (indexrelid) indexrelid, root, x_scans, x_name
  from one_way
  where of_two and stays not in (select indexrelid from one_way where of_two)
  order by indexrelid, cardinality(doubts), kind <> 'duplicate', held desc, n, stays
), stand_in as materialized (
  -- what stays for those that go: redundant ones, whose scans it takes over, and unused ones
  select root, sum(scans) as scans, min(x_name) as of
  from (select root, x_scans as scans, x_name from redundant
        union all
        select root, 0, x_name from doubted where x_scans = 0 or indexrelid in (select indexrelid from redundant)) s
  group by root
), keyed as materialized (
  -- each table that the check of a foreign key reads, with what its columns have to fit: operator, collation, and no cast by a function
  select f.oid, f.conname, f.conrelid, f.conkey, c.operators, c.collations, c.computed
  from pg_constraint f
  join pg_class t on t.oid = f.conrelid
  left join pg_constraint parent on parent.oid = f.conparentid and f.conparentid <> 0
  cross join lateral (
    select array_agg(o.oprcom order by k.place) as operators,
           array_agg(case when ra.attcollation <> a.attcollation and not (
                       select rc.collisdeterministic from pg_collation rc where rc.oid = ra.attcollation)
                     then ra.attcollation else a.attcollation end order by k.place) as collations,
           array_agg(o.oprright <> a.atttypid and exists (
             select from pg_cast x join pg_type y on y.oid = a.atttypid
             where x.castsource in (a.atttypid, y.typbasetype) and x.casttarget = o.oprright and x.castfunc <> 0) order by k.place) as computed
    from unnest(f.conkey, f.confkey, f.conpfeqop) with ordinality k (attnum, refnum, operator, place)
    join pg_operator o on o.oid = k.operator
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum
    join pg_attribute ra on ra.attrelid = f.confrelid and ra.attnum = k.refnum) c
  where f.contype = 'f' and parent.conrelid is distinct from f.conrelid and to_jsonb(f)->'conenforced' is distinct from 'false'
    and (t.relkind = 'r' or not exists (select from pg_inherits h where h.inhparent = f.conrelid))
), fitting as materialized (
  -- key columns in front of the index; of GIN, BRIN and bloom in any place; expressions may be what the check compares, or not
  select f.oid, f.conname, f.conkey, x.root, x.indexrelid, x.partial, x.indisunique and x.n = used.columns as by_unique,
         used.columns = cardinality(f.conkey) as by_all, used.unsure or am.amname not in ('btree', 'hash', 'gist', 'spgist', 'gin') as unsure
  from keyed f
  join one x on x.indrelid = f.conrelid and x.valid
  join pg_am am on am.oid = x.relam
  cross join lateral (
    select count(distinct key) as columns, bool_or(computed) as unsure
    from (
      select i.place, min(fit.place) as key, bool_or(i.attnum = 0) as computed,
             bool_and(min(fit.place) is not null) over (order by i.place) as in_front
      from unnest(x.k, x.classes, x.collations) with ordinality i (attnum, class, coll, place)
      join pg_opclass oc on oc.oid = i.class
      left join lateral (
        select k.place
        from unnest(f.conkey, f.operators, f.collations, f.computed) with ordinality k (attnum, operator, coll, computed, place)
        where (i.attnum = 0 or (i.attnum = k.attnum and not k.computed)) and i.coll in (0, k.coll)
          and exists (select from pg_amop ao where ao.amopopr = k.operator and ao.amoppurpose = 's' and ao.amopfamily = oc.opcfamily)) fit on true
      where i.place <= x.n
      group by i.place) places
    where key is not null and (in_front or am.amname in ('gin', 'brin', 'bloom'))) used
  where used.columns > 0
), reduced as materialized (
  -- the check implies IS NOT NULL of each column of the key, all parts of an AND, one part of an OR
  select t.oid, t.conname, t.root, not t.unsure and (t.by_all or t.by_unique) and coalesce(p.predicate, 'TRUE') = 'TRUE' as sure
  from fitting t
  cross join lateral (
    select case when t.partial then (
      select regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(i.indpred::text, '\\{CONST :consttype 16 [^{}]*:constvalue 1 \\[ 1 [^{}]*\\}', 'TRUE', 'g'),
        '\\{NULLTEST :arg \\{VAR [^{}]*:varattno (' || array_to_string(t.conkey, '|') || ') [^{}]*\\} :nulltesttype 1 [^{}]*\\}', 'TRUE', 'g'),
        '^\\{BOOLEXPR :boolop or :args \\(([^()]* )?TRUE[ )].*$', 'TRUE'),
        '^\\{BOOLEXPR :boolop and :args \\(TRUE( TRUE)*\\) [^{}]*\\}$', 'TRUE')
      from pg_index i where i.indexrelid = t.indexrelid) end as predicate) p
  where coalesce(p.predicate, 'TRUE') ~ 'TRUE|FUNCEXPR|:boolop not'
), serving as materialized (
  -- one that surely serves is kept for each key in each table, rather one that stays anyway; where none surely does, all that may
  select s.conname, s.root, s.sure,
         row_number() over (partition by s.oid order by s.sure desc, r.why is null desc, x.kept or x.indisunique desc, x.scans > 0 desc, s.root) as place,
         bool_or(s.sure) over (partition by s.oid) as some_sure, count(*) over (partition by s.oid) as n
  from reduced s
  join one x on x.indexrelid = s.root
  left join redundant r on r.indexrelid = s.root
), only_for as materialized (
  select root as indexrelid, case when not bool_or(sure) then 'May serve FK ' when max(n) > 1 then 'Kept for FK ' else 'Only index for FK ' end
         || string_agg(distinct conname, ', ' order by conname) as why
  from serving
  where case when some_sure then place = 1 else true end
  group by root
), told as materialized (
  select w.*, r.why, s.root is not null as stands_in, coalesce(s.scans, 0) as taken_over, s.of
  from whole w
  full join redundant r on r.indexrelid = w.root
  full join stand_in s on s.root = w.root
), ${INVALID_ADVICE}
select n.nspname::text as schema_name, t.relname::text as table_name, x.relname::text as index_name,
       case when w.lock_held is null then pg_size_pretty(coalesce(w.bytes, 0)) end as index_size,
       w.scans::bigint as index_scans, w.read::bigint as tuples_read, w.fetched::bigint as tuples_fetched,
       round(100.0 * w.scans / nullif(w.table_scans, 0), 2) as usage_ratio,
       case
         when w.lock_held then 'SKIPPED - AccessExclusiveLock held'
         when not w.lock_held then 'SKIPPED - AccessExclusiveLock waited for'
         when b.what is not null then b.what
         when w.why is not null then 'REDUNDANT - ' || w.why
         when x.kept or x.indisunique then 'CONSTRAINT - Keep'
         when w.scans = 0 and o.why is not null then 'NOT SCANNED - ' || o.why
         when w.scans + w.taken_over = 0 and x.indisclustered then 'NOT SCANNED - CLUSTER orders the table by it'
         when w.scans + w.taken_over = 0 and w.stands_in then 'NOT SCANNED - Stands in for ' || w.of
         when w.scans + w.taken_over = 0 then 'NOT SCANNED - Keep until its age is proved'
         when w.table_rows >= 1000 and w.scans > 0 and w.read / w.scans > 0.2 * w.table_rows then 'LOW SELECTIVITY - Review queries'
         when w.scans + w.taken_over < 100 and w.bytes > 1048576 then 'LARGE & RARELY USED'
         else 'HEALTHY'
       end as recommendation
from told w
join one x on x.indexrelid = w.root
join pg_class t on t.oid = x.indrelid
join pg_namespace n on n.oid = x.relnamespace
left join only_for o on o.indexrelid = x.indexrelid
left join advice b on b.root = w.root
where n.nspname = $1 or $1 is null
order by w.scans, w.bytes desc nulls last, n.nspname, t.relname, x.relname`
