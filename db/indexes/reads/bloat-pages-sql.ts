/**
 * Last part of the estimate of index bloat: from groups of equal keys to pages, as nbtsort.c and nbtdedup.c fill them, and
 * what can be said with which ±. (postgres: src/backend/access/nbtree; manual: B-Tree Indexes, Deduplication.)
 */

/** More than this many percentage points of the index are no answer. */
const MOST_POINTS = 8

export const PAGES = /* sql */ `
sized as (
  select g.indexrelid, g.way, g.high, g.noise, g.n * case when not g.merges or k < 1.001 then
             case when g.loose then k * (g.tuple + 4) / (g.room - 8 - g.reserve - g.tuple * g.uneven / 2)
                  else k / floor((g.room - 8 - g.reserve) / (g.tuple + 4)) end
           when k >= most then
             case when weight > 7308 then (weight - 6902) / 7308 + 1 else weight / (g.room - 12 - item - biased / 2) end
           else weight / least(g.room - 12 - g.reserve - g.tuple + item / 2, g.room - 12 - 1.5 * item) end as leaves
    from groups g,
         lateral (select ((bs / 80 * 8 - 8 - g.tuple) / 6)::int::float8 as most, floor(k) as fewer, k - floor(k) as further,
                         exp(-least(0.9 * (greatest(k, 1) - 1), 500)) as by_chance) s,
         lateral (select case when chance then by_chance else greatest(2 - k, 0) end as single) x,
         lateral (select case when k < least(most, 40) and not chance -- of one number of copies, or of two that are next to each other
                                then (1 - further) * case when fewer < 2 then g.tuple else ceil((g.tuple + 6 * fewer) / 8) * 8 end
                                     + further * ceil((g.tuple + 6 * fewer + 6) / 8) * 8 + 4
                              when k < most then single * (g.tuple + 4) + (1 - single) * (g.tuple + 7) + 6 * (k - single)
                              else 6 * k + (k / most + 0.5) * (g.tuple + 5) end as weight,
                         case when k < most then 1 else k / most + 0.5 end as items) w,
         lateral (select weight / items as item, bs / 10.0 as biased) i),
rebuilt as materialized (
  select indexrelid, min(bytes) as low, max(bytes) as high, max(noise) as noise,
         -- what would stay unknown if all combinations of values were counted
         greatest(max(bytes) filter (where high) - min(bytes) filter (where high),
                  max(bytes) filter (where not high) - min(bytes) filter (where not high)) as by_nulls
    from (select l.indexrelid, l.way, l.high, noise, bs * (1 + leaves + case when leaves > 1 then i1 else 0 end + case when i1 > 1 then i2 else 0 end
                                              + case when i2 > 1 then ceil(i2 / fanout) else 0 end) as bytes
            from (select indexrelid, way, high, greatest(ceil(sum(leaves)), 1) as leaves, sum(leaves * noise) / sum(leaves) as noise from sized group by 1, 2, 3) l
            join (select indexrelid, min(bs) as bs, sum(tuple * share) / sum(share) as tuple from patterns where way = 0 group by 1) t using (indexrelid),
                 lateral (select greatest(2, floor((bs * 0.7 - 48) / (tuple + 4))) as fanout) f,
                 lateral (select ceil(leaves / fanout) as i1) l1, lateral (select ceil(i1 / fanout) as i2) l2) s
   group by 1),
judged as (
  select m.*, k.known, k.untaken, k.untaken_names, k.immune, k.columns, k.names, k.plain, k.widest, g.merges,
         b.rebuilt_bytes, b.half, k.columns > 1 and (g.merges or k.nullable > 1) as together, 50 * r.by_nulls / nullif(m.bytes, 0) as by_nulls,
         b.rebuilt_bytes / m.bytes * ( -- in percent of what is rebuilt: errors that know nothing of each other
         1 + sqrt(power(coalesce(r.noise, 0), 2) + power(case when k.guessed then 6 when k.loose then 2 else 0 end, 2) + power(case when g.merges then 2 else 0 end, 2)
                  + case when m.partial and m.table_rows > sampled then power(165, 2) * (1 - least(p, 1)) / (greatest(p, 1e-6) * sampled) else 0 end)
           -- and those that push one way
           + case when k.immune and not g.merges and not m.partial then 0 else 30 * m.churn end
           + case when k.immune and not g.merges then 0 else 20 * coalesce(k.null_doubt, 0) end
           + case when g.merges and k.narrowed then 15 * k.thinned when g.merges and m.partial and k.thinned > 0.05 then 2 else 0 end) as doubt
    from measured m left join keys k using (indexrelid) left join rebuilt r using (indexrelid),
         lateral (select m.index_rows / greatest(m.table_rows, 1) as p, m.may_merge and k.mergeable as merges) g,
         -- between both bounds; an index that a rebuild would make larger has no bloat, however much larger
         lateral (select case when r.low is not null then (least(r.low, m.bytes) + least(r.high, m.bytes)) / 2 end as rebuilt_bytes, -- LEAST skips NULL
                         50 * (least(r.high, m.bytes) - least(r.low, m.bytes)) / nullif(m.bytes, 0) as half) b),
verdicts as (
  select j.*, points,
         case when locked then 'AccessExclusiveLock'
              when not valid then 'invalid'
              when amname <> 'btree' then amname
              when bytes <= 2 * bs then null
              when entries is null or partial and index_rows < 0 then 'never analyzed'
              when entries < 0.5 then null
              when not known and untaken then 'no statistics are taken of a column (statistics target 0)'
              when not known and not readable then 'column statistics not visible'
              when not known then 'never analyzed'
              when churn > 0.2 and (merges or partial or not immune) then 'stale statistics'
              when widest > 450 then 'wide keys'
              when points > ${MOST_POINTS} then case when together and half > doubt then 'correlation of key columns unknown' else 'too uncertain' end
         end as withheld
    from judged j, lateral (select sqrt(power(half, 2) + power(doubt, 2)) as points) p)
select indexrelid, bytes, case when withheld is null then case when bytes <= 2 * bs then bytes else coalesce(rebuilt_bytes, bs) end end::bigint as rebuilt_bytes,
       case when withheld is null then case when bytes <= 2 * bs then 0 else coalesce(points, 0) + 100.0 * bs / bytes end end::float8 as plus_minus,
       case withheld when 'gin' then 'GIN' when 'gist' then 'GiST' when 'spgist' then 'SP-GiST' when 'brin' then 'BRIN' else withheld end as withheld,
       case when withheld in ('never analyzed', 'stale statistics') then format('ANALYZE %I.%I', nspname, relname)
            when withheld like '%statistics target 0%' and untaken_names is not null
              then format('ALTER TABLE %I.%I %s; ANALYZE %I.%I', nspname, relname, untaken_names, nspname, relname)
            when withheld = 'column statistics not visible' and has_table_privilege(indrelid, 'select') then format('ALTER ROLE %I BYPASSRLS', current_user)
            when withheld = 'column statistics not visible' and plain < columns then format('GRANT pg_read_all_data TO %I', current_user)
            when withheld = 'column statistics not visible' then format('GRANT SELECT ON %I.%I TO %I', nspname, relname, current_user)
            when withheld = 'correlation of key columns unknown' and plain = columns and by_nulls < ${MOST_POINTS}
              then format('CREATE STATISTICS %I.%I (ndistinct) ON %s FROM %I.%I; ANALYZE %I.%I',
                          nspname, left(indexname, 50) || '_ndistinct', names, nspname, relname, nspname, relname)
       end as fix
  from verdicts`
