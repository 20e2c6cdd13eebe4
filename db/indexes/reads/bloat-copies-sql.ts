/**
 * Third part of the estimate of index bloat: how many rows share a key. n_distinct alone is an average, and one that the
 * sample of ANALYZE sees too low; what is known beside it are the shares of the most common values.
 */

/** Ends with the CTE groups: keys by their number of copies, once as few and once as many bytes as may be. */
export const COPIES = /* sql */ `
-- The values beyond the most common ones of a single merging column. n_distinct is Haas and Stokes' guess from a sample
-- (postgres: analyze.c, n·d / (n − f1 + f1·n/N)): which number of copies would have given it?
crowd as materialized (
  select p.*, c.n as mcvs, c.f as mcv_share, valued * (1 - c.f) as rest, q, c.n >= 0.9 * target and c.n >= 8 as full_list,
         c.fall, exp(c.at_one - c.fall * ln(greatest(c.n, 1))) as f_last,
         q < 1 and not by_hand and valued * (1 - c.f) > 0.5 and nd_all < 0.995 * valued as guessed_from_sample
    from patterns p,
         lateral (select least(1, sampled / greatest(live, 1)) as q) s,
         lateral (select count(*)::float8 as n, coalesce(sum(f), 0)::float8 as f, -regr_slope(ln(f), ln(rank)) filter (where rank > least(4, target / 5)) as fall,
                         regr_intercept(ln(f), ln(rank)) filter (where rank > least(4, target / 5)) as at_one
                    from unnest(p.shares) with ordinality u(f, rank)) c
   where p.by_value),
-- copies as chance deals them (fixed = false: so many on the average), and the same number of each
dealt as materialized (
  select c.indexrelid, fixed, case when min(seen) > c.nd_all then null else coalesce(max(exp(at + least(1, (ln(seen) - ln(c.nd_all)) / nullif(ln(seen) - ln(after), 0)) * 0.25)) filter (where seen >= c.nd_all and after < c.nd_all), 1e-3) end as copies
    from crowd c, (values (false), (true)) v(fixed),
         lateral (select at, seen, lead(seen) over (order by at) as after
                    from (select 0.25 * j as at, greatest(1, n * d / (n - f1 + f1 * q)) as seen
                            from generate_series(case when fixed then 0 else -14 end, 28) j,
                                 lateral (select exp(0.25 * j) as m, case when fixed then -ln(1 - q) else q end as seldom) m,
                                 lateral (select q * valued as n, mcvs + rest / m * (1 - exp(-least(m * seldom, 500))) as d,
                                                 rest * q * exp(-least((case when fixed then m - 1 else m end) * seldom, 500)) as f1) e) s) g
   where c.guessed_from_sample group by c.indexrelid, fixed, c.nd_all),
-- or as a power of the rank that goes on where the most common values end: the slope that would have given n_distinct
slopes as materialized (
  select c.indexrelid, s.slope, ln(greatest(sum(many * (1 - exp(-least(k * q, 500)))) + mcvs, 1)
                            * n / greatest(n - sum(many * k * q * exp(-least(k * q, 500))) * (1 - q), 1e-3)) - ln(c.nd_all) as miss
    from crowd c cross join (select 0.05 * i as slope from generate_series(1, 48) i) s,
         lateral (select q * valued as n, mcvs * f_last as head) h,
         lateral (select 1 + (1 - mcv_share) * (1 - slope) / head as grown, abs(1 - slope) < 0.01 as flat) g,
         lateral (select case when flat then exp(least((1 - mcv_share) / head, 30)) else power(least(grown, 1e9), 1 / (1 - slope)) end as span) p,
         generate_series(0, 7) b,
         lateral (select mcvs * (power(span, (b + 1) / 8.0) - power(span, b / 8.0)) as many,
                         case when flat then (1 - mcv_share) / 8 else head / (1 - slope) * (power(span, (b + 1) / 8.0 * (1 - slope)) - power(span, b / 8.0 * (1 - slope))) end * valued as mass) x,
         lateral (select mass / greatest(many, 1e-9) as k) k
   where c.full_list and not c.by_hand and c.f_last > 0 and 1 - mcv_share > 0.02 and grown > 1e-3
   group by c.indexrelid, s.slope, c.nd_all, c.mcvs, h.n, c.q),
skew as materialized (
  select c.indexrelid, s.slope
    from crowd c join (select indexrelid, slope - 0.05 * miss / nullif(miss - before, 0) as slope
                         from (select *, lag(miss) over (partition by indexrelid order by slope) as before from slopes) b
                        where before < 0 and miss >= 0) s on s.indexrelid = c.indexrelid and abs(s.slope - c.fall) < 0.25 and c.fall > 0.3),
-- or as a crowd of values as common as the last known one, beside rows whose value nobody shares
alone as materialized (
  select c.indexrelid, least(1, greatest(0, (nd_all * (n - (1 - q) * rest * q * last) - n * (mcvs + rest / copies * (1 - last)))
                                            / nullif(n * (rest * q - rest / copies * (1 - last)) + nd_all * (1 - q) * rest * q * (1 - last), 0))) as share, copies
    from crowd c, lateral (select q * valued as n, greatest(f_last * valued, 1) as copies) m, lateral (select exp(-least(copies * q, 500)) as last) l
   where guessed_from_sample and full_list and not exists (select from skew s where s.indexrelid = c.indexrelid)),
groups as (
  select p.indexrelid, p.way, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, v.high, 1::float8 as n, f * p.rows as k, true as chance, 0::float8 as noise
    from patterns p, unnest(p.shares) f, (values (false), (true)) v(high) where p.by_value
  union all
  select p.indexrelid, p.way, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, v.high, d.n, f * p.rows / d.n, true, 0
    from patterns p, unnest(p.shares) f, (values (false), (true)) v(high),
         lateral (select case when each_low < 1.2 then 1 else f * each_low * p.nd end as counted, f * p.rows as k) e,
         lateral (select greatest(1, least(k, greatest(counted, case when v.high then each_high * (1 - exp(-least(k / each_high, 500))) end))) as n) d where p.by_first
  union all
  -- eight bands of ranks; of a rare value, the copies that are there by chance
  select c.indexrelid, c.way, c.tuple, c.merges, c.loose, c.uneven, c.room, c.reserve, c.bs, v.high, many * (1 - exp(-least(hits, 500))), hits / (1 - exp(-least(hits, 500))), true, 1.5
    from crowd c join skew s using (indexrelid) cross join (values (false), (true)) v(high) cross join generate_series(0, 7) b,
         lateral (select 1 - mcv_share as tail, mcvs * f_last as head, abs(1 - slope) < 0.01 as flat) h,
         lateral (select case when flat then exp(least(tail / head, 30)) else power(least(greatest(1 + tail * (1 - slope) / head, 1e-3), 1e9), 1 / (1 - slope)) end as span) w,
         lateral (select mcvs * (power(span, (b + 1) / 8.0) - power(span, b / 8.0)) as many,
                         case when flat then tail / 8 else head / (1 - slope) * (power(span, (b + 1) / 8.0 * (1 - slope)) - power(span, b / 8.0 * (1 - slope))) end as mass) x,
         lateral (select greatest(least(mass * c.rows / greatest(many, 1e-9), 1e6), 1e-6) as hits) k
   where many > 0
  union all
  select c.indexrelid, c.way, c.tuple, c.merges, c.loose, c.uneven, c.room, c.reserve, c.bs, true, x.n, x.k, true, 2
    from crowd c join alone a using (indexrelid), lateral (select c.rows * (1 - mcv_share) as left_over, greatest(a.copies * c.thin, 1) as k) l,
         lateral (values (left_over * a.share, 1::float8), (left_over * (1 - a.share) / l.k, l.k)) x(n, k)
   where x.n > 0
  union all
  select p.indexrelid, p.way, p.tuple, p.merges, p.loose, p.uneven, p.room, p.reserve, p.bs, v.high,
         r.rest / g.k, g.k, not v.high,
         case when not p.merges or q >= 1 then 0 when g.k < 1.001 then least(50, 100 / q / (q * p.rows))
              else least(50, 1 + 195 * sqrt(2 * least(p.rows / g.k, p.rows * q * q * (g.k - 1) / 2 + 2)) / (q * p.rows) * (p.tuple + 7) / (p.tuple + 7 + 6 * g.k)) end
    from patterns p cross join (values (false), (true)) v(high)
    left join skew s on s.indexrelid = p.indexrelid and p.by_value
    left join dealt d on d.indexrelid = p.indexrelid and d.fixed = v.high and p.by_value,
         lateral (select coalesce(sum(f), 0)::float8 as f, count(f)::float8 as n from unnest(p.shares) f where p.by_value or p.by_first) c,
         lateral (select greatest(p.rows * (1 - c.f), 0) as rest) l,
         lateral (select case when each_low < 1.2 then p.nd - c.n else (1 - c.f) * each_low * p.nd end as counted, greatest(1, (p.nd - c.n) * each_high) as apart) o,
         lateral (select l.rest, case when p.by_first then greatest(1, least(l.rest, greatest(counted, case when v.high then apart * (1 - exp(-least(l.rest / apart, 500))) end)))
                                      else greatest(case when v.high then p.nd_high else p.nd_low end - c.n, 1) end as nd,
                         least(1, p.sampled / greatest(p.live, 1)) as q) r,
         lateral (select d.copies * p.thin as hits) h,
         lateral (select greatest(1, case when d.copies is null then greatest(r.rest, r.nd) / r.nd
                                          when p.thin > 0.99 and v.high then d.copies
                                          when v.high then hits / (1 - exp(-least(-d.copies * ln(1 - least(p.thin, 0.999)), 500)))
                                          else hits / (1 - exp(-least(hits, 500))) end) as k) g
   where r.rest > 0.5 and s.indexrelid is null and (not v.high or not exists (select from alone a where a.indexrelid = p.indexrelid and p.by_value))),
`
