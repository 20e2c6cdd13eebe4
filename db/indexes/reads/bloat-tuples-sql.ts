import { PHASES } from './bloat-statistics-sql'

/**
 * Second part of the estimate of index bloat: from statistics to index tuples, one size for each pattern of NULLs
 * (postgres: src/backend/access/common/indextuple.c).
 */

/** Ends with the CTE patterns: how many rows, of which size, with how many distinct keys at least and at most. */
export const TUPLES = /* sql */ `
-- the statistics, as they hold for the rows of the index: thin is the share of a column's rows that are in it
stats as materialized (
  select c.*, c.attlen > 0 and c.not_null or f.indexrelid is not null as has_stats, f.common, f.bounds, n.null_frac, f.freqs, t.thin, d.valued, d.nd as nd_all,
         case when c.pinned then coalesce(c.pinned_width, f.avg_width)
              -- rounded down; of an expression it was taken before the header of a short value shrank from 4 bytes to 1
              else f.avg_width + 0.5 - case when c.attlen = -1 and c.heapattnum is null and f.avg_width < 130 then 3 else 0 end end as avg_width,
         case when c.pinned then 1 when t.thin > 0.99 then d.nd
              else d.nd * (1 - exp(greatest(greatest(d.valued / greatest(d.nd, 1), 1) * ln(1 - t.thin), -500))) end as nd,
         case when c.pinned then array[1] when c.narrowed and t.thin < 0.95 then '{}'
              else (select array_agg(x / greatest(1 - f.null_frac, 1e-6) order by at) from unnest(f.freqs) with ordinality u(x, at)) end::float8[] as shares,
         -- a predicate on other columns may choose the NULLs, or leave them out
         case when c.partial and c.heapattnum is not null and not c.told
              then least(1, f.null_frac / greatest(b.part, 1e-6)) - greatest(0, (f.null_frac + b.part - 1) / greatest(b.part, 1e-6)) else 0 end as null_doubt
    from columns c left join found f using (indexrelid, pos),
         lateral (select case when c.heapattnum is null then c.entries else c.live end as base, least(1, c.entries / greatest(c.live, 1)) as part) b,
         lateral (select case when c.is_null then 1 when c.not_null then 0 else coalesce(f.null_frac, 0) end as null_frac) n,
         lateral (select b.base * (1 - coalesce(f.null_frac, 0)) as valued,
                         case when f.n_distinct < 0 then -f.n_distinct * b.base else f.n_distinct end as nd) d,
         lateral (select case when c.heapattnum is null then 1 else least(1, c.entries * (1 - n.null_frac) / greatest(d.valued, 1)) end as thin) t),
-- Width of a column's values in an index tuple. phases: how many bytes of a word of 8 a value fills beyond whole ones
widths as materialized (
  select s.*, case when s.attlen > 0 then s.attlen when x.full_range is not null then least(s.avg_width, 6 + 2 * s.bound_width) when v.least = v.most then v.mean when s.type = 'name'::regtype then v.mean else coalesce(s.avg_width, v.mean) end::float8 as width,
         s.attlen < 0 and not s.pinned and x.full_range is distinct from 1 and (v.n is null or v.least < v.most) as loose,
         s.attlen < 0 and v.n is null and not s.pinned and x.full_range is null as guessed,
         case when v.n > 0 then v.phases when x.full_range is not null
              then (select array_agg(case r when mod(6 + 2 * s.bound_width, 8) then x.full_range when mod(6 + s.bound_width, 8) then 1 - x.full_range else 0 end order by r) from generate_series(0, 7) r)
              else array_fill(0.125::float8, '{8}') end as phases, v.squares / v.tuple / v.tuple as uneven
    from stats s
    left join lateral (
      select sum(weight) as n, sum(weight * bytes) / sum(weight) as mean, min(bytes) as least, max(bytes) as most,
             array[${PHASES}] as phases,
             sum(weight * ceil((8 + bytes) / 8) * 8) / sum(weight) as tuple,
             sum(weight * power(ceil((8 + bytes) / 8) * 8, 2)) / sum(weight) as squares
        from (select bytes, s.freqs[at]::float8 as weight from unnest(s.common) with ordinality c(bytes, at)
              union all
              select bytes, greatest(1 - s.null_frac - coalesce((select sum(f) from unnest(s.freqs) f), 0), 0.001) / cardinality(s.bounds)
                from unnest(s.bounds) b(bytes)) kept
       where bytes is not null) v on s.attlen < 0,
         -- ranges keep no values: a flag and a type beside two bounds, or one where the other is infinite
         lateral (select case when s.bound_width > 0 then least(1, greatest(0, (s.avg_width - 6) / s.bound_width - 1)) end as full_range) x),
keys as materialized (
  select w.indexrelid, count(*) as columns, bool_and(w.has_stats) as known, bool_or(not w.has_stats and w.target = 0) as untaken,
         string_agg(format('ALTER COLUMN %I SET STATISTICS -1', w.column_name), ', ') filter (where not w.has_stats and w.target = 0) as untaken_names,
         bool_or(w.loose) as loose, bool_or(w.guessed) as guessed,
         bool_and(w.mergeable or not w.is_key) as mergeable, max(w.width) as widest, max(w.null_doubt) as null_doubt,
         bool_or(w.narrowed and not w.pinned and w.thin < 0.95) as narrowed, max(1 - w.thin) as thinned,
         count(*) filter (where w.null_frac between 0.0001 and 0.9999) as nullable,
         bool_and(w.attlen > 0 and (w.not_null or w.width <= 8)) and (count(*) = 1 or bool_and(w.not_null)) as immune,
         string_agg(w.heapattnum::text, ', ' order by w.heapattnum) as attnums,
         string_agg(quote_ident(w.column_name), ', ' order by w.pos) as names, count(w.column_name) as plain
    from widths w group by 1),
-- One row for each pattern of NULLs, with the offset after each column and the least and most combinations of values.
-- Which columns are NULL together nobody notes: way 0 takes them as independent, 1 as going together, 2 as avoiding each
-- other. For 1 and 2, a row is a number in [0, 1) and a pattern the interval from low_end to high_end.
layout as (
  select k.indexrelid, 0 as pos, way, 0::float8 as until, null::float8[] as phases, 0::float8 as low_end, 1::float8 as high_end, 1::float8 as share,
         0 as nulls, 1::float8 as nd_low, 1::float8 as nd_high, k.nullable, 0 as met
    from keys k, generate_series(0, case when k.nullable > 1 then 2 else 0 end) way
  union all
  select l.indexrelid, l.pos + 1, l.way,
         case when empty then l.until when w.attlen < 0 then l.until + w.width
              when l.phases is null then ceil(l.until / w.align) * w.align + w.width
              else l.until + w.width + (select sum(share * mod(w.align - mod(at - 1, w.align), w.align)) from unnest(l.phases) with ordinality p(share, at)) end,
         case when empty or l.phases is null and not w.loose then l.phases
              when w.loose then (select array_agg(mixed order by r)
                                   from generate_series(0, 7) r,
                                        lateral (select sum(share * w.phases[1 + mod(8 + r - at::int + 1, 8)]) as mixed
                                                   from unnest(coalesce(l.phases, (select array_agg((mod(l.until::int, 8) = i)::int::float8 order by i) from generate_series(0, 7) i)))
                                                        with ordinality p(share, at)) x)
              else (select array_agg(coalesce(moved, 0) order by r)
                      from generate_series(0, 7) r,
                           lateral (select sum(share) filter (where mod(((at + w.align - 2) / w.align * w.align + w.width)::int, 8) = r) as moved
                                      from unnest(l.phases) with ordinality p(share, at)) x) end,
         i.low_end, i.high_end, i.share, l.nulls + empty::int,
         case when empty or not w.is_key then l.nd_low
              -- how many of the values are among the rows of this pattern
              else greatest(l.nd_low, w.nd * (1 - exp(greatest(-500, ln(1 - least(l.share, 0.999999)) * greatest(w.entries * (1 - w.null_frac) / greatest(w.nd, 1), 1))))) end,
         case when empty or not w.is_key then l.nd_high else least(l.nd_high * greatest(w.nd, 1), 1e18) end, l.nullable, l.met + b.branch
    from layout l join widths w on w.indexrelid = l.indexrelid and w.pos = l.pos + 1
    cross join lateral (select case when w.null_frac >= 0.9999 or l.nullable <= 6 and w.null_frac >= 0.0001 then 1 else 0 end as branch) b
    join (values (true), (false)) n (empty) on not empty and w.null_frac < 0.9999 or empty and branch = 1
    cross join lateral (select l.way = 2 and mod(l.met, 2) = 1 as from_above) f
    cross join lateral (select case when l.way = 0 or branch = 0 then l.low_end when from_above = empty then greatest(l.low_end, case when from_above then 1 - w.null_frac else w.null_frac end) else l.low_end end as low_end,
                               case when l.way = 0 or branch = 0 then l.high_end when from_above = empty then l.high_end else least(l.high_end, case when from_above then 1 - w.null_frac else w.null_frac end) end as high_end) e
    cross join lateral (select e.low_end, e.high_end,
                               case when l.way > 0 then greatest(e.high_end - e.low_end, 0)
                                    else l.share * case when empty then w.null_frac else 1 - w.null_frac * branch end end as share) i
   where i.share > 0.0005),
-- of keys with all columns of a unique index, none has a copy
lone as materialized (
  select distinct m.indexrelid, m.entries as nd
    from measured m join pg_index u on u.indrelid = m.indrelid and u.indisunique and u.indisvalid and u.indpred is null and u.indexprs is null
   where m.taken and m.indnkeyatts > 1 and (u.indkey::int2[])[0:u.indnkeyatts - 1] <@ (m.indkey::int2[])[0:m.indnkeyatts - 1]),
patterns as materialized (
  select m.indexrelid, l.way, m.entries * l.share as rows, l.nulls, m.may_merge and k.mergeable as merges, k.columns,
         w.shares, w.nd, w.nd_all, w.valued, w.thin, w.by_hand, w.target, l.share, m.sampled,
         case when k.columns = 1 then coalesce(w.uneven, 1) else 1 end as uneven,
         case when l.nulls > 0 then 16 else 8 end
           + case when l.phases is null then ceil(l.until / 8) * 8 else l.until + (select sum(share * mod(9 - at, 8)) from unnest(l.phases) with ordinality p(share, at)) end as tuple,
         least(coalesce(x.nd, l.nd_low), m.entries * l.share) as nd_low,
         least(coalesce(x.nd, greatest(l.nd_low, l.nd_high * (1 - exp(-least(m.entries * l.share / greatest(l.nd_high, 1), 500))))), m.entries * l.share) as nd_high,
         m.room, m.reserve, m.bs, m.live, l.phases is not null as loose,
         m.may_merge and k.mergeable and k.columns = 1 and l.nulls = 0 as by_value,
         -- of several columns, how many combinations each value of the first one has
         m.may_merge and k.mergeable and k.columns > 1 and l.nulls = 0 and cardinality(w.shares) > 0 and w.nd < 0.5 * m.entries as by_first,
         greatest(1, coalesce(x.nd, l.nd_low) / greatest(w.nd, 1)) as each_low, greatest(1, coalesce(x.nd, l.nd_high) / greatest(w.nd, 1)) as each_high
    from layout l
    join measured m using (indexrelid) join keys k using (indexrelid)
    join widths w on w.indexrelid = m.indexrelid and w.pos = 1
    left join lone on lone.indexrelid = m.indexrelid and l.nulls = 0
    left join together t on k.columns > 1 and t.schemaname = m.nspname and t.tablename = m.relname and t.key = k.attnums and l.nulls = 0
    cross join lateral (select coalesce(lone.nd, t.nd) as nd) x
   where l.pos = m.indnatts and m.entries * l.share > 0.5),
`
