import { LOCKED } from '../../server/locked-sql'

/**
 * First half of the estimate of index bloat: what the catalog knows of each b-tree and of the values in its columns.
 * The parts are CTEs of one statement, in this order: CATALOG, one source of statistics, TUPLES, COPIES, PAGES.
 */

/** Sizes, rows, predicates and columns. Ends with the CTE columns. */
export const CATALOG = /* sql */ `
${LOCKED},
settings as (select current_setting('block_size')::int as bs, current_setting('default_statistics_target')::float8 as target),
-- operator classes whose equal keys are equal byte for byte (support function 4): only they deduplicate
equalimage as materialized (
  select distinct o.oid as opclass
    from pg_opclass o join pg_amproc p on p.amprocfamily = o.opcfamily and p.amprocnum = 4
                                      and p.amproclefttype = o.opcintype and p.amprocrighttype = o.opcintype),
-- ANALYZE takes 300 rows for each point of the largest statistics target among the table's columns
targets as materialized (
  select attrelid as relid, max(case when attstattarget >= 0 then attstattarget else target end)::float8 as target
    from pg_attribute cross join settings
   where attnum > 0 and attrelid in (select attrelid from pg_attribute where attstattarget > 0) group by 1),
counters as materialized (
  select t.oid as relid, n.nspname, t.relname, t.reltuples::float8 as reltuples, 300 * coalesce(g.target, s.target) as sampled,
         pg_stat_get_live_tuples(t.oid)::float8 as live, pg_stat_get_mod_since_analyze(t.oid)::float8 as changed,
         (pg_stat_get_tuples_inserted(t.oid) - pg_stat_get_tuples_deleted(t.oid))::float8 as net,
         (pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid) + pg_stat_get_tuples_deleted(t.oid))::float8 as total,
         pg_stat_get_last_analyze_time(t.oid) is null and pg_stat_get_last_autoanalyze_time(t.oid) is null
           and pg_stat_get_last_vacuum_time(t.oid) is null and pg_stat_get_last_autovacuum_time(t.oid) is null as lost,
         has_table_privilege(t.oid, 'select') and not (t.relrowsecurity and row_security_active(t.oid)) as readable
    from pg_class t join pg_namespace n on n.oid = t.relnamespace cross join settings s left join targets g on g.relid = t.oid
   where t.relkind in ('r', 'm') and t.relhasindex and n.nspname not in ('pg_catalog', 'information_schema')),
-- Live rows and changes since ANALYZE. The counters know better than reltuples, unless they were lost (crash, reset).
-- A session reports its changes late: an ANALYZE right after a load is followed by counters that count the load again.
-- That is seen where everything ever inserted less everything deleted is just what ANALYZE found.
tables as materialized (
  select c.relid, nspname, relname, reltuples, readable, sampled,
         case when reltuples < 0 then null when late or lost then reltuples else live end as live,
         case when late then case when changed >= total then 0 else least(changed, greatest(total - reltuples, 0)) end
              else changed end as changed
    from counters c, lateral (select reltuples > 0 and abs(net - reltuples) <= 0.01 * reltuples as late) l),
indexes as materialized (
  select i.indexrelid, i.indrelid, c.relname as indexname, t.nspname, t.relname, am.amname,
         i.indisunique, i.indisvalid and i.indisready as valid, i.indpred is not null as partial, i.indpred::text as predicate,
         i.indnkeyatts, i.indnatts, i.indkey, i.indclass, i.indcollation,
         c.reltuples::float8 as index_rows, t.live, t.reltuples::float8 as table_rows, t.readable, t.sampled,
         t.changed / greatest(t.live, 1) as churn, coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as ff,
         coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'deduplicate_items'), true)
           and i.indnatts = i.indnkeyatts and not i.indisunique as may_merge,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as locked
    from pg_index i join tables t on t.relid = i.indrelid
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i' join pg_am am on am.oid = c.relam),
sizes as materialized (
  select i.*, case when not i.locked then pg_relation_size(i.indexrelid) end as bytes,
         case when i.partial and i.table_rows > 0 then i.index_rows * i.live / i.table_rows else i.live end as entries,
         bs, target, bs - 40 as room, bs * (100 - ff) / 100 as reserve
    from indexes i cross join settings),
-- one flag, so that the planner does not take the b-trees for a handful and join the rest row by row
measured as materialized (
  select s.*, amname = 'btree' and valid and bytes > 2 * bs and entries > 0.5 as taken from sizes s),
-- What a predicate says of a column: it is not NULL (IS NOT NULL, or any strict operator), it is NULL, it is one value, or
-- some of its values. Read from the stored tree, whose terms are all ANDed where it holds no OR.
terms as materialized (
  select m.indexrelid, coalesce(x[1], x[4], x[8])::int as attnum, x[2] as null_test, x[3]::oid as opno, x[7] is not null as by_list, x[5] as length, x[6] as const
    from measured m,
         regexp_matches(predicate, '\\{NULLTEST :arg (?:\\{RELABELTYPE :arg )?\\{VAR :varno 1 :varattno (\\d+) [^{}]*\\}[^{}]*?(?:\\}[^{}]*?)? ?:nulltesttype (\\d)'
           || '|\\{OPEXPR :opno (\\d+) [^{}]*?:args \\((?:\\{RELABELTYPE :arg )?\\{VAR :varno 1 :varattno (\\d+) [^{}]*\\}(?:[^{}]*\\})? (?:\\{CONST [^{}]*?:constlen (-?\\d+) [^{}]*?:constvalue (\\d+) )?'
           || '|(\\{SCALARARRAYOPEXPR) [^{}]*?:useOr true [^{}]*?:args \\((?:\\{RELABELTYPE :arg )?\\{VAR :varno 1 :varattno (\\d+) ', 'g') x
   where m.taken and m.partial and predicate !~ ':boolop or|\\{(COALESCE|CASE|DISTINCTEXPR|MINMAX|SQLVALUEFUNCTION)'
     and predicate !~ '(:boolop not|FUNCEXPR [^{}]*|BOOLEANTEST) :arg(s \\()? ?\\{(NULLTEST|OPEXPR|BOOLEXPR|SCALARARRAYOPEXPR)'),
implied as materialized (
  select t.indexrelid, t.attnum, bool_or(t.null_test is distinct from '0') as not_null, bool_or(t.null_test = '0') as is_null,
         bool_or(o.oprrest = 'eqsel'::regproc and t.const is not null and m.predicate !~ ':boolop not') as pinned,
         max(case when t.length = '-1' then t.const::int - case when t.const::int < 130 then 3 else 0 end end) as width,
         bool_or(t.null_test is null) as narrowed
    from terms t join measured m using (indexrelid) left join pg_operator o on o.oid = t.opno
    left join pg_proc f on f.oid = o.oprcode
   where coalesce(f.proisstrict, true) group by 1, 2),
columns as materialized (
  select m.indexrelid, m.bytes, a.attnum as pos, a.attnum <= m.indnkeyatts as is_key, m.entries, m.live, m.partial, h.attnum as heapattnum, h.attname as column_name,
         a.attlen, case a.attalign when 'd' then 8 when 'i' then 4 when 's' then 2 else 1 end as align,
         coalesce(nullif(y.typbasetype, 0), y.oid) as type, y.typcategory = 'S' and y.typlen = -1 as is_text, z.typlen as bound_width,
         coalesce(h.attnotnull, false) or p.not_null is true as not_null, coalesce(p.is_null, false) as is_null,
         coalesce(p.pinned, false) as pinned, p.width as pinned_width, coalesce(p.narrowed, false) as narrowed, p.attnum is not null as told,
         coalesce((select true from pg_options_to_table(h.attoptions) where option_name = 'n_distinct'), false) as by_hand,
         case when coalesce(h.attstattarget, a.attstattarget) >= 0 then coalesce(h.attstattarget, a.attstattarget) else m.target end::float8 as target,
         e.opclass is not null and coalesce(col.collisdeterministic, true) as mergeable, m.indrelid,
         case when h.attnum is null then m.indexname else m.relname end as stats_table,
         case when h.attnum is null then a.attname else h.attname end as stats_column,
         m.nspname, m.may_merge or a.attlen < 0 or not (coalesce(h.attnotnull, false) or p.not_null is true) as wanted
    from measured m join pg_attribute a on a.attrelid = m.indexrelid and a.attnum > 0
    left join pg_attribute h on h.attrelid = m.indrelid and h.attnum = m.indkey[a.attnum - 1] and h.attnum > 0
    left join implied p on p.indexrelid = m.indexrelid and p.attnum = h.attnum
    join pg_type y on y.oid = coalesce(h.atttypid, a.atttypid)
    left join pg_range r on r.rngtypid = y.oid left join pg_type z on z.oid = r.rngsubtype and z.typlen > 0
    left join equalimage e on e.opclass = m.indclass[a.attnum - 1]
    left join pg_collation col on col.oid = m.indcollation[a.attnum - 1]
   where m.taken),
`
