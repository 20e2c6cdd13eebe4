import { z } from 'zod'
import { oid, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * The partitions below some partitioned indexes, level by level, each with its index that is attached there; where none is, with an equal
 * one that could be. Equal: printed alike from USING on, and of a constraint of the same kind. What is printed (pg_get_indexdef) would
 * wait behind an AccessExclusiveLock, held or waited for, so there it is null.
 */
export const partitionIndexes = defineRead({
  name: 'partition-indexes',
  about: 'The partitions below the named partitioned indexes, with the index that is attached there or could be',
  params: z.object({ indexrelids: z.array(oid).max(1_000) }),
  row: z.object({
    /** The partitioned index at the top, of which one row stands for itself. */
    root: oid,
    relid: oid,
    /** The partitioned table above; null of the root's own. */
    parent: oid.nullable(),
    schemaname: z.string(),
    relname: z.string(),
    /** r: a table. p: a partitioned one. f: a foreign one. */
    relkind: z.enum(['r', 'p', 'f']),
    attached: z.object({ schemaname: z.string(), indexrelname: z.string(), valid: z.boolean() }).nullable(),
    candidate: z.object({ schemaname: z.string(), indexrelname: z.string(), valid: z.boolean() }).nullable(),
    /** Of the root, as pg_get_indexdef prints it from USING on. */
    written: statementText.nullable(),
    indisunique: z.boolean(),
    constraint: z
      .object({ contype: z.enum(['p', 'u', 'x']), definition: statementText, deferrable: z.boolean(), deferred: z.boolean() })
      .nullable(),
  }),
  sql: /* sql */ `
with /* proctor:partition-indexes */ recursive ${LOCKED}, root as materialized (
  select i.indexrelid, i.indrelid, i.indisunique, k.contype, k.oid as constraint_oid, k.condeferrable, k.condeferred,
         case when not exists (select from locked l where l.relation in (i.indexrelid, i.indrelid))
              then substring(pg_get_indexdef(i.indexrelid) from ' (USING .*)$') end as written
  from pg_index i
  left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
  where i.indexrelid = any ($1::oid[])
), tree as (
  select r.indexrelid as root, r.indrelid as relid, null::oid as parent, r.indexrelid as attached, null::oid as candidate from root r
  union all
  select tree.root, h.inhrelid, tree.relid, below.attached, case when below.attached is null then equal.indexrelid end
  from tree
  join pg_inherits h on h.inhparent = tree.relid and not h.inhdetachpending
  left join lateral (
    select hi.inhrelid as attached from pg_inherits hi join pg_index i on i.indexrelid = hi.inhrelid
    where hi.inhparent = coalesce(tree.attached, tree.candidate) and i.indrelid = h.inhrelid) below on true
  left join lateral (
    select i.indexrelid
    from root r join pg_index i on i.indrelid = h.inhrelid join pg_class c on c.oid = i.indexrelid
    where r.indexrelid = tree.root and i.indislive and not c.relispartition and i.indisunique = r.indisunique and r.written is not null
      and case when not exists (select from locked l where l.relation in (i.indexrelid, i.indrelid))
               then substring(pg_get_indexdef(i.indexrelid) from ' (USING .*)$') = r.written end
      and (r.contype is null or exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype = r.contype))
    order by i.indisvalid desc, i.indexrelid limit 1) equal on true
)
select tree.root, tree.relid, tree.parent, n.nspname as schemaname, t.relname, t.relkind, r.indisunique,
       (select jsonb_build_object('schemaname', n.nspname, 'indexrelname', c.relname, 'valid', i.indisvalid and i.indisready and i.indislive)
        from pg_index i join pg_class c on c.oid = i.indexrelid where i.indexrelid = tree.attached) as attached,
       (select jsonb_build_object('schemaname', n.nspname, 'indexrelname', c.relname, 'valid', i.indisvalid and i.indisready)
        from pg_index i join pg_class c on c.oid = i.indexrelid where i.indexrelid = tree.candidate) as candidate,
       r.written,
       case when r.contype is not null and r.written is not null then
         jsonb_build_object('contype', r.contype, 'definition', pg_get_constraintdef(r.constraint_oid),
                            'deferrable', r.condeferrable, 'deferred', r.condeferred) end as constraint
from tree
join root r on r.indexrelid = tree.root
join pg_class t on t.oid = tree.relid
join pg_namespace n on n.oid = t.relnamespace`,
  timeout: 5_000,
  keep: 5_000,
})
