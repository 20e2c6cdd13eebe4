drop function if exists public.monitor_index_health(), public.check_index_bloat();--> statement-breakpoint
create or replace function public.monitor_index_health(p_schema text default 'public')
returns table (
  schema_name text, table_name text, index_name text, index_size text,
  index_scans bigint, tuples_read bigint, tuples_fetched bigint, usage_ratio numeric, recommendation text
)
language sql stable set search_path = pg_catalog set lock_timeout = '1s'
as $body$
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
         greatest(t.reltuples, 0) as table_rows, case when am.amname in ('gin', 'brin') then -1 else i.indkey[0] end as head, count(*) over (partition by i.indrelid, c.relam, case when am.amname in ('gin', 'brin') then -1 else i.indkey[0] end) > 1 as has_peer,
         regexp_replace(i.indpred::text, ' :location -?\d+', '', 'g') as pred, btrim(regexp_replace(i.indexprs::text, ' :location -?\d+', '', 'g'), '()') as exprs
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
), 
alike as materialized (
  select x.indexrelid, y.indexrelid as stays, x.indrelid, am.amname, x.n, x.indisunique, x.pred, y.pred as stays_pred, x.exprs is not null as computed,
         case when am.amname in ('gin', 'brin') and not (s.same_columns and x.n = y.n) then 'subset'
              when x.n = y.n and x.total = y.total then 'duplicate' else 'prefix' end as kind,
         am.amname = 'btree' and x.options[0:x.n - 1] <> y.options[0:x.n - 1] as mirrored,
         s.same_columns and x.classes[0:x.n - 1] <> y.classes[0:x.n - 1] as other_classes
  from one x
  join one y on y.indrelid = x.indrelid and y.relam = x.relam and y.head = x.head and y.indexrelid <> x.indexrelid
  join pg_am am on am.oid = x.relam
  cross join lateral (
    select x.k[0:x.n - 1] = y.k[0:x.n - 1] as same_columns, x.collations[0:x.n - 1] = y.collations[0:x.n - 1] as same_collations
  ) s
  where x.has_peer and y.has_peer and x.valid and y.valid and not x.kept and x.root = x.indexrelid and x.n <= y.n
    and (x.pred is not distinct from y.pred or y.pred is null and starts_with(x.pred, '{NULLTEST'))
    and (x.exprs is null or starts_with(y.exprs, x.exprs) and substr(y.exprs, length(x.exprs) + 1, 2) in ('', ' {'))
    and (not x.indisunique or (y.indisunique and x.n = y.n and y.indimmediate >= x.indimmediate))
    and case
      when am.amname = 'btree' then s.same_columns and s.same_collations and x.k[x.n:x.total - 1] <@ y.k
        and (x.options[0:x.n - 1] = y.options[0:x.n - 1]
             or not exists (select from unnest(x.options[0:x.n - 1], y.options[0:x.n - 1]) o (one, other) where o.one # 3 <> o.other))
      when s.same_columns and s.same_collations and x.n = y.n then x.total = y.total and x.k[x.n:x.total - 1] <@ y.k[y.n:y.total - 1]
      when am.amname in ('gin', 'brin') then x.exprs is null and not exists (
        select from generate_series(0, x.n - 1) i
        where not exists (
          select from generate_series(0, y.n - 1) j
          join pg_attribute xa on xa.attrelid = x.indexrelid and xa.attnum = i + 1
          join pg_attribute ya on ya.attrelid = y.indexrelid and ya.attnum = j + 1
          where y.k[j] = x.k[i] and y.classes[j] = x.classes[i] and y.collations[j] = x.collations[i]
            and xa.attoptions is not distinct from ya.attoptions))
      else false end
), pairs as materialized (
  select a.indexrelid, a.stays, a.kind,
         array_remove(array[
           case when a.kind = 'subset' then 'subset' end,
           case when a.mirrored then 'mirrored' end,
           case when c.pattern then 'pattern' end,
           case when a.pred <> '' and a.stays_pred is null then 'not-null' end,
           case when x.indisclustered then 'clustered' end,
           case when xc.reltablespace <> yc.reltablespace then 'tablespace' end,
           case when a.computed and exists (
             select from pg_attribute xa join pg_attribute ya on ya.attrelid = a.stays and ya.attnum = xa.attnum
             where xa.attrelid = a.indexrelid and xa.attnum <= a.n and xa.attstattarget is distinct from ya.attstattarget) then 'statistics' end
         ], null) as doubts
  from alike a
  join pg_index x on x.indexrelid = a.indexrelid
  join pg_index y on y.indexrelid = a.stays
  join pg_class xc on xc.oid = a.indexrelid
  join pg_class yc on yc.oid = a.stays
  cross join lateral (
    select coalesce(bool_and(u.same or u.pattern), true) as alike, coalesce(bool_or(u.pattern), false) as pattern
    from (
      select xo.opcfamily = yo.opcfamily and xo.opcintype = yo.opcintype and xo.opckeytype = yo.opckeytype as same,
             (xo.opcname::text, yo.opcname::text) in (('text_pattern_ops', 'text_ops'), ('text_pattern_ops', 'varchar_ops'),
               ('varchar_pattern_ops', 'text_ops'), ('varchar_pattern_ops', 'varchar_ops'), ('bpchar_pattern_ops', 'bpchar_ops'))
             and xo.opcnamespace = 'pg_catalog'::regnamespace and yo.opcnamespace = 'pg_catalog'::regnamespace
             and (collation_of in (950, 951) or collation_of = 100 and exists (
               select from pg_database d
               where d.datname = current_database()
                 and case coalesce(to_jsonb(d)->>'datlocprovider', 'c') when 'c' then d.datcollate in ('C', 'POSIX') when 'b' then true end)) as pattern
      from unnest((x.indclass::oid[])[0:a.n - 1], (y.indclass::oid[])[0:a.n - 1], (x.indcollation::oid[])[0:a.n - 1]) o (one, other, collation_of)
      join pg_opclass xo on xo.oid = o.one
      join pg_opclass yo on yo.oid = o.other
      where a.other_classes) u
  ) c
  where c.alike and (a.amname = 'btree' or xc.reloptions is not distinct from yc.reloptions)
    and (not a.indisunique or to_jsonb(x)->'indnullsnotdistinct' is not distinct from to_jsonb(y)->'indnullsnotdistinct')
    and (a.kind = 'subset' or not exists (
      select from pg_attribute xa join pg_attribute ya on ya.attrelid = a.stays and ya.attnum = xa.attnum
      where xa.attrelid = a.indexrelid and xa.attnum <= a.n and xa.attoptions is distinct from ya.attoptions))
    and case when a.pred is not null and a.stays_pred is null then
      substring(a.pred from '^\{NULLTEST :arg \{VAR [^{}]*:varattno (\d+) [^{}]*\} :nulltesttype 1 [^{}]*\}$')::int2 = any ((x.indkey::int2[])[0:a.n - 1])
      else true end
    and not exists (
      select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid in (a.indexrelid, a.indrelid) and d.deptype = 'e')
), sized as materialized (
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
  select s.*, doubts = '{}' and not (y_bytes > 6 * x_bytes and y_bytes - x_bytes > 1048576) as firm,
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
        regexp_replace(i.indpred::text, '\{CONST :consttype 16 [^{}]*:constvalue 1 \[ 1 [^{}]*\}', 'TRUE', 'g'),
        '\{NULLTEST :arg \{VAR [^{}]*:varattno (' || array_to_string(t.conkey, '|') || ') [^{}]*\} :nulltesttype 1 [^{}]*\}', 'TRUE', 'g'),
        '^\{BOOLEXPR :boolop or :args \(([^()]* )?TRUE[ )].*$', 'TRUE'),
        '^\{BOOLEXPR :boolop and :args \(TRUE( TRUE)*\) [^{}]*\}$', 'TRUE')
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
), here as (
  select oid as datid from pg_database where datname = current_database()
), at_work as materialized (
  select l.relation, l.pid, p.pid is not null as builds, p.index_relid
  from pg_locks l cross join here left join pg_stat_progress_create_index p on p.pid = l.pid
  where l.locktype = 'relation' and l.database = here.datid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
), broken as materialized (
  select one.root, i.*, c.relname, c.relam, c.relkind, c.relispartition,
         i.indisreplident or exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as kept
  from one join pg_index i on i.indexrelid = one.indexrelid join pg_class c on c.oid = i.indexrelid
  where not one.valid
), judged as (
  select b.root, case
           when exists (select from pg_stat_progress_create_index p where p.index_relid = b.indexrelid and p.datid = here.datid)
             or exists (select from at_work w where w.relation = b.indexrelid and w.builds) then 'BEING BUILT - Wait for it'
           when exists (select from at_work w where w.relation = b.indexrelid) then 'BEING DROPPED - Wait for it'
           when exists (select from at_work w where w.relation = b.indrelid and w.builds and w.index_relid is null)
             then 'INVALID - Wait, a build on its table is hidden from this role'
           when b.relkind = 'I' then 'INVALID - Attach an index of every partition'
           when b.relispartition then 'INVALID - Rebuild the index of a partition'
           when b.kept then 'INVALID - Rebuild'
           when not b.indislive then 'INVALID - Drop, its drop was cut off'
           when b.relname ~ '_cc(new|old)[0-9]*$' then 'INVALID - Drop, left over by REINDEX CONCURRENTLY'
           else coalesce((
             select 'INVALID - Drop, a copy of ' || kc.relname
             from pg_index k join pg_class kc on kc.oid = k.indexrelid
             where k.indrelid = b.indrelid and k.indexrelid <> b.indexrelid and k.indisvalid and k.indisready and k.indislive
               and (b.relname = 'index_' || k.indexrelid
                    or kc.relam = b.relam and k.indnkeyatts = b.indnkeyatts and k.indkey::text = b.indkey::text and k.indclass::text = b.indclass::text
                       and k.indcollation::text = b.indcollation::text and k.indoption::text = b.indoption::text and not b.indisexclusion
                       and (not b.indisunique or k.indisunique and k.indimmediate >= b.indimmediate
                            and to_jsonb(k)->'indnullsnotdistinct' is not distinct from
                                (select to_jsonb(own)->'indnullsnotdistinct' from pg_index own where own.indexrelid = b.indexrelid))
                       and regexp_replace(k.indpred::text, ' :location -?\d+', '', 'g')
                           is not distinct from regexp_replace(b.indpred::text, ' :location -?\d+', '', 'g')
                       and regexp_replace(k.indexprs::text, ' :location -?\d+', '', 'g')
                           is not distinct from regexp_replace(b.indexprs::text, ' :location -?\d+', '', 'g')
                       and not exists (select from pg_attribute xa join pg_attribute ya on ya.attrelid = k.indexrelid and ya.attnum = xa.attnum
                                       where xa.attrelid = b.indexrelid and xa.attoptions is distinct from ya.attoptions))
             order by k.indexrelid limit 1), 'INVALID - Rebuild')
         end as what
  from broken b cross join here
), advice as materialized (
  -- of a partitioned index: who is at work before a broken part before what it lacks
  select distinct on (root) root, what from judged order by root, what not like 'BEING%', what not like '%of a partition', what
)
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
order by w.scans, w.bytes desc nulls last, n.nspname, t.relname, x.relname
$body$;--> statement-breakpoint
create or replace function public.check_index_bloat(
  p_schema text default 'public', p_min_ratio numeric default 40, p_min_waste bigint default 1048576
)
returns table (
  schema_name text, table_name text, index_name text, bloat_ratio numeric, wasted_space text, recommendation text
)
language sql volatile set search_path = pg_catalog set lock_timeout = '1s'
as $body$
with /* proctor:check-index-bloat */ extension as materialized (
  select format('%I.pgstatindex', n.nspname) as pgstatindex,
         has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute') as allowed
  from pg_extension e
  join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.classid = 'pg_proc'::regclass
  join pg_proc p on p.oid = d.objid and p.proname = 'pgstatindex' and p.proargtypes[0] = 'regclass'::regtype
  join pg_namespace n on n.oid = p.pronamespace
  where e.extname = 'pgstattuple'
), one as materialized (
  select i.indexrelid, i.indrelid, case when c.relispartition then pg_partition_root(i.indexrelid)::oid else i.indexrelid end as root,
         c.relkind, c.relname,
         coalesce((select option_value::numeric from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as fill_factor,
         i.indisvalid and i.indisready and i.indislive as valid,
         case when am.amname <> 'btree' then am.amname::text
              when c.relkind = 'I' then null
              when c.relpersistence = 'u' and pg_is_in_recovery() then 'unlogged, on a standby'
              when not exists (select from extension) then 'needs pgstattuple'
              when not (select allowed from extension) then 'needs pg_stat_scan_tables'
         end as reason
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm', 'p')
  join pg_am am on am.oid = c.relam
  where c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
), wanted as materialized (
  -- before anything is read: $1 is a root's schema, partitions may stand in others
  select o.* from one o
  join pg_class rc on rc.oid = o.root
  join pg_namespace n on n.oid = rc.relnamespace
  where n.nspname = $1 or $1 is null
), answered as materialized (
  select w.*,
         case when relkind = 'i' and valid and reason is null then query_to_xml(format(
           'select index_size, leaf_pages, internal_pages, avg_leaf_density from %1$s(%2$s::regclass)
            where not exists (
              select from pg_catalog.pg_locks where locktype = ''relation'' and mode = ''AccessExclusiveLock'' and relation in (%2$s, %3$s)
                and database = (select oid from pg_catalog.pg_database where datname = current_database()))',
           (select pgstatindex from extension), indexrelid, indrelid), false, false, '')::text end as answer
  from wanted w
), read as (
  select a.*,
         substring(answer from '<index_size>(\d+)<')::numeric as bytes, substring(answer from '<leaf_pages>(\d+)<')::numeric as leaf_pages,
         substring(answer from '<internal_pages>(\d+)<')::numeric as internal_pages,
         substring(answer from '<avg_leaf_density>([0-9.]+)<')::numeric as density, current_setting('block_size')::numeric as block
  from answered a
), packed as (
  select r.*, least(1, density / fill_factor) as share from read r
), measured as (
  select root, relkind, valid, bytes,
         coalesce(reason, case when relkind = 'i' and valid and bytes is null then 'AccessExclusiveLock held or waited for' end) as reason,
         greatest(0, bytes - block * case when leaf_pages = 0 then 1 else 1 + ceil(leaf_pages * coalesce(share, 1)) + ceil(internal_pages * coalesce(share, 1)) end) as waste
  from packed
), whole as (
  select root, bool_and(valid) as valid, min(reason) as reason, count(reason) as unmeasured, count(*) filter (where relkind = 'i') as files,
         sum(bytes) as bytes, case when count(reason) = 0 then coalesce(sum(waste), 0) end as waste,
         case when count(reason) = 0 then coalesce(round(100.0 * sum(waste) / nullif(sum(bytes), 0), 2), 0) end as ratio
  from measured
  group by root
), here as (
  select oid as datid from pg_database where datname = current_database()
), at_work as materialized (
  select l.relation, l.pid, p.pid is not null as builds, p.index_relid
  from pg_locks l cross join here left join pg_stat_progress_create_index p on p.pid = l.pid
  where l.locktype = 'relation' and l.database = here.datid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
), broken as materialized (
  select one.root, i.*, c.relname, c.relam, c.relkind, c.relispartition,
         i.indisreplident or exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as kept
  from one join pg_index i on i.indexrelid = one.indexrelid join pg_class c on c.oid = i.indexrelid
  where not one.valid
), judged as (
  select b.root, case
           when exists (select from pg_stat_progress_create_index p where p.index_relid = b.indexrelid and p.datid = here.datid)
             or exists (select from at_work w where w.relation = b.indexrelid and w.builds) then 'BEING BUILT - Wait for it'
           when exists (select from at_work w where w.relation = b.indexrelid) then 'BEING DROPPED - Wait for it'
           when exists (select from at_work w where w.relation = b.indrelid and w.builds and w.index_relid is null)
             then 'INVALID - Wait, a build on its table is hidden from this role'
           when b.relkind = 'I' then 'INVALID - Attach an index of every partition'
           when b.relispartition then 'INVALID - Rebuild the index of a partition'
           when b.kept then 'INVALID - Rebuild'
           when not b.indislive then 'INVALID - Drop, its drop was cut off'
           when b.relname ~ '_cc(new|old)[0-9]*$' then 'INVALID - Drop, left over by REINDEX CONCURRENTLY'
           else coalesce((
             select 'INVALID - Drop, a copy of ' || kc.relname
             from pg_index k join pg_class kc on kc.oid = k.indexrelid
             where k.indrelid = b.indrelid and k.indexrelid <> b.indexrelid and k.indisvalid and k.indisready and k.indislive
               and (b.relname = 'index_' || k.indexrelid
                    or kc.relam = b.relam and k.indnkeyatts = b.indnkeyatts and k.indkey::text = b.indkey::text and k.indclass::text = b.indclass::text
                       and k.indcollation::text = b.indcollation::text and k.indoption::text = b.indoption::text and not b.indisexclusion
                       and (not b.indisunique or k.indisunique and k.indimmediate >= b.indimmediate
                            and to_jsonb(k)->'indnullsnotdistinct' is not distinct from
                                (select to_jsonb(own)->'indnullsnotdistinct' from pg_index own where own.indexrelid = b.indexrelid))
                       and regexp_replace(k.indpred::text, ' :location -?\d+', '', 'g')
                           is not distinct from regexp_replace(b.indpred::text, ' :location -?\d+', '', 'g')
                       and regexp_replace(k.indexprs::text, ' :location -?\d+', '', 'g')
                           is not distinct from regexp_replace(b.indexprs::text, ' :location -?\d+', '', 'g')
                       and not exists (select from pg_attribute xa join pg_attribute ya on ya.attrelid = k.indexrelid and ya.attnum = xa.attnum
                                       where xa.attrelid = b.indexrelid and xa.attoptions is distinct from ya.attoptions))
             order by k.indexrelid limit 1), 'INVALID - Rebuild')
         end as what
  from broken b cross join here
), advice as materialized (
  -- of a partitioned index: who is at work before a broken part before what it lacks
  select distinct on (root) root, what from judged order by root, what not like 'BEING%', what not like '%of a partition', what
)
select n.nspname::text as schema_name, t.relname::text as table_name, x.relname::text as index_name,
       case when w.valid then w.ratio end as bloat_ratio,
       case when w.valid then pg_size_pretty(w.waste) end as wasted_space,
       case
         when b.what is not null then b.what
         when w.reason is not null and x.relkind = 'I' and w.unmeasured < w.files
           then format('NOT MEASURED (%s of %s partitions: %s)', w.unmeasured, w.files, w.reason)
         when w.reason is not null then format('NOT MEASURED (%s)', w.reason)
         when w.ratio > $2 and w.waste > $3 then 'REINDEX RECOMMENDED'
         else 'HEALTHY'
       end as recommendation
from whole w
join one x on x.indexrelid = w.root
left join advice b on b.root = w.root
join pg_index i on i.indexrelid = w.root
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = t.relnamespace
order by w.ratio desc nulls last, w.waste desc nulls last, n.nspname, t.relname, x.relname
$body$;
