import { z } from 'zod'
import { bytes, counter, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * One b-tree measured from its own pages. How full its pages are, from `pages` random blocks; what a rebuild
 * makes of a full page, from the index tuples on `leaves` of the leaf pages among them. Dead items are left out; equal keys are merged into posting lists within the limits of nbtsort.c; deleted and
 * half-dead pages count as free. Where the table has dead rows that VACUUM has not removed yet, some of the
 * sampled tuples are looked up in the heap: REINDEX drops those whose row is dead.
 * No row: not a b-tree, or under an AccessExclusiveLock, held or waited for.
 * Source: https://www.postgresql.org/docs/current/pageinspect.html, src/backend/access/nbtree/README.
 */
export const indexPageSample = defineRead({
  name: 'index-page-sample',
  about: 'Bloat of one b-tree from a random sample of its pages',
  extension: { name: 'pageinspect', version: '1.9' },
  params: z.object({
    indexrelid: oid,
    /** How many pages are looked at; an index of up to one and a half times as many is looked at whole. */
    pages: z.number().int().min(10).max(5_000),
    /** On how many leaf pages the index tuples are read. */
    leaves: z.number().int().min(10).max(5_000),
  }),
  row: z.object({
    bytes,
    relfilenode: oid,
    rebuilt_bytes: bytes,
    /** Standard error of rebuilt_bytes from sampling, in bytes; 0 when every page was read. */
    standard_error: float,
    pages_read: z.number().int(),
    /** Counts for the whole index, from the sample. */
    leaf_pages: float,
    internal_pages: float,
    deleted_pages: float,
    empty_pages: float,
    tree_level: z.number().int(),
    avg_leaf_density: float.nullable(),
    /** Index tuples by their heap TIDs, dead items left out. */
    tids: float,
    /** Share of them whose row is dead, its standard error, and how many were looked up in the heap for it. */
    dead_share: float,
    dead_share_error: float,
    looked_up: counter,
    /** Whether a rebuild merges equal keys. */
    merges: z.boolean(),
  }),
  timeout: 15_000,
  keep: 0,
  sql: /* sql */ `
with /* proctor:index-page-sample */ recursive
target as materialized (
  select i.indexrelid::regclass::text as index_name, i.indrelid::regclass::text as table_name, i.indrelid,
         current_setting('block_size')::int as bs, pg_relation_size(i.indexrelid) as bytes,
         pg_relation_filenode(i.indexrelid) as relfilenode,
         coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as ff,
         -- a rebuild merges equal keys of these: not unique, no INCLUDE, every operator class with support function 4
         not i.indisunique and i.indnatts = i.indnkeyatts
         and coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'deduplicate_items'), true)
         and not exists (select from unnest(i.indclass, i.indcollation) as k (opclass, collation_oid)
                           join pg_opclass o on o.oid = k.opclass
                           left join pg_collation l on l.oid = k.collation_oid
                          where not coalesce(l.collisdeterministic, true)
                             or not exists (select from pg_amproc p where p.amprocfamily = o.opcfamily and p.amprocnum = 4
                                               and p.amproclefttype = o.opcintype and p.amprocrighttype = o.opcintype)) as merges,
         s.live, s.counted, not s.counted or s.dead > 0.002 * s.live as dead_rows, i.indpred is not null as partial
    from pg_index i
    join (select t.oid as relid, pg_stat_get_dead_tuples(t.oid)::float8 as dead,
                 coalesce(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid),
                          pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)) is not null as counted,
                 -- an ANALYZE right after a load is followed by counters that count the load again
                 case when abs(pg_stat_get_tuples_inserted(t.oid) - pg_stat_get_tuples_deleted(t.oid) - t.reltuples) <= 0.01 * t.reltuples
                      then t.reltuples else pg_stat_get_live_tuples(t.oid) end::float8 as live
            from pg_class t) s on s.relid = i.indrelid
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam and am.amname = 'btree'
   where i.indexrelid = $1
     and not exists (select from pg_locks l where l.relation in (i.indexrelid, i.indrelid) and l.locktype = 'relation'
                        and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_database where datname = current_database()))),
blocks as materialized (
  select b as blkno from target, generate_series(1, bytes / bs - 1) b where bytes / bs <= $2 * 1.5
  union all
  (select distinct 1 + floor(random() * (bytes / bs - 1))::bigint from target, generate_series(1, $2) where bytes / bs > $2 * 1.5)),
pages as materialized (
  select s.* from target, blocks, lateral @extschema@.bt_page_stats(index_name, blkno) s),
leaves as materialized (
  select blkno, btpo_next, bs - 44 - free_size as used, row_number() over (order by random()) <= $3 * case when count(*) over () <= 2 * $3 then 2 else 1 end as picked,
         row_number() over () as place
    from pages cross join target where type = 'l' or type = 'r' and btpo_level = 0),
-- equal keys of a page are neighbours, and so are one group; the high key stands by itself
groups as materialized (
  select p.blkno, g.*
    from target, (select * from leaves where picked) p,
         lateral (select high_key, base, sum(n)::float8 as tids, max(itemoffset) as last, bool_or(htid is not null) as has_tid
                    from (select itemoffset, nulls, htid, case when merges then data end as key, p.btpo_next <> 0 and itemoffset = 1 as high_key,
                                 coalesce(cardinality(tids), 1) as n,
                                 case when tids is null then itemlen else case when nulls then 16 else 8 end + (length(data) + 1) / 3 end as base
                            from @extschema@.bt_page_items(index_name, p.blkno)
                           where dead is not true) i
                   group by high_key, base, nulls, key) g),
-- index tuples by their TIDs, in the whole index, with the relative standard error of the sample
entries as materialized (
  select (select sum(used) from leaves) * factor * rate as n,
         coalesce(stddev_samp(tids - rate * used) / nullif(avg(tids), 0) / sqrt(count(*))
                  * sqrt(greatest(0, 1 - count(*) / (select count(*) from leaves)::float8)), 0) as error
    from (select l.used, coalesce(g.tids, 0) as tids, sum(coalesce(g.tids, 0)) over () / nullif(sum(l.used) over (), 0) as rate
            from leaves l left join (select blkno, sum(tids) as tids from groups where not high_key group by 1) g using (blkno) where l.picked) p,
         (select (bytes / bs - 1)::float8 / (select count(*) from pages) as factor from target) f
   group by factor, rate),
suspects as (select dead_rows or not partial and coalesce((select n / (1.02 + 3 * error) from entries), 0) > live as suspect from target),
-- the heap's word on some of the tuples; the TID is picked a step later, or random() would be the one that sorted
picked as materialized (
  select i.n * i.per_page / 5.0 as n, i.tids, i.htid
    from target cross join suspects, (select * from leaves order by random() limit 80) p,
         lateral (select coalesce(cardinality(tids), 1)::float8 as n, count(*) over () as per_page, tids, htid
                    from @extschema@.bt_page_items(index_name, p.blkno)
                   where not dead and (itemoffset > 1 or p.btpo_next = 0)
                   order by random() limit 5) i
   where suspect),
probes as materialized (
  select n, split_part(trim('()' from tid::text), ',', 1)::bigint as heap_block, split_part(trim('()' from tid::text), ',', 2)::int as line
    from (select n, coalesce(tids[1 + floor(random() * cardinality(tids))::int], htid) as tid from picked) x),
lines as materialized (
  select b.heap_block, h.lp::int as line, h.lp_flags, h.lp_off, h.t_ctid, h.t_infomask, h.t_infomask2, h.t_xmin, h.t_xmax
    from target, (select distinct heap_block from probes) b,
         lateral @extschema@.heap_page_items(@extschema@.get_raw_page(table_name, 'main'::text, heap_block)) h),
clock as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next),
-- an index tuple points to the root of a HOT chain: dead when the chain's last row is
chains as (
  select row_number() over () as probe, n, heap_block, line, 0 as step from probes
  union all
  select c.probe, c.n, c.heap_block,
         case when l.lp_flags = 2 then l.lp_off else split_part(trim('()' from l.t_ctid::text), ',', 2)::int end, c.step + 1
    from chains c join lines l on l.heap_block = c.heap_block and l.line = c.line
   where c.step < 50 and (l.lp_flags = 2 or l.lp_flags = 1 and l.t_infomask2 & 16384 <> 0 and l.t_infomask & 2048 = 0)),
ends as (
  select c.n,
         case when l.lp_flags <> 1 then true
              when l.t_infomask & 512 <> 0 and l.t_infomask & 256 = 0 then true -- the insert rolled back
              when l.t_infomask & 2048 <> 0 or l.t_infomask & 128 <> 0 or l.t_infomask & 4096 <> 0 then false -- not deleted, or only locked
              when l.t_infomask & 1024 <> 0 then true
              when l.t_xmax::text::bigint < 3 then false
              else coalesce(pg_xact_status((next - mod(next - l.t_xmax::text::bigint + 4294967296, 4294967296))::text::xid8), 'committed') = 'committed'
         end as dead
    from (select distinct on (probe) * from chains order by probe, step desc) c
    join lines l on l.heap_block = c.heap_block and l.line = c.line
    cross join clock),
looked_up as materialized (
  select count(*) as looked_up, coalesce(sum(n) filter (where dead) / sum(n), 0) as share,
         coalesce(sqrt(sum(n * n)) / sum(n), 1) as deviation -- 1 / √ of how many independent answers these are worth
    from ends),
-- of an index over the whole table, the counters may tell it better, as long as the heap does not contradict them
dead as materialized (
  select looked_up, case when counters then greatest(0, 1 - live / e.n) else share end as share,
         case when not suspect then 0 when counters then by_count else seen end as error,
         coalesce(counted and not partial and live > 0 and (counters or not suspect and abs(e.n / live - 1) < 0.03 + 3 * e.error), false) as trusted
    from looked_up cross join target cross join suspects left join entries e on true,
         lateral (select sqrt(share * (1 - share) + 0.002) * deviation as seen, (0.01 + e.error) * live / e.n as by_count) d,
         lateral (select suspect and not partial and live > 0 and by_count < seen
                     and abs(greatest(0, 1 - live / e.n) - share) < 0.03 + 3 * seen as counters) c),
-- the last group of a page goes on to the next page where the high key holds a TID
edges as materialized (
  select blkno, max(last) as last, bool_or(high_key and has_tid) as goes_on, max(base) filter (where high_key) as pivot,
         sum(base * tids) filter (where not high_key) / nullif(sum(tids) filter (where not high_key), 0) as base
    from groups group by 1),
-- each group as the items that a rebuild makes of it: whole posting lists of most TIDs, and a rest
sized as (
  select g.blkno, g.base, k, items, weight, squares
    from groups g cross join target t cross join dead d
    join edges e on e.blkno = g.blkno and not g.high_key,
         lateral (select e.goes_on and g.last = e.last as open, 1 - d.share as alive, g.tids * (1 - d.share) as k,
                         ((bs / 80 * 8 - 8 - g.base) / 6)::float8 as most, g.base + 4 as plain) m,
         lateral (select floor(k / most) as whole, k - floor(k / most) * most as rest,
                         case when g.tids > 100 then 0 else power(1 - alive, g.tids) end as none,
                         case when g.tids > 100 then 0 else g.tids * alive * power(1 - alive, g.tids - 1) end as single) r,
         lateral (select case when share = 0 then case when rest < 1.5 then 0 else ceil((g.base + 6 * rest) / 8) * 8 + 4 end
                              else plain + 3 + 6 * rest end as list) l,
         lateral (select case when not merges then k
                              when open then k / most
                              when whole > 0 or share = 0 then whole + case when rest < 0.5 then 0 else 1 end
                              else 1 - none end as items,
                         case when not merges then k * plain
                              when open then k / most * plain + 6 * k
                              when whole > 0 or share = 0
                                then whole * (ceil((g.base + 6 * most) / 8) * 8 + 4)
                                     + case when rest < 0.5 then 0 when rest < 1.5 then plain else list end
                              else single * plain + (1 - none - single) * (plain + 3) + 6 * (k - single) end as weight) w,
         lateral (select case when items <= 0 then 0
                              when merges and whole > 0 and not open then whole * power(plain + 6 * most, 2) + case when rest < 1.5 then 0 else list * list end
                              else weight * weight / items end as squares) q),
-- and each sampled leaf page as the pages that a rebuild makes of it
per_leaf as materialized (
  select l.used, coalesce(rows, 0) as rows, weight / case
           when weight is null then 1
           -- items of one size: so many fit before the page counts as full
           when squares * items < 1.003 * weight * weight then item *
             case when item <= base + 5 then floor((room - 8 - reserve) / item)
                  else least(floor((room - 12 - reserve - base) / item) + 1, floor((room - 12) / item) - 1) end
           when not merges then room - 8 - reserve - biased / 2
           else least(room - 12 - reserve - base + biased / 2, room - 12 - item - biased / 2) end as becomes
    from (select * from leaves where picked) l
    left join (select blkno, sum(k) as rows, sum(weight) as weight, sum(items) as items, sum(squares) as squares, sum(base * items) / nullif(sum(items), 0) as base
                 from sized where items > 0 group by 1) s using (blkno)
    cross join target,
         lateral (select weight / items as item, squares / weight as biased, bs - 40 as room, bs * (100 - ff) / 100 as reserve) m),
ratio as (
  select count(*)::float8 as m2, coalesce(sum(coalesce(becomes, 0)) / nullif(sum(used), 0), 0)::float8 as r, (sum(becomes) / nullif(sum(rows), 0))::float8 as per_row,
         (select avg(pivot)::float8 from edges) as pivot, (select avg(base)::float8 from edges) as base
    from per_leaf),
errors as (
  select coalesce(stddev_samp(coalesce(becomes, 0) - r * used), 0)::float8 as residual,
         coalesce(stddev_samp(coalesce(becomes, 0) - per_row * rows), 0)::float8 as row_residual from per_leaf cross join ratio),
totals as (
  select count(*)::float8 as m, coalesce(sum(l.used), 0)::float8 as used, coalesce(stddev_samp(coalesce(l.used, 0)), 0)::float8 as spread,
         count(l.blkno)::float8 as leaves, count(*) filter (where type in ('i', 'r') and btpo_level > 0) as internals,
         count(*) filter (where type in ('d', 'D')) as deleted, count(*) filter (where type = 'e') as half_dead,
         max(btpo_level) as level, avg(100.0 * (1 - free_size / (bs - 40.0))) filter (where l.blkno is not null) as density
    from pages p left join leaves l using (blkno) cross join target),
model as (
  select t.*, o.*, r.*, e.residual, e.row_residual, bytes / bs - 1 as n, case when m = 0 then 0 else (bytes / bs - 1) / m end as factor,
         greatest(2, floor((bs - 48 - bs * 3 / 10) / (coalesce(pivot, base, 16) + 4))) as fanout
    from totals o cross join target t cross join ratio r cross join errors e)
select bytes, relfilenode,
       (bs * (1 + leaves_after + case when leaves_after > 1 then ceil(i1) else 0 end
               + case when i1 > 1 then ceil(i2) else 0 end + case when i2 > 1 then ceil(i2 / fanout) else 0 end))::bigint as rebuilt_bytes,
       bs * case when by_rows then row_error else page_error end::float8 as standard_error,
       m::int as pages_read, leaves * factor as leaf_pages, internals * factor as internal_pages,
       deleted * factor as deleted_pages, half_dead * factor as empty_pages,
       coalesce(level, 0)::int as tree_level, density::float8 as avg_leaf_density,
       coalesce((select n from entries), 0)::float8 as tids, share as dead_share, case when by_rows then 0 else dead.error end::float8 as dead_share_error, looked_up, merges
  from model cross join dead,
       -- from how full the pages are, or from how many rows there are: whichever says it more closely
       lateral (select case when m2 >= leaves then 0 else (1 - m2 / leaves) / m2 * power(leaves * factor, 2) end as rest) x,
       lateral (select sqrt(case when m >= n then 0 else power(r * spread * n, 2) / m * (1 - m / n) end + rest * power(residual, 2)) as page_error,
                       sqrt(power(0.01 * per_row * live, 2) + rest * power(row_residual, 2)) as row_error) s,
       lateral (select coalesce(trusted and row_error < page_error, false) as by_rows) w,
       lateral (select ceil(case when by_rows then per_row * live else r * used * factor end - 0.001) as leaves_after) a,
       lateral (select ceil(leaves_after / fanout) as i1) b, lateral (select ceil(i1 / fanout) as i2) c`,
})
