import { z } from 'zod'
import { float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Tables that are partitioned by range, with the bounds of their partitions where the key is one column of a date or timestamp type: seconds
 * since 1970, null where a bound is MINVALUE, MAXVALUE or infinity. A table that is itself a range of another is left out: its end is meant. Bounds
 * of a date mean the time zone of the session. pg_get_expr with no relation, which a bound does not need, waits for no lock.
 */
export const rangePartitioned = defineRead({
  name: 'range-partitioned',
  about: 'Tables partitioned by range: their default partition with its rows, and the bounds in time',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    /** The key is one column of this type, where it is a time. */
    time_type: z.string().nullable(),
    key: z.string().nullable(),
    now: float,
    default_oid: oid.nullable(),
    default_schema: z.string().nullable(),
    default_name: z.string().nullable(),
    /** As the statistics count them, or the last ANALYZE or VACUUM; null where there is no default partition, or it is partitioned itself. */
    default_rows: float.nullable(),
    bounds: z.array(z.object({ from: z.number().nullable(), to: z.number().nullable() })),
  }),
  sql: /* sql */ `
with /* proctor:range-partitioned */ parent as materialized (
  select p.partrelid as relid, p.partdefid, a.attname, y.typname
    from pg_partitioned_table p
    left join pg_attribute a on p.partnatts = 1 and a.attrelid = p.partrelid and a.attnum = p.partattrs[0] and a.attnum > 0
    left join pg_type y on y.oid = a.atttypid and y.oid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
   where p.partstrat = 'r'
     and not exists (select from pg_inherits i join pg_partitioned_table above on above.partrelid = i.inhparent
                      where i.inhrelid = p.partrelid and above.partstrat = 'r')
), part as (
  select i.inhparent as relid, pg_get_expr(c.relpartbound, 0) as bound
    from parent join pg_inherits i on i.inhparent = parent.relid join pg_class c on c.oid = i.inhrelid
   where parent.typname is not null and c.relispartition and not i.inhdetachpending
), limits as (
  select relid, substring(bound from $q$FROM [(]'([^']*)'[)]$q$)::timestamptz as lower, substring(bound from $q$TO [(]'([^']*)'[)]$q$)::timestamptz as upper
    from part where bound <> 'DEFAULT'
)
select p.relid, n.nspname as schemaname, c.relname, p.typname::text as time_type, case when p.typname is not null then p.attname::text end as key,
       extract(epoch from clock_timestamp())::float8 as now,
       d.oid as default_oid, dn.nspname as default_schema, d.relname as default_name,
       case when d.relkind = 'r' then greatest(pg_stat_get_live_tuples(d.oid), d.reltuples)::float8 end as default_rows,
       coalesce((select json_agg(json_build_object('from', case when isfinite(lower) then extract(epoch from lower) end,
                                                   'to', case when isfinite(upper) then extract(epoch from upper) end) order by upper nulls last)
                   from limits l where l.relid = p.relid), '[]') as bounds
  from parent p
  join pg_class c on c.oid = p.relid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_class d on d.oid = p.partdefid and p.partdefid <> 0
  left join pg_namespace dn on dn.oid = d.relnamespace
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by n.nspname, c.relname`,
  keep: 10_000,
})
