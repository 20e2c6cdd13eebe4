import { z } from 'zod'
import { bytes, counter, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * The partitions of tables that are partitioned by range, with the beginning of each where its key is one time; seconds since 1970, null where
 * it has none. `rows`: as the statistics count them, or the last ANALYZE or VACUUM. A partition under an AccessExclusiveLock has no size.
 */
export const timePartitions = defineRead({
  name: 'time-partitions',
  about: 'Partitions of tables by range of time: rows, size, scans',
  params: z.object({ relids: z.array(oid) }),
  row: z.object({
    parent: oid,
    relid: oid,
    relname: z.string(),
    lower: float.nullable(),
    upper: float.nullable(),
    is_default: z.boolean(),
    rows: float,
    bytes: bytes.nullable(),
    scans: counter,
  }),
  keep: 5_000,
  sql: /* sql */ `
with /* proctor:time-partitions */ ${LOCKED}, part as materialized (
  select i.inhparent, c.oid, c.relname, pg_get_expr(c.relpartbound, 0) as bound, c.reltuples
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid and c.relispartition and c.relkind = 'r'
    join pg_partitioned_table p on p.partrelid = i.inhparent and p.partstrat = 'r' and p.partnatts = 1
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
   where i.inhparent = any($1::oid[]) and not i.inhdetachpending
     and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
), bounded as (
  select part.*, substring(bound from $q$FROM [(]'([^']*)'[)]$q$)::timestamptz as lower, substring(bound from $q$TO [(]'([^']*)'[)]$q$)::timestamptz as upper from part
)
select inhparent as parent, b.oid as relid, relname, case when isfinite(lower) then extract(epoch from lower)::float8 end as lower,
       case when isfinite(upper) then extract(epoch from upper)::float8 end as upper, bound = 'DEFAULT' as is_default,
       greatest(pg_stat_get_live_tuples(b.oid), b.reltuples, 0)::float8 as rows,
       case when not exists (select from locked where relation = b.oid or relation in (select indexrelid from pg_index where indrelid = b.oid))
            then pg_total_relation_size(b.oid) end as bytes,
       pg_stat_get_numscans(b.oid) + coalesce((select sum(pg_stat_get_numscans(indexrelid)) from pg_index where indrelid = b.oid), 0)::int8 as scans
  from bounded b
 order by inhparent, lower nulls last, relname`,
})
