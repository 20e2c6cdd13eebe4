import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'

/** REINDEX asks for ownership, from 17 on MAINTAIN will do. Nothing here waits for a lock. */
const statement = (mayMaintain: string) => /* sql */ `
with /* proctor:partition-leaves */ recursive tree as (
  select c.oid, c.relkind from pg_class c where c.oid = $1 and c.relkind in ('p', 'I')
  union all
  select c.oid, c.relkind from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind in ('p', 'I')
)
select c.oid, n.nspname as schemaname, c.relname, t.oid as relid, t.relname as partition,
       case when i.indexrelid is not null then array[i.indexrelid::int8]
            else array(select x.indexrelid::int8 from pg_index x where x.indrelid = c.oid) end as indexes,
       ${mayMaintain} as may_maintain
  from tree
  join pg_class c on c.oid = tree.oid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
  join pg_class t on t.oid = coalesce(i.indrelid, c.oid)
 where tree.relkind in ('r', 'i')
   and (i.indexrelid is not null or exists (select from pg_index x where x.indrelid in (c.oid, c.reltoastrelid)))
 order by t.relname, n.nspname, c.relname`

/** What is rebuilt one after another of a partitioned table, or of a partitioned index. */
export const partitionLeaves = defineRead({
  name: 'partition-leaves',
  about: 'The partitions with rows of a partitioned table, or their indexes of a partitioned index; those that have indexes',
  params: z.object({ oid }),
  row: z.object({
    oid,
    schemaname: z.string(),
    relname: z.string(),
    /** The table, and its name. */
    relid: oid,
    partition: z.string(),
    indexes: z.array(z.coerce.number()),
    may_maintain: z.boolean(),
  }),
  keep: 0,
  sql: {
    14: statement(`pg_has_role(t.relowner, 'USAGE')`),
    17: statement(`(pg_has_role(t.relowner, 'USAGE') or has_table_privilege(t.oid, 'MAINTAIN'))`),
  },
})

export type PartitionLeaf = Row<typeof partitionLeaves>
