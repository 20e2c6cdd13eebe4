import { z } from 'zod'
import { bytes, counter, float, oid } from '../target/columns'
import { defineRead } from '../target/define-read'

/**
 * One b-tree measured from its own pages: up to `pages` random blocks (every page of an index that has no
 * more than half as many again), and from the index tuples on them the size that a rebuild would have. Dead
 * items are left out; equal keys are merged into posting lists within the limits of nbtsort.c; deleted and
 * half-dead pages count as free. Where the table has dead rows that VACUUM has not removed yet, some of the
 * sampled tuples are looked up in the heap: REINDEX drops those whose row is dead.
 * No row: not a b-tree, or under an AccessExclusiveLock, held or waited for.
 * Source: https://www.postgresql.org/docs/current/pageinspect.html, src/backend/access/nbtree/README.
 */
export const indexPageSample = defineRead({
  name: 'index-page-sample',
  about: 'Bloat of one b-tree from a random sample of its pages',
  extension: { name: 'pageinspect', version: '1.9' },
  needs: 'superuser',
  params: z.object({ indexrelid: oid, pages: z.number().int().min(10).max(5_000) }),
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
    /** Share of them whose row is dead, and how many were looked up for it. */
    dead_share: float,
    looked_up: counter,
  }),
  timeout: 5_000,
  keep: 0,
  sql: /* sql */ `
/* proctor:index-page-sample */
with recursive
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
         pg_stat_get_dead_tuples(i.indrelid) > 0.002 * pg_stat_get_live_tuples(i.indrelid) as suspect
    from pg_index i
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
  select s.* from target, blocks, lateral bt_page_stats(index_name, blkno) s),
leaves as materialized (
  select blkno, btpo_next, free_size from pages where type = 'l' or type = 'r' and btpo_level = 0),
-- the heap's word on some of the sampled tuples
probes as materialized (
  select n, split_part(trim('()' from tid::text), ',', 1)::bigint as heap_block, split_part(trim('()' from tid::text), ',', 2)::int as line
    from target, (select * from leaves order by random() limit 80) p,
         lateral (select coalesce(cardinality(tids), 1) as n, coalesce(tids[1 + floor(random() * cardinality(tids))::int], htid) as tid
                    from bt_page_items(index_name, p.blkno)
                   where not dead and (itemoffset > 1 or p.btpo_next = 0)
                   order by random() limit 5) i
   where suspect),
lines as materialized (
  select b.heap_block, h.lp::int as line, h.lp_flags, h.lp_off, h.t_ctid, h.t_infomask, h.t_infomask2, h.t_xmin, h.t_xmax
    from target, (select distinct heap_block from probes) b,
         lateral heap_page_items(get_raw_page(table_name, 'main', heap_block)) h),
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
dead as materialized (
  select count(*) as looked_up, coalesce(sum(n::float8) filter (where dead) / sum(n), 0) as share from ends),
-- equal keys of a page are neighbours, and so are one group; the high key stands by itself
groups as materialized (
  select p.blkno, g.*
    from target, leaves p,
         lateral (select high_key, base, sum(n)::float8 as tids, max(itemoffset) as last, bool_or(htid is not null) as has_tid
                    from (select itemoffset, nulls, htid, case when merges then data end as key, p.btpo_next <> 0 and itemoffset = 1 as high_key,
                                 coalesce(cardinality(tids), 1) as n,
                                 case when tids is null then itemlen else case when nulls then 16 else 8 end + (length(data) + 1) / 3 end as base
                            from bt_page_items(index_name, p.blkno)
                           where dead is not true) i
                   group by high_key, base, nulls, key) g),
-- the last group of a page goes on to the next page where the high key holds a TID
edges as materialized (
  select blkno, max(last) as last, bool_or(high_key and has_tid) as goes_on, max(base) filter (where high_key) as pivot,
         sum(base * tids) filter (where not high_key) / nullif(sum(tids) filter (where not high_key), 0) as base
    from groups group by 1),
sized as (
  select g.blkno, g.tids, g.base, items, weight
    from groups g cross join target t cross join dead d
    join edges e on e.blkno = g.blkno and not g.high_key,
         lateral (select g.tids * (1 - d.share) as k, ((bs / 80 * 8 - 8 - g.base) / 6)::float8 as most) m,
         lateral (select k - floor(k / most) * most as rest) r,
         lateral (select case when not merges then k
                              when e.goes_on and g.last = e.last then k / most
                              when k <= 1 then k
                              else ceil(k / most) end as items) c,
         lateral (select case when not merges or k <= 1 and not (e.goes_on and g.last = e.last) then items * (g.base + 4)
                              when e.goes_on and g.last = e.last then items * (g.base + 4) + 6 * k
                              else floor(k / most) * (ceil((g.base + 6 * most) / 8) * 8 + 4)
                                   + case when rest < 0.5 then 0 when rest < 1.5 then g.base + 4
                                          else ceil((g.base + 6 * rest) / 8) * 8 + 4 end end as weight) w),
per_page as materialized (
  select p.blkno, p.type, p.btpo_level, p.free_size, coalesce(s.weight, 0) as weight, coalesce(s.items, 0) as items,
         coalesce(s.squares, 0) as squares, coalesce(s.tids, 0) as tids, e.pivot, e.base
    from pages p
    left join edges e using (blkno)
    left join (select blkno, sum(weight) as weight, sum(items) as items, sum(tids) as tids,
                      sum(case when items > 0 then weight * weight / items else 0 end) as squares from sized group by 1) s using (blkno)),
totals as (
  select count(*) as m, sum(weight)::float8 as weight, sum(items)::float8 as items, sum(squares)::float8 as squares, sum(tids)::float8 as tids,
         coalesce(stddev_samp(weight), 0)::float8 as spread, avg(pivot)::float8 as pivot, avg(base)::float8 as base,
         count(*) filter (where btpo_level = 0 and type in ('l', 'r')) as leaves, count(*) filter (where type in ('i', 'r') and btpo_level > 0) as internals,
         count(*) filter (where type = 'd' or type = 'D') as deleted, count(*) filter (where type = 'e') as half_dead,
         max(btpo_level) as level, avg(100.0 * (1 - free_size / (bs - 40.0))) filter (where btpo_level = 0 and type in ('l', 'r')) as density
    from per_page cross join target),
model as (
  select o.*, t.*, bytes / bs as n, bs - 40 as room, bs * (100 - ff) / 100 as reserve,
         case when m = 0 then 0 else (bytes / bs - 1)::float8 / m end as factor
    from totals o cross join target t),
rebuilt as (
  select *, weight * factor as leaf_bytes,
         case when coalesce(items, 0) = 0 then 1
              when merges and squares / weight > base + 4.5
              then least(room - 12 - reserve - base + squares / weight / 2, room - 12 - weight / items - squares / weight / 2)
              when squares / weight - weight / items < 0.01 then floor((room - 8 - reserve) / (weight / items)) * (weight / items)
              else room - 8 - reserve - squares / weight / 2 end as per_leaf,
         greatest(2, floor((room - 8 - bs * 3 / 10) / (coalesce(pivot, base, 16) + 4))) as fanout
    from model)
select bytes, relfilenode,
       (bs * (1 + leaves_after + case when leaves_after > 1 then ceil(i1) else 0 end
               + case when i1 > 1 then ceil(i2) else 0 end + case when i2 > 1 then ceil(i2 / fanout) else 0 end))::bigint as rebuilt_bytes,
       case when m >= n - 1 then 0 else spread * (n - 1) / sqrt(m) * sqrt(1 - m / (n - 1.0)) * bs / per_leaf end::float8 as standard_error,
       m::int as pages_read, leaves * factor as leaf_pages, internals * factor as internal_pages,
       deleted * factor as deleted_pages, half_dead * factor as empty_pages,
       coalesce(level, 0)::int as tree_level, density::float8 as avg_leaf_density, coalesce(tids, 0) * factor as tids, share as dead_share, looked_up
  from rebuilt cross join dead,
       lateral (select case when coalesce(items, 0) = 0 then 0 else ceil(leaf_bytes / per_leaf) end as leaves_after) a,
       lateral (select ceil(leaves_after / fanout) as i1) b, lateral (select ceil(i1 / fanout) as i2) c`,
})
