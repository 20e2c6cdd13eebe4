import { z } from 'zod'
import { bytes, float, oid } from '../target/columns'
import { defineRead } from '../target/define-read'

/**
 * What every b-tree would weigh after REINDEX, from the catalog alone: rows × the width of their index
 * tuple, equal keys merged into posting lists as nbtsort.c of PostgreSQL 13 and later does it
 * (https://www.postgresql.org/docs/current/btree.html#BTREE-DEDUPLICATION). Heavy keys come from the most
 * common values, key combinations from extended statistics, the spread of variable widths from the histogram.
 * Where the catalog cannot know, the row says why (withheld) and what would lift it (mend).
 * Bytes; plus_minus in percentage points of the index, within which 90 % of the truths lie.
 */
export const indexBloatEstimate = defineRead({
  name: 'index-bloat-estimate',
  about: 'Size that each index would have after REINDEX, estimated from the catalog, or why it cannot be known',
  needs: 'pg_read_all_data',
  params: z.object({}),
  row: z.object({
    indexrelid: oid,
    /** pg_relation_size; null when the index or its table is under an AccessExclusiveLock, held or waited for. */
    bytes: bytes.nullable(),
    rebuilt_bytes: bytes.nullable(),
    plus_minus: float.nullable(),
    withheld: z.string().nullable(),
    mend: z.string().nullable(),
  }),
  timeout: 5_000,
  keep: 10_000,
  sql: /* sql */ `
/* proctor:index-bloat-estimate */
with recursive
locked as materialized (
  select distinct relation from pg_locks
   where locktype = 'relation' and mode = 'AccessExclusiveLock'
     and database = (select oid from pg_database where datname = current_database())),
settings as (select current_setting('block_size')::int as bs),
-- operator classes whose equal keys are equal byte for byte (support function 4): only they deduplicate
equalimage as materialized (
  select distinct o.oid as opclass
    from pg_opclass o
    join pg_amproc p on p.amprocfamily = o.opcfamily and p.amproclefttype = o.opcintype
                    and p.amprocrighttype = o.opcintype and p.amprocnum = 4),
counters as materialized (
  select t.oid as relid, n.nspname, t.relname, t.reltuples::float8 as reltuples,
         pg_stat_get_live_tuples(t.oid)::float8 as live, pg_stat_get_mod_since_analyze(t.oid)::float8 as changed,
         (pg_stat_get_tuples_inserted(t.oid) - pg_stat_get_tuples_deleted(t.oid))::float8 as net,
         (pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid) + pg_stat_get_tuples_deleted(t.oid))::float8 as total,
         pg_stat_get_last_analyze_time(t.oid) is null and pg_stat_get_last_autoanalyze_time(t.oid) is null
           and pg_stat_get_last_vacuum_time(t.oid) is null and pg_stat_get_last_autovacuum_time(t.oid) is null as lost,
         has_table_privilege(t.oid, 'select') and not (t.relrowsecurity and row_security_active(t.oid)) as readable
    from pg_class t
    join pg_namespace n on n.oid = t.relnamespace
   where t.relkind in ('r', 'm') and t.relhasindex and n.nspname not in ('pg_catalog', 'information_schema')),
-- Live rows and changes since ANALYZE. The counters know better than reltuples, unless they were lost (crash, reset).
-- A session reports its changes late: an ANALYZE right after a load is followed by counters that count the load again.
-- That is seen where everything ever inserted less everything deleted is just what ANALYZE found.
tables as materialized (
  select c.relid, nspname, relname, reltuples, readable,
         case when reltuples < 0 then null when late or lost then reltuples else live end as live,
         case when late then case when changed >= total then 0 else least(changed, greatest(total - reltuples, 0)) end
              else changed end as changed
    from counters c, lateral (select reltuples > 0 and abs(net - reltuples) <= 0.01 * reltuples as late) l),
indexes as materialized (
  select i.indexrelid, i.indrelid, c.relname as indexname, t.nspname, t.relname, am.amname,
         i.indisunique, i.indisvalid and i.indisready as valid, i.indpred is not null as partial,
         i.indnkeyatts, i.indnatts, i.indkey, i.indclass, i.indcollation,
         c.reltuples::float8 as index_rows, t.live, t.reltuples::float8 as table_rows, t.readable,
         t.changed / greatest(t.live, 1) as churn,
         coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as ff,
         coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'deduplicate_items'), true)
           and i.indnatts = i.indnkeyatts and not i.indisunique as may_merge,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as locked
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam
    join tables t on t.relid = i.indrelid),
measured as materialized (
  select i.*, case when not i.locked then pg_relation_size(i.indexrelid) end as bytes,
         case when i.partial and i.table_rows > 0 then i.index_rows * i.live / i.table_rows else i.live end as entries
    from indexes i),
columns as materialized (
  select m.indexrelid, a.attnum as pos, a.attnum <= m.indnkeyatts as is_key, m.entries, m.may_merge,
         m.indkey[a.attnum - 1] as heapattnum,
         a.attlen, case a.attalign when 'd' then 8 when 'i' then 4 when 's' then 2 else 1 end as align,
         coalesce(h.attnotnull, false) as not_null,
         e.opclass is not null and coalesce(col.collisdeterministic, true) as mergeable,
         case when h.attnum is null then m.indexname else m.relname end as stats_table,
         case when h.attnum is null then a.attname else h.attname end as stats_column,
         m.nspname
    from measured m
    join pg_attribute a on a.attrelid = m.indexrelid and a.attnum > 0
    left join pg_attribute h on h.attrelid = m.indrelid and h.attnum = m.indkey[a.attnum - 1] and h.attnum > 0
    left join equalimage e on e.opclass = m.indclass[a.attnum - 1]
    left join pg_collation col on col.oid = m.indcollation[a.attnum - 1]
   where m.amname = 'btree' and m.valid and m.bytes > 2 * (select bs from settings)),
stats as materialized (
  select s.schemaname, s.tablename, s.attname, s.null_frac, s.avg_width, s.n_distinct, s.most_common_freqs
    from pg_stats s
   where not s.inherited),
widths as materialized (
  select c.*, s.attname is not null as has_stats, coalesce(s.null_frac, 0)::float8 as null_frac,
         case when c.attlen > 0 then c.attlen else s.avg_width end::float8 as width,
         c.attlen < 0 as loose,
         case when s.n_distinct < 0 then -s.n_distinct * c.entries else s.n_distinct end::float8 as nd,
         s.most_common_freqs as freqs
    from columns c
    left join stats s on s.schemaname = c.nspname and s.tablename = c.stats_table and s.attname = c.stats_column),
-- offsets of the columns within the tuple, one after another
layout as (
  select w.indexrelid, w.pos, w.width * (1 - w.null_frac) as until, w.loose or w.null_frac > 0 as loose
    from widths w where w.pos = 1
  union all
  select w.indexrelid, w.pos,
         (case when w.attlen < 0 then l.until
               when l.loose then l.until + (w.align - 1) / 2.0
               else ceil(l.until / w.align) * w.align end) + w.width * (1 - w.null_frac),
         w.loose or l.loose or w.null_frac > 0
    from layout l
    join widths w on w.indexrelid = l.indexrelid and w.pos = l.pos + 1),
keys as (
  select w.indexrelid, bool_and(w.has_stats) as has_stats,
         bool_and(w.attlen > 0 and (w.not_null or w.has_stats)) as fixed,
         bool_and(w.mergeable or not w.is_key) as mergeable,
         count(*) as columns, min(w.width) as width,
         1 - exp(sum(ln(greatest(1 - w.null_frac, 1e-9)))) as null_share,
         max(w.null_frac) as null_frac,
         max(w.nd) as nd_low, exp(least(sum(ln(greatest(w.nd, 1))), 60)) as nd_high
    from widths w group by 1),
tuples as (
  select m.*, k.has_stats, k.fixed, m.may_merge and k.mergeable as merges, w.freqs, k.columns, k.null_frac, k.null_share,
         k.nd_low, least(k.nd_high, m.entries) as nd_high,
         case when k.columns = 1 then
                case when l.loose and not k.fixed then 8 + k.width + 3.5 else ceil((8 + k.width) / 8) * 8 end
              else case when l.loose then 8 + l.until + 3.5 else ceil((8 + l.until) / 8) * 8 end + 8 * k.null_share end as tuple
    from measured m
    join keys k using (indexrelid)
    join widths w on w.indexrelid = m.indexrelid and w.pos = 1
    join layout l on l.indexrelid = m.indexrelid and l.pos = m.indnatts),
-- keys with their number of duplicates: NULLs, each most common value, and the average of the rest
groups as (
  select t.indexrelid, t.tuple, 1.0::float8 as n, t.entries as k, false as lists from tuples t where false
  union all
  select t.indexrelid, 16, 1, t.entries * t.null_frac, t.merges from tuples t where t.columns = 1 and t.entries * t.null_frac > 0.5
  union all
  select t.indexrelid, t.tuple, 1, f.f * t.entries, true from tuples t, unnest(t.freqs) f(f)
   where t.merges and t.columns = 1
  union all
  select t.indexrelid, t.tuple, greatest(t.nd - x.n, 1), greatest(rest, 0) / greatest(t.nd - x.n, 1), t.merges
    from (select t.*, (t.nd_low + t.nd_high) / 2 as nd from tuples t) t,
         lateral (select case when t.merges and t.columns = 1 then coalesce(sum(f), 0) else 0 end as f,
                         case when t.merges and t.columns = 1 then count(f) else 0 end as n from unnest(t.freqs) f(f)) x,
         lateral (select t.entries * (1 - case when t.columns = 1 then t.null_frac else 0 end - x.f) as rest) r
   where rest > 0.5),
sized as (
  select g.indexrelid, sum(items) as items, sum(weight) as bytes, sum(weight * weight / items) / sum(weight) as item
    from groups g,
         lateral (select exp(-least(0.9 * (greatest(k, 1) - 1), 500)) as single, floor((808 - tuple) / 6) as most) s,
         lateral (select case when not lists or k <= 1 then k
                              when k < most then 1 else k / most + 0.5 end as per_key) p,
         lateral (select n * per_key as items,
                         n * case when not lists or k <= 1 then k * (tuple + 4)
                                  else single * (tuple + 4) + 6 * (k - single) + (per_key - single) * (tuple + 7) end as weight) b
   where items > 0
   group by 1),
pages as (
  select t.*, s.bytes as leaf_bytes, bs,
         greatest(1, ceil(s.bytes / case when t.merges and s.item > t.tuple + 5
           then least(bs - 60 - bs * (100 - ff) / 100 - tuple + s.item / 2, bs - 52 - 1.5 * s.item)
           else floor((bs - 48 - bs * (100 - ff) / 100) / (tuple + 4)) * (tuple + 4) end)) as leaves,
         greatest(2, floor((bs * 0.7 - 48) / (tuple + 4))) as fanout
    from tuples t cross join settings
    left join sized s using (indexrelid)),
rebuilt as (
  select p.*, bs * (1 + leaves + case when leaves > 1 then i1 else 0 end + case when i1 > 1 then i2 else 0 end
                      + case when i2 > 1 then ceil(i2 / fanout) else 0 end) as rebuilt_bytes
    from pages p, lateral (select ceil(leaves / fanout) as i1) l1, lateral (select ceil(i1 / fanout) as i2) l2),
verdicts as (
  select m.indexrelid, m.bytes, r.rebuilt_bytes, settings.bs, m.nspname, m.relname, m.readable,
         case when m.locked then 'AccessExclusiveLock'
              when not m.valid then 'invalid'
              when m.amname <> 'btree' then m.amname
              when m.bytes <= 2 * settings.bs then null
              when m.entries is null or m.entries < 0 then 'never analyzed'
              when m.partial and m.index_rows < 0 then 'never analyzed'
              when r.fixed and not r.merges and not r.partial then null
              when not r.has_stats and not m.readable then 'column statistics not visible'
              when not r.has_stats and m.live > 0 then 'never analyzed'
              when m.churn > 0.3 then 'stale statistics'
              when r.merges and r.columns > 1 and r.nd_low * 3 < r.nd_high and r.nd_low < r.entries * 0.5 and r.nd_high > r.entries / 50
                then 'correlation of key columns unknown'
         end as withheld,
         case when r.merges then 3 when r.partial then 3 else 1 end as spread
    from measured m cross join settings
    left join rebuilt r using (indexrelid))
select indexrelid, bytes,
       case when withheld is null then coalesce(case when bytes <= 2 * bs then bytes else rebuilt_bytes end, bytes) end::bigint as rebuilt_bytes,
       case when withheld is null then
         case when bytes <= 2 * bs then 0
              else least(100, spread * least(1, rebuilt_bytes / bytes) + 100.0 * bs / bytes) end end::float8 as plus_minus,
       case withheld when 'gin' then 'GIN' when 'gist' then 'GiST' when 'spgist' then 'SP-GiST' when 'brin' then 'BRIN' else withheld end as withheld,
       case withheld
         when 'never analyzed' then format('ANALYZE %I.%I', nspname, relname)
         when 'stale statistics' then format('ANALYZE %I.%I', nspname, relname)
         when 'column statistics not visible' then format('GRANT SELECT ON %I.%I TO %I', nspname, relname, current_user)
       end as mend
  from verdicts`,
})
