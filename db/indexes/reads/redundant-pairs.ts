import { z } from 'zod'
import { bytes, counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'
import { ALIKE_COLUMNS, ALIKE_INDEXES } from './alike-indexes-sql'

/**
 * Pairs of indexes of one table of which `kept` could stand in for `indexrelid`, with the doubts about that, and both sides' scans and
 * sizes. Which of them goes is decided from all pairs together (db/indexes/redundancy.ts). Of a partitioned index scans and sizes are
 * the sums over its partitions. Only the sizes of what stands in a pair are asked for, none behind an AccessExclusiveLock.
 */
export const redundantPairs = defineRead({
  name: 'redundant-pairs',
  about: 'Pairs of indexes of which one could stand in for the other, with the doubts about that',
  params: z.object({}),
  row: z.object({
    /** The one that could go. */
    indexrelid: oid,
    schemaname: z.string(),
    relname: z.string(),
    indexrelname: z.string(),
    idx_scan: counter,
    /** null: under a lock. */
    bytes: bytes.nullable(),
    /** The one that could stand in for it. */
    kept: oid,
    kept_name: z.string(),
    /** What would have to be dropped for it to go: itself, or the partitioned index that it is attached to. */
    kept_root: oid,
    /** Its key columns. */
    kept_n: z.number(),
    /** A constraint, a foreign key, the replica identity or a partitioned index needs it. */
    kept_held: z.boolean(),
    kept_scan: counter,
    kept_bytes: bytes.nullable(),
    /** duplicate: as many columns; prefix: the first columns; subset: of a GIN or BRIN index, some of its columns. */
    kind: z.enum(['duplicate', 'prefix', 'subset']),
    /** Why it may not serve as well all the same; empty: it does. */
    doubts: z.array(z.enum(['subset', 'mirrored', 'pattern', 'not-null', 'clustered', 'tablespace', 'statistics'])),
  }),
  sql: /* sql */ `
with /* proctor:redundant-pairs */ recursive ${LOCKED}, backed as materialized (
  select distinct conindid from pg_constraint where conindid <> 0
), one as materialized (
  select i.indexrelid, i.indrelid, n.nspname, t.relname, c.relname as indexrelname, c.relam, c.relkind, i.indisunique, i.indimmediate,
         i.indisvalid and i.indisready and i.indislive as valid, b.conindid is not null or i.indisreplident as kept,
         case when c.relispartition then 0 else i.indexrelid end as root, i.indnkeyatts as n, i.indnatts as total,
         i.indkey::int2[] as k, i.indclass::oid[] as classes, i.indcollation::oid[] as collations, i.indoption::int2[] as options,
         ${ALIKE_COLUMNS}
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_am am on am.oid = c.relam
  left join backed b on b.conindid = i.indexrelid
  where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast' and t.relpersistence <> 't'
), ${ALIKE_INDEXES}, side as materialized (
  select indexrelid from pairs union select stays from pairs
), part (top, indexrelid) as (
  select indexrelid, indexrelid from side
  union all
  select p.top, h.inhrelid from part p join pg_inherits h on h.inhparent = p.indexrelid
), fact as materialized (
  select p.top, sum(pg_stat_get_numscans(p.indexrelid))::int8 as scans,
         case when bool_and(l.relation is null) then sum(case when c.relkind = 'i' and l.relation is null then pg_relation_size(p.indexrelid) else 0 end) end::int8 as bytes
  from part p
  join pg_class c on c.oid = p.indexrelid
  left join locked l on l.relation = p.indexrelid
  group by p.top
)
select p.indexrelid, x.nspname as schemaname, x.relname, x.indexrelname, xf.scans as idx_scan, xf.bytes, p.stays as kept, y.indexrelname as kept_name,
       case when y.root = 0 then pg_partition_root(p.stays)::oid else p.stays end as kept_root, y.n as kept_n, y.kept or y.root = 0 as kept_held,
       yf.scans as kept_scan, yf.bytes as kept_bytes, p.kind, p.doubts
from pairs p
-- Full joins are made by hash: the planner expects one pair and would walk all for each. No other row is left by them.
full join one x on x.indexrelid = p.indexrelid
full join one y on y.indexrelid = p.stays
full join fact xf on xf.top = p.indexrelid
full join fact yf on yf.top = p.stays
where coalesce(p.indexrelid, 0) > 0`,
  timeout: 5_000,
  keep: 5_000,
})
