import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

const index = z.object({
  oid,
  relname: z.string(),
  isValid: z.boolean(),
  /** The partitioned index that it is attached to. */
  parent: oid.nullable(),
  definition,
})

/** Nothing waits: of a relation under an AccessExclusiveLock, held or waited for, the definitions are not read. */
export const partitionTree = defineRead({
  name: 'partition-tree',
  about: 'A partitioned table with all below it, and the indexes of each',
  params: z.object({ relid: oid }),
  row: z.object({
    oid,
    parent: oid.nullable(),
    depth: z.number(),
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.string(),
    /** Null: a lock hides them. */
    indexes: z.array(index).nullable(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:partition-tree */ recursive tree as (
  select c.oid, null::oid as parent, 0 as depth, c.relname, c.relkind, c.relnamespace from pg_class c where c.oid = $1
  union all
  select c.oid, tree.oid, tree.depth + 1, c.relname, c.relkind, c.relnamespace
    from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind = 'p'
), ${LOCKED}
select tree.oid, tree.parent, tree.depth, n.nspname as schemaname, tree.relname, tree.relkind,
       case when tree.oid in (select relation from locked)
              or exists (select from pg_index i where i.indrelid = tree.oid and i.indexrelid in (select relation from locked)) then null
            else coalesce((select json_agg(json_build_object('oid', c.oid::int8, 'relname', c.relname, 'isValid', i.indisvalid,
                                                             'parent', (select h.inhparent::int8 from pg_inherits h where h.inhrelid = c.oid),
                                                             'definition', pg_get_indexdef(c.oid)) order by c.relname)
                             from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = tree.oid), '[]') end as indexes
  from tree join pg_namespace n on n.oid = tree.relnamespace
 order by tree.depth, n.nspname, tree.relname`,
})

export type PartitionNode = Row<typeof partitionTree>

/** Which of some names are taken. */
export const takenNames = defineRead({
  name: 'taken-names',
  about: 'Relations by schema and name, as far as they are there',
  params: z.object({ schemas: z.array(z.string()), names: z.array(z.string()) }),
  row: z.object({ schemaname: z.string(), relname: z.string() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:taken-names */ n.nspname as schemaname, c.relname
  from unnest($1::text[], $2::text[]) w (nspname, relname)
  join pg_namespace n on n.nspname = w.nspname
  join pg_class c on c.relnamespace = n.oid and c.relname = w.relname
 order by 1, 2`,
})
