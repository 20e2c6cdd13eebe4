import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Foreign keys of a table and those that refer to it. Those that partitions inherit stand for their parent's alone (conparentid). */
export const tableKeys = defineRead({
  name: 'table-keys',
  about: 'Foreign keys of a table, and those of others that refer to it',
  params: z.object({ relid: oid }),
  row: z.object({
    oid,
    conname: z.string(),
    /** out: of this table. in: another refers to it. Of one that refers to itself both. */
    direction: z.enum(['out', 'in']),
    columns: z.array(z.string()),
    other: oid,
    other_schema: z.string(),
    other_name: z.string(),
    other_columns: z.array(z.string()),
    on_delete: z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']),
    validated: z.boolean(),
    /** Rows deleted from the referenced table since the statistics count. */
    deleted: counter,
  }),
  sql: /* sql */ `
with /* proctor:table-keys */ key as (
  select c.oid, c.conname, d.direction, c.conrelid, c.confrelid, c.conkey, c.confkey, c.confdeltype, c.convalidated,
         case when d.direction = 'out' then c.confrelid else c.conrelid end as other
    from pg_constraint c, unnest(array['out', 'in']) d (direction)
   where c.contype = 'f' and c.conparentid = 0 and $1 = case when d.direction = 'out' then c.conrelid else c.confrelid end
)
select k.oid, k.conname, k.direction, k.other, n.nspname as other_schema, o.relname as other_name,
       array(select a.attname::text from unnest(case when k.direction = 'out' then k.conkey else k.confkey end) with ordinality u (attnum, place)
              join pg_attribute a on a.attrelid = $1 and a.attnum = u.attnum order by u.place) as columns,
       array(select a.attname::text from unnest(case when k.direction = 'out' then k.confkey else k.conkey end) with ordinality u (attnum, place)
              join pg_attribute a on a.attrelid = k.other and a.attnum = u.attnum order by u.place) as other_columns,
       case k.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end as on_delete,
       k.convalidated as validated, coalesce(pg_stat_get_tuples_deleted(k.confrelid), 0) as deleted
  from key k join pg_class o on o.oid = k.other join pg_namespace n on n.oid = o.relnamespace
 order by k.direction desc, o.relname, k.conname`,
})
