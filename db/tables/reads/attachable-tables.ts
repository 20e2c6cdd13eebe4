import { z } from 'zod'
import { oid, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** One more than a list of choices shows. */
export const ATTACHABLE_AT_ONCE = 101

/**
 * Tables that ATTACH PARTITION could take: ordinary or partitioned, with the very columns of the partitioned table by name and type, NOT NULL
 * where it is, of no other table's family (manual, ALTER TABLE). Whether the rows fit a bound is said by the plan. With the key, and
 * the bound that the youngest partition has; both null behind a lock.
 */
export const attachableTables = defineRead({
  name: 'attachable-tables',
  about: 'Tables with the columns of a partitioned table, which could become a partition of it',
  params: z.object({ relid: oid }),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    key: statementText.nullable(),
    last_bound: statementText.nullable(),
  }),
  sql: /* sql */ `
with /* proctor:attachable-tables */ recursive ${LOCKED}, up as (
  select c.oid from pg_class c where c.oid = $1 and c.relkind = 'p'
  union all
  select h.inhparent from up join pg_inherits h on h.inhrelid = up.oid
), wanted as materialized (
  select a.attname, a.atttypid, a.atttypmod, a.attnotnull
    from pg_attribute a where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
), parent as materialized (
  select case when p.oid not in (select relation from locked) then pg_get_partkeydef(p.oid) end as key,
         (select case when x.oid not in (select relation from locked) then pg_get_expr(x.relpartbound, x.oid) end
            from pg_inherits h join pg_class x on x.oid = h.inhrelid
            join pg_partitioned_table k on k.partrelid = p.oid and k.partdefid <> x.oid
           where h.inhparent = p.oid order by x.oid desc limit 1) as last_bound
    from pg_class p where p.oid = $1
)
select c.oid as relid, n.nspname as schemaname, c.relname, parent.key, parent.last_bound
  from pg_class c join pg_namespace n on n.oid = c.relnamespace, parent
 where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and c.reloftype = 0
   and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
   and exists (select from up) and c.oid not in (select oid from up)
   and c.relnatts >= (select count(*) from wanted)
   and not exists (select from pg_inherits h where h.inhrelid = c.oid or (c.relkind = 'r' and h.inhparent = c.oid))
   and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) = (select count(*) from wanted)
   and not exists (select from wanted w
                    where not exists (select from pg_attribute a
                                       where a.attrelid = c.oid and a.attname = w.attname and not a.attisdropped and a.atttypid = w.atttypid
                                         and a.atttypmod = w.atttypmod and (a.attnotnull or not w.attnotnull)))
 order by n.nspname, c.relname
 limit ${ATTACHABLE_AT_ONCE}`,
})
