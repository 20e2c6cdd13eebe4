/** The statement of the read index-bloat-estimate, which says what it is. */
export const INDEX_BLOAT_ESTIMATE = /* sql */ `
with /* proctor:index-bloat-estimate */ recursive
locked as materialized (
  select distinct relation from pg_locks
   where locktype = 'relation' and mode = 'AccessExclusiveLock' and database = (select oid from pg_database where datname = current_database())),
settings as (select current_setting('block_size')::int as bs),
-- operator classes whose equal keys are equal byte for byte (support function 4): only they deduplicate
equalimage as materialized (
  select distinct o.oid as opclass
    from pg_opclass o join pg_amproc p on p.amprocfamily = o.opcfamily and p.amprocnum = 4
                                      and p.amproclefttype = o.opcintype and p.amprocrighttype = o.opcintype),
counters as materialized (
  select t.oid as relid, n.nspname, t.relname, t.reltuples::float8 as reltuples,
         pg_stat_get_live_tuples(t.oid)::float8 as live, pg_stat_get_mod_since_analyze(t.oid)::float8 as changed,
         (pg_stat_get_tuples_inserted(t.oid) - pg_stat_get_tuples_deleted(t.oid))::float8 as net,
         (pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid) + pg_stat_get_tuples_deleted(t.oid))::float8 as total,
         pg_stat_get_last_analyze_time(t.oid) is null and pg_stat_get_last_autoanalyze_time(t.oid) is null
           and pg_stat_get_last_vacuum_time(t.oid) is null and pg_stat_get_last_autovacuum_time(t.oid) is null as lost,
         has_table_privilege(t.oid, 'select') and not (t.relrowsecurity and row_security_active(t.oid)) as readable
    from pg_class t join pg_namespace n on n.oid = t.relnamespace
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
         t.changed / greatest(t.live, 1) as churn, coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as ff,
         coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'deduplicate_items'), true)
           and i.indnatts = i.indnkeyatts and not i.indisunique as may_merge,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as locked
    from pg_index i join tables t on t.relid = i.indrelid
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i' join pg_am am on am.oid = c.relam),
sizes as materialized (
  select i.*, case when not i.locked then pg_relation_size(i.indexrelid) end as bytes,
         case when i.partial and i.table_rows > 0 then i.index_rows * i.live / i.table_rows else i.live end as entries,
         bs, bs - 40 as room, bs * (100 - ff) / 100 as reserve
    from indexes i cross join settings),
-- one flag, so that the planner does not take the b-trees for a handful and join the rest row by row
measured as materialized (
  select s.*, amname = 'btree' and valid and bytes > 2 * bs and entries > 0.5 as taken from sizes s),
columns as materialized (
  select m.indexrelid, m.bytes, a.attnum as pos, a.attnum <= m.indnkeyatts as is_key, m.entries, h.attnum as heapattnum, h.attname as column_name,
         a.attlen, case a.attalign when 'd' then 8 when 'i' then 4 when 's' then 2 else 1 end as align,
         coalesce(h.atttypid, a.atttypid) as type, coalesce(h.attnotnull, false) as not_null,
         e.opclass is not null and coalesce(col.collisdeterministic, true) as mergeable,
         case when h.attnum is null then m.indexname else m.relname end as stats_table,
         case when h.attnum is null then a.attname else h.attname end as stats_column,
         m.nspname, m.may_merge or a.attlen < 0 or not coalesce(h.attnotnull, false) as wanted
    from measured m join pg_attribute a on a.attrelid = m.indexrelid and a.attnum > 0
    left join pg_attribute h on h.attrelid = m.indrelid and h.attnum = m.indkey[a.attnum - 1] and h.attnum > 0
    left join equalimage e on e.opclass = m.indclass[a.attnum - 1]
    left join pg_collation col on col.oid = m.indcollation[a.attnum - 1]
   where m.taken),
stats as materialized (
  select c.*, s.attname is not null as has_stats, coalesce(s.null_frac, 0)::float8 as null_frac,
         -- rounded down; of an expression it was taken before the header of a short value shrank from 4 bytes to 1
         s.avg_width + 0.5 - case when c.attlen = -1 and c.heapattnum is null and s.avg_width < 130 then 3 else 0 end as avg_width,
         case when s.n_distinct < 0 then -s.n_distinct * c.entries else s.n_distinct end::float8 as nd,
         s.most_common_freqs as freqs,
         case when c.attlen < 0 and row_number() over (order by (c.attlen < 0) desc, c.bytes desc) <= 2000 then s.most_common_vals::text::text[] end as common,
         case when c.attlen < 0 and row_number() over (order by (c.attlen < 0) desc, c.bytes desc) <= 2000 then s.histogram_bounds::text::text[] end as bounds
    from columns c
    -- row by row: joined whole, the view would ask for the privileges on every column of the database
    left join lateral (select * from pg_stats s where s.schemaname = c.nspname and s.tablename = c.stats_table
                          and s.attname = c.stats_column and not s.inherited offset 0) s on c.wanted),
-- widths of a column's values in an index tuple; of a variable one from the values that ANALYZE kept, for the largest 2,000
widths as materialized (
  select s.*, case when s.attlen > 0 then s.attlen else coalesce(v.mean, s.avg_width) end::float8 as width,
         s.attlen < 0 and (v.n is null or v.least < v.most) as loose,
         case when s.attlen > 0 then ceil((8 + s.attlen) / 8.0) * 8
              when v.least < v.most and s.type <> 'name'::regtype then v.tuple + s.avg_width - v.mean -- avg_width comes from more rows
              else coalesce(v.tuple, 8 + s.avg_width + 3.5) end::float8 as alone,
         v.squares / v.tuple / v.tuple as uneven,
         s.attlen < 0 and v.n is null as guessed
    from stats s
    left join lateral (
      select sum(weight) as n, sum(weight * bytes) / sum(weight) as mean, min(bytes) as least, max(bytes) as most,
             sum(weight * ceil((8 + bytes) / 8) * 8) / sum(weight) as tuple,
             sum(weight * power(ceil((8 + bytes) / 8) * 8, 2)) / sum(weight) as squares
        from (select weight, case when type in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
                                  then octet_length(value) + case when octet_length(value) > 126 then 4 else 1 end
                                  when type = 'name'::regtype then octet_length(value) + 1
                                  when type = 'numeric'::regtype then pg_column_size(value::numeric) - 3 end::float8 as bytes
                from (select value, s.freqs[at]::float8 as weight from unnest(s.common) with ordinality c(value, at)
                      union all
                      select value, greatest(1 - s.null_frac - coalesce((select sum(f) from unnest(s.freqs) f), 0), 0.001) / cardinality(s.bounds)
                        from unnest(s.bounds) b(value)) kept) b
       where bytes is not null) v on s.attlen < 0),
keys as materialized (
  select w.indexrelid, count(*) as columns, bool_and(w.has_stats or w.attlen > 0 and w.not_null) as known,
         bool_and(w.attlen > 0 and w.not_null) as immune, bool_or(w.loose) as loose, bool_or(w.guessed) as guessed,
         bool_and(w.mergeable or not w.is_key) as mergeable, max(w.width) as widest,
         count(*) filter (where w.null_frac between 0.0001 and 0.9999) as nullable,
         string_agg(w.heapattnum::text, ', ' order by w.heapattnum) as attnums,
         string_agg(quote_ident(w.column_name), ', ' order by w.pos) as names, count(w.column_name) as plain
    from widths w group by 1),
-- extended statistics: n_distinct of the whole set of key columns
together as materialized (
  select e.schemaname, e.tablename, j.key, max(j.value::float8) as nd
    from pg_stats_ext e, json_each_text(e.n_distinct::text::json) j where e.n_distinct is not null group by 1, 2, 3),
-- one row for each pattern of NULLs, with the offset after each column and the least and most combinations of values
layout as (
  select k.indexrelid, 0 as pos, 0::float8 as until, false as loose, 1::float8 as share, 0 as nulls, 1::float8 as nd_low, 1::float8 as nd_high, k.nullable
    from keys k
  union all
  select l.indexrelid, l.pos + 1,
         case when is_null then l.until
              else w.width + case when w.attlen < 0 then l.until when l.loose then l.until + (w.align - 1) / 2.0
                                  else ceil(l.until / w.align) * w.align end end,
         l.loose or w.loose and not is_null,
         l.share * case when is_null then w.null_frac else 1 - w.null_frac * branch end, l.nulls + is_null::int,
         case when is_null or not w.is_key then l.nd_low
              -- how many of the values are among the rows of this pattern
              else greatest(l.nd_low, w.nd * (1 - exp(greatest(-500, ln(1 - least(l.share, 0.999999)) * greatest(w.entries * (1 - w.null_frac) / greatest(w.nd, 1), 1))))) end,
         case when is_null or not w.is_key then l.nd_high else least(l.nd_high * greatest(w.nd, 1), 1e18) end, l.nullable
    from layout l join widths w on w.indexrelid = l.indexrelid and w.pos = l.pos + 1
    cross join lateral (select case when w.null_frac >= 0.9999 or l.nullable <= 6 and w.null_frac >= 0.0001 then 1 else 0 end as branch) b
    join (values (true), (false)) n (is_null) on not is_null and w.null_frac < 0.9999 or is_null and branch = 1
   where l.share > 0.0005),
patterns as materialized (
  select m.indexrelid, m.entries * l.share as rows, l.nulls, m.may_merge and k.mergeable as merges, k.columns,
         w.freqs, l.share, case when k.columns = 1 then coalesce(w.uneven, 1) else 1 end as uneven,
         case when k.columns = 1 and l.nulls = 0 then w.alone
              else ceil((case when l.nulls > 0 then 16 else 8 end + l.until + case when l.loose then 3.5 else 0 end) / case when l.loose then 0.5 else 8 end)
                   * case when l.loose then 0.5 else 8 end end as tuple,
         least(coalesce(x.nd, l.nd_low), m.entries * l.share) as nd_low,
         least(coalesce(x.nd, greatest(l.nd_low, l.nd_high * (1 - exp(-least(m.entries * l.share / greatest(l.nd_high, 1), 500))))), m.entries * l.share) as nd_high,
         m.room, m.reserve, m.bs, m.live, k.loose,
         m.may_merge and k.mergeable and k.columns = 1 and l.nulls = 0 as by_value
    from layout l
    join measured m using (indexrelid) join keys k using (indexrelid)
    join widths w on w.indexrelid = m.indexrelid and w.pos = 1
    left join together x on k.columns > 1 and x.schemaname = m.nspname and x.tablename = m.relname and x.key = k.attnums and l.nulls = 0
   where l.pos = m.indnatts and m.entries * l.share > 0.5),
-- where the most common values fall off like a power of their rank, the values after them are taken to go on so
skew as materialized (
  select p.*, v.high, n, f_last, slope, rest,
         case when abs(1 - slope) < 0.01 then exp(least(rest / (n * f_last), 30))
              else power(least(greatest(1 + rest * (1 - slope) / (n * f_last), 1e-3), 1e9), 1 / (1 - slope)) end as span
    from patterns p cross join (values (false), (true)) v(high),
         lateral (select count(*)::float8 as n, sum(f)::float8 as f, -regr_slope(ln(f), ln(rank)) filter (where rank > 4) as fall,
                         regr_intercept(ln(f), ln(rank)) filter (where rank > 4) as at_one
                    from unnest(p.freqs) with ordinality u(f, rank)) c,
         lateral (select exp(at_one - fall * ln(n)) as f_last, 1 - f - (1 - p.share) as rest, fall + case when v.high then 0.08 else -0.02 end as slope) r
   where p.by_value and n >= 0.9 * current_setting('default_statistics_target')::int
     and n >= 20 and rest > 0.02 and slope between 0.4 and 1.6),
-- keys with their number of duplicates: each most common value, and the rest, once as few and once as many bytes as may be
groups as (
  select p.indexrelid, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, v.high, 1::float8 as n, f.f * p.rows / p.share as k, true as chance, 0::float8 as noise
    from patterns p, unnest(p.freqs) f(f), (values (false), (true)) v(high) where p.by_value
  union all
  -- eight bands of ranks; of a rare value, the copies that are there by chance
  select p.indexrelid, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, p.high, many * (1 - exp(-hits)), hits / (1 - exp(-hits)), true, 0
    from skew p cross join generate_series(0, 7) b,
         lateral (select p.n * (power(span, (b + 1) / 8.0) - power(span, b / 8.0)) as many,
                         case when abs(1 - slope) < 0.01 then rest / 8
                              else p.n * f_last / (1 - slope) * (power(span, (b + 1) / 8.0 * (1 - slope)) - power(span, b / 8.0 * (1 - slope))) end as mass) x,
         lateral (select greatest(least(mass * p.rows / p.share / many, 1e6), 1e-6) as hits) h
   where many > 0
  union all
  -- n_distinct of a sample of q of the rows is too low where copies are there by chance: hits is what gives such a sample
  select p.indexrelid, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, v.high,
         case when chance then r.rest / hits * (1 - exp(-hits)) else nd end, case when chance then hits / (1 - exp(-hits)) else mean end, chance,
         case when not p.merges or q >= 1 then 0 when mean < 1.001 then least(50, 100 / q / (q * p.rows))
              else least(50, 2 + 165 * sqrt(2 * p.rows / mean) / (q * p.rows) * (p.tuple + 7) / (p.tuple + 7 + 6 * mean)) end
    from patterns p cross join (values (false), (true)) v(high)
    left join skew s on s.indexrelid = p.indexrelid and s.high = v.high and p.by_value,
         lateral (select coalesce(sum(f), 0)::float8 as f, count(f)::float8 as n from unnest(p.freqs) f(f) where p.by_value) c,
         lateral (select greatest(p.rows - c.f * p.rows / p.share, 0) as rest,
                         greatest(case when v.high then p.nd_high else p.nd_low end - c.n, 1) as nd,
                         least(1, 300 * current_setting('default_statistics_target')::float8 / greatest(p.live, 1)) as q) r,
         lateral (select r.rest / nd as mean, not v.high and p.merges and r.rest > 1.001 * nd and r.rest < 300 * nd as chance) x,
         lateral (select case when chance then least(mean - 1 + (least(mean, ln(mean) + 0.9 * (mean - 1)) - mean + 1) * q, 300) else 1 end as h) h0,
         lateral (select mean * (1 - exp(-h0.h * q)) / (1 - (1 - q) * exp(-h0.h * q)) as h) h1,
         lateral (select mean * (1 - exp(-h1.h * q)) / (1 - (1 - q) * exp(-h1.h * q)) as hits) h2
   where r.rest > 0.5 and s.indexrelid is null),
sized as (
  select g.indexrelid, g.high, g.noise, g.n * case when not g.merges or k < 1.001 then
             case when g.loose then k * (g.tuple + 4) / (g.room - 8 - g.reserve - g.tuple * g.uneven / 2)
                  else k / floor((g.room - 8 - g.reserve) / (g.tuple + 4)) end
           when k >= most then
             case when weight > 7308 then (weight - 6902) / 7308 + 1 else weight / (g.room - 12 - item - biased / 2) end
           else weight / least(g.room - 12 - g.reserve - g.tuple + item / 2, g.room - 12 - 1.5 * item) end as leaves
    from groups g,
         lateral (select ((bs / 80 * 8 - 8 - g.tuple) / 6)::int::float8 as most, least(greatest(2 - k, 0), 1) as pairs,
                         exp(-least(0.9 * (greatest(k, 1) - 1), 500)) as by_chance) s,
         lateral (select case when chance then by_chance else pairs end as single) x,
         lateral (select case when k < most then single * (g.tuple + 4) + (1 - single) * (g.tuple + 7) + 6 * (k - single)
                              else 6 * k + (k / most + 0.5) * (g.tuple + 5) end as weight,
                         case when k < most then 1 else k / most + 0.5 end as items) w,
         lateral (select weight / items as item, bs / 10.0 as biased) i),
rebuilt as materialized (
  select indexrelid, min(bytes) filter (where not high) as low, min(bytes) filter (where high) as high, max(noise) as noise
    from (select l.indexrelid, l.high, noise, bs * (1 + leaves + case when leaves > 1 then i1 else 0 end + case when i1 > 1 then i2 else 0 end
                                              + case when i2 > 1 then ceil(i2 / fanout) else 0 end) as bytes
            from (select indexrelid, high, greatest(ceil(sum(leaves)), 1) as leaves, sum(leaves * noise) / sum(leaves) as noise from sized group by 1, 2) l
            join (select indexrelid, min(bs) as bs, sum(tuple * share) / sum(share) as tuple from patterns group by 1) t using (indexrelid),
                 lateral (select greatest(2, floor((bs * 0.7 - 48) / (tuple + 4))) as fanout) f,
                 lateral (select ceil(leaves / fanout) as i1) l1, lateral (select ceil(i1 / fanout) as i2) l2) s
   group by 1),
judged as (
  select m.*, k.known, k.immune, k.columns, k.names, k.plain, k.widest, m.may_merge and k.mergeable as merges,
         (r.low + r.high) / 2 as rebuilt_bytes, -- the rest in percent of them
         100 * abs(r.high - r.low) / nullif(r.low + r.high, 0) as spread,
         case when k.columns > 1 and m.may_merge and k.mergeable then 100 * abs(r.high - r.low) / nullif(r.low + r.high, 0) else 0 end as correlation,
         coalesce(r.noise, 0) + 1 + case when k.immune then 0 when k.guessed then 6 when k.loose then 2 else 0 end
           + case when m.may_merge and k.mergeable then 2 else 0 end
           + case when k.immune and not (m.may_merge and k.mergeable) and not m.partial then 0 else 30 * m.churn end
           + case when m.partial and m.table_rows > sampled then 165 * sqrt((1 - least(p, 1)) / (greatest(p, 1e-6) * sampled)) else 0 end as doubt
    from measured m left join keys k using (indexrelid) left join rebuilt r using (indexrelid),
         lateral (select 300.0 * current_setting('default_statistics_target')::int as sampled, m.index_rows / greatest(m.table_rows, 1) as p) s),
verdicts as (
  select j.*, least(1, rebuilt_bytes / bytes) * (doubt + spread) as points,
         case when locked then 'AccessExclusiveLock'
              when not valid then 'invalid'
              when amname <> 'btree' then amname
              when bytes <= 2 * bs then null
              when entries is null or partial and index_rows < 0 then 'never analyzed'
              when entries < 0.5 then null
              when not known and not readable then 'column statistics not visible'
              when not known then 'never analyzed'
              when churn > 0.2 and (merges or partial or not immune) then 'stale statistics'
              when widest > 450 then 'wide keys'
              when least(1, rebuilt_bytes / bytes) * correlation > 5 then 'correlation of key columns unknown'
              when least(1, rebuilt_bytes / bytes) * (doubt + spread) > 8 then 'too uncertain'
         end as withheld
    from judged j)
select indexrelid, bytes, case when withheld is null then case when bytes <= 2 * bs then bytes else coalesce(rebuilt_bytes, bs) end end::bigint as rebuilt_bytes,
       case when withheld is null then case when bytes <= 2 * bs then 0 else coalesce(points, 0) + 100.0 * bs / bytes end end::float8 as plus_minus,
       case withheld when 'gin' then 'GIN' when 'gist' then 'GiST' when 'spgist' then 'SP-GiST' when 'brin' then 'BRIN' else withheld end as withheld,
       case when withheld in ('never analyzed', 'stale statistics') then format('ANALYZE %I.%I', nspname, relname)
            when withheld = 'column statistics not visible' and has_table_privilege(indrelid, 'select') then format('ALTER ROLE %I BYPASSRLS', current_user)
            when withheld = 'column statistics not visible' and plain < columns then format('GRANT pg_read_all_data TO %I', current_user)
            when withheld = 'column statistics not visible' then format('GRANT SELECT ON %I.%I TO %I', nspname, relname, current_user)
            when withheld = 'correlation of key columns unknown' and plain = columns
              then format('CREATE STATISTICS %I.%I (ndistinct) ON %s FROM %I.%I; ANALYZE %I.%I',
                          nspname, left(indexname, 50) || '_ndistinct', names, nspname, relname, nspname, relname)
       end as mend
  from verdicts`
