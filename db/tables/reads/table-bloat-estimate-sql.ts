import { bytesOf, PHASES } from '../../indexes/reads/bloat-statistics-sql'
import { LOCKED } from '../../server/locked-sql'

/** Smaller ones are not worth a rewrite; so many of the largest are looked at, a column each takes a tenth of a millisecond. */
const LEAST_PAGES = 128
const MOST_RELATIONS = 500
/** More than this many percentage points of the file are no answer. */
const MOST_POINTS = 10

/** The statement of the read table-bloat-estimate, which says what it is. */
export const TABLE_BLOAT_ESTIMATE = /* sql */ `
with /* proctor:table-bloat-estimate */ recursive
${LOCKED},
settings as (select current_setting('block_size')::int as bs),
owners as materialized (select reltoastrelid as toast, oid from pg_class where reltoastrelid <> 0 and relkind in ('r', 'm')),
counters as materialized (
  select c.oid as relid, c.relkind, c.relname, c.relnamespace, c.relnatts, coalesce(o.oid, c.oid) as owner, c.reltuples::float8 as reltuples, c.reloptions,
         k.locked, s.bytes, m.bs,
         pg_stat_get_live_tuples(c.oid)::float8 as live, pg_stat_get_mod_since_analyze(c.oid)::float8 as changed,
         (pg_stat_get_tuples_inserted(c.oid) - pg_stat_get_tuples_deleted(c.oid))::float8 as net,
         pg_stat_get_live_tuples(c.oid) + pg_stat_get_tuples_inserted(c.oid) = 0 as lost
    from pg_class c cross join settings m left join owners o on o.toast = c.oid,
         lateral (select exists (select from locked l where l.relation in (c.oid, o.oid)) as locked) k,
         -- relpages is as old as the last VACUUM or ANALYZE
         lateral (select case when not locked and (c.relpages >= ${LEAST_PAGES} or c.oid < 16384 or pg_stat_get_live_tuples(c.oid) + pg_stat_get_dead_tuples(c.oid) > 1000)
                              then pg_relation_size(c.oid) end as bytes) s
   where c.relkind in ('r', 'm', 't') and c.relpersistence <> 't' and coalesce(s.bytes, c.relpages * m.bs) >= ${LEAST_PAGES} * m.bs
   order by coalesce(s.bytes, c.relpages * m.bs) desc limit ${MOST_RELATIONS}),
relations as materialized (
  select c.*, n.nspname,
         -- a session reports its changes late: an ANALYZE right after a load is followed by counters that count the load again
         case when reltuples > 0 and abs(net - reltuples) <= 0.01 * reltuples or lost then nullif(reltuples, -1) else live end as rows,
         least(changed / greatest(live, 1), 1) as churn,
         coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 100) as ff,
         has_table_privilege(c.owner, 'select') as readable
    from counters c join pg_namespace n on n.oid = c.relnamespace),
columns as materialized (
  select r.relid, row_number() over (partition by r.relid order by a.attnum) as pos, a.attlen, a.attnotnull,
         case a.attalign when 'd' then 8 when 'i' then 4 when 's' then 2 else 1 end as align,
         gone or s.attname is not null or a.attlen > 0 and a.attnotnull as known, a.attstattarget is not distinct from 0 as untaken, a.attname,
         case when gone then 1 when a.attnotnull then 0 else coalesce(s.null_frac, 0) end::float8 as null_frac,
         case when a.attlen > 0 then a.attlen when v.least = v.most then v.least else coalesce(s.avg_width, 0) + 0.5 end::float8 as width,
         case when v.n > 0 then v.phases else array_fill(0.125::float8, '{8}') end as phases, v.least is distinct from v.most or a.attlen > 0 as loose
    from relations r join pg_attribute a on a.attrelid = r.relid and a.attnum > 0
    -- a virtual generated column (18) is not stored, and neither is a dropped one in a row that was rewritten
    cross join lateral (select a.attisdropped or a.attgenerated = 'v' as gone) g
    left join lateral (select * from pg_stats s where s.schemaname = r.nspname and s.tablename = r.relname and s.attname = a.attname and not s.inherited offset 0) s
           on not gone and (a.attlen < 0 or not a.attnotnull)
    left join pg_type y on y.oid = a.atttypid
    -- how many bytes of a word of 8 the values that ANALYZE kept fill beyond whole ones
    left join lateral (select sum(weight) as n, min(bytes) as least, max(bytes) as most, array[${PHASES}] as phases
                         from (select value, f::float8 as weight from unnest(s.most_common_vals::text::text[], s.most_common_freqs) c(value, f)
                               union all
                               select value, greatest(1 - s.null_frac - coalesce((select sum(f) from unnest(s.most_common_freqs) f), 0), 0.001) / cardinality(s.histogram_bounds::text::text[])
                                 from unnest(s.histogram_bounds::text::text[]) b(value)) kept,
                              lateral (select ${bytesOf('value', 'coalesce(nullif(y.typbasetype, 0), y.oid)', "(y.typcategory = 'S' and y.typlen = -1)")} as bytes) x
                        where bytes is not null) v on a.attlen < 0
   where r.relkind <> 't' and r.bytes > 0),
-- the mean offset after each column, and how the offsets stand in a word of 8 bytes: phases
layout as (
  select distinct relid, 0::int8 as pos, 0::float8 as until, array[1, 0, 0, 0, 0, 0, 0, 0]::float8[] as phases from columns
  union all
  select l.relid, c.pos,
         l.until + (1 - c.null_frac) * (c.width + (select sum(share * mod(w.align - mod(at - 1, w.align), w.align)) from unnest(l.phases) with ordinality p(share, at))),
         case when c.null_frac = 1 then l.phases
              when c.attlen < 0 then (select array_agg(c.null_frac * l.phases[r + 1] + (1 - c.null_frac) * mixed order by r)
                                        from generate_series(0, 7) r,
                                             lateral (select sum(share * c.phases[1 + mod(8 + r - at::int + 1, 8)]) as mixed from unnest(l.phases) with ordinality p(share, at)) x)
              else (select array_agg(c.null_frac * l.phases[r + 1] + (1 - c.null_frac) * coalesce(moved, 0) order by r)
                      from generate_series(0, 7) r,
                           lateral (select sum(share) filter (where mod(((at + w.align - 2) / w.align * w.align + c.width)::int, 8) = r) as moved
                                      from unnest(l.phases) with ordinality p(share, at)) x) end
    from layout l join columns c on c.relid = l.relid and c.pos = l.pos + 1
    -- a short value has a header of 1 byte and no alignment
    cross join lateral (select case when c.attlen > 0 or c.width > 127 then c.align else 1 end as align) w),
tuples as materialized (
  select l.relid, least(k.loose, 1) as loose, k.known, k.untaken,
         (24 + k.nulls * (ceil((23 + ceil(k.columns / 8.0)) / 8) * 8 - 24) + l.until + (select sum(share * mod(9 - at, 8)) from unnest(l.phases) with ordinality p(share, at)))::float8 as tuple
    from (select relid, count(*) as columns, bool_and(known) as known, string_agg(format('ALTER COLUMN %I SET STATISTICS -1', attname), ', ') filter (where not known and untaken) as untaken,
                 1 - exp(sum(ln(greatest(1 - null_frac, 1e-9)))) as nulls,
                 sum(case when attlen < 0 and loose then 1 else 2 * null_frac * (1 - null_frac) end) as loose
            from columns group by relid) k
    join layout l on l.relid = k.relid and l.pos = k.columns),
pages as materialized (
  select r.*, t.known, t.untaken,
         case when r.relkind = 't' then 0.75 * r.rows / 4
              when t.loose > 0.01 then r.rows * (t.tuple + 4) / greatest(bs - 24 - reserve - t.tuple / 2, t.tuple + 4)
              else r.rows / greatest(1, least(floor((bs - 24 - reserve) / (t.tuple + 4)), (bs - 24) / 28)) end as needed,
         -- points of what a rewrite leaves
         case when r.relkind = 't' then 33 else 2 + 3 * t.loose + 15 * r.churn end as doubt
    from relations r left join tuples t using (relid), lateral (select bs * (100 - ff) / 100 as reserve) f),
judged as (
  select p.*, needed * bs as rebuilt, least(1, needed * bs / bytes) * doubt + 100.0 * bs / bytes as points from pages p where bytes is null or bytes > 0),
verdicts as (
  select j.*, case when locked then 'AccessExclusiveLock'
                   when rows is null then 'never analyzed'
                   when relkind <> 't' and not known and untaken is not null then 'no statistics are taken of a column (statistics target 0)'
                   when relkind <> 't' and not known and not readable then 'column statistics not visible'
                   when relkind <> 't' and not known then 'never analyzed'
                   when points > ${MOST_POINTS} then case when relkind = 't' then 'length of the chunks unknown' else 'too uncertain' end end as withheld
    from judged j)
select v.relid, v.nspname as schemaname, v.relname, v.relkind, v.owner, n.nspname as owner_schema, o.relname as owner_name, o.relisshared, pg_is_in_recovery() as in_recovery, v.bytes,
       index_bytes, case when index_bytes is not null and rows is not null then least(index_bytes, bs * (1 + leaves + case when leaves > 1 then ceil(leaves / 285) else 0 end)) end::bigint as index_rebuilt_bytes,
       case when withheld is null then least(ceil(rebuilt), bytes) end::bigint as rebuilt_bytes, case when withheld is null then points end::float8 as plus_minus, withheld,
       case when withheld = 'never analyzed' then format(case when v.relkind = 't' then 'VACUUM %I.%I' else 'ANALYZE %I.%I' end, n.nspname, o.relname)
            when withheld like '%statistics target 0%' then format('ALTER TABLE %I.%I %s; ANALYZE %1$I.%2$I', n.nspname, o.relname, untaken)
            when withheld = 'column statistics not visible' and v.nspname = 'pg_catalog' then format('GRANT pg_read_all_data TO %I', current_user)
            when withheld = 'column statistics not visible' then format('GRANT SELECT ON %I.%I TO %I', n.nspname, o.relname, current_user) end as fix
  from verdicts v join pg_class o on o.oid = v.owner join pg_namespace n on n.oid = o.relnamespace
  -- two integers a chunk, never two alike
  left join lateral (select pg_relation_size(i.indexrelid) as index_bytes, greatest(1, ceil(v.rows / floor((bs - 48 - bs / 10) / 20))) as leaves
                       from pg_index i where i.indrelid = v.relid and v.relkind = 't' and v.withheld is distinct from 'AccessExclusiveLock'
                        and not exists (select from locked l where l.relation = i.indexrelid) limit 1) x on true
 order by v.bytes desc nulls last, v.relid`
