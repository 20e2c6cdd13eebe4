import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'

/**
 * Some indexes with all that is attached below them, parents first, and what is set on each. pg_get_indexdef, pg_get_expr and
 * pg_get_constraintdef wait behind an AccessExclusiveLock, so they are not called for a tree where one is held or waited for.
 */
export const indexNodes = defineRead({
  name: 'index-nodes',
  about: 'What brings indexes back after a drop: definition, constraint, tablespace, targets, comments, marks',
  params: z.object({ indexrelids: z.array(oid).max(1_000) }),
  row: z.object({
    indexrelid: oid,
    /** The index that was asked for; an index below another that was asked for, too, has a row for each. */
    root: oid,
    /** How far below that one. */
    depth: z.number(),
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.enum(['i', 'I']),
    table_schema: z.string(),
    table_name: z.string(),
    parent: z.object({ schemaname: z.string(), relname: z.string() }).nullable(),
    /** As pg_get_indexdef writes it; null while a lock hides it. */
    definition: definition.nullable(),
    /** The predicate, as it ends the definition. */
    predicate: definition.nullable(),
    conname: z.string().nullable(),
    /** PRIMARY KEY (…), UNIQUE (…) or EXCLUDE …, as pg_get_constraintdef writes it; `deferrable`: how that ends it. */
    constraint_definition: definition.nullable(),
    deferrable: z.string(),
    constraint_comment: definition.nullable(),
    /** As name='value', separated by commas. */
    reloptions: z.string().nullable(),
    /** null: the database's default. */
    tablespace: z.string().nullable(),
    indisclustered: z.boolean(),
    indisreplident: z.boolean(),
    comment: definition.nullable(),
    /** Columns of the index with a statistics target of their own. */
    targets: z.array(z.object({ attnum: z.number(), target: z.number() })),
    /** Extensions with which it would go (ALTER INDEX … DEPENDS ON EXTENSION). */
    extensions: z.array(z.string()),
    /** Who hides the definitions, in words. */
    skipped: z.string().nullable(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:index-nodes */ recursive tree as (
  select c.oid, 0 as depth, null::oid as parent, c.oid as root from pg_class c where c.oid = any ($1::oid[]) and c.relkind in ('i', 'I')
  union all
  select h.inhrelid, tree.depth + 1, tree.oid, tree.root from tree join pg_inherits h on h.inhparent = tree.oid
), part as materialized (
  select tree.*, i.indrelid, i.indpred, i.indisclustered, i.indisreplident, c.relname, c.relkind, c.relnamespace, c.reltablespace, c.reloptions
    from tree join pg_index i on i.indexrelid = tree.oid join pg_class c on c.oid = tree.oid
), ${LOCKED_BY}, hidden as materialized (
  select part.root, min(locked.how) as how from part join locked on locked.relation in (part.oid, part.indrelid) group by part.root
)
select part.oid as indexrelid, part.root, part.depth, n.nspname as schemaname, part.relname, part.relkind,
       tn.nspname as table_schema, t.relname as table_name,
       (select json_build_object('schemaname', pn.nspname, 'relname', p.relname)
          from pg_class p join pg_namespace pn on pn.oid = p.relnamespace where p.oid = part.parent) as parent,
       case when hidden.root is null then pg_get_indexdef(part.oid) end as definition,
       case when hidden.root is null then pg_get_expr(part.indpred, part.indrelid) end as predicate,
       k.conname, case when hidden.root is null then pg_get_constraintdef(k.oid) end as constraint_definition,
       concat(case when k.condeferrable then ' DEFERRABLE' end, case when k.condeferred then ' INITIALLY DEFERRED' end) as deferrable,
       obj_description(k.oid, 'pg_constraint') as constraint_comment,
       (select string_agg(format('%I=%L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ') from unnest(part.reloptions) o) as reloptions,
       (select s.spcname from pg_tablespace s where s.oid = part.reltablespace) as tablespace,
       part.indisclustered, part.indisreplident, obj_description(part.oid, 'pg_class') as comment,
       coalesce((select json_agg(json_build_object('attnum', a.attnum, 'target', a.attstattarget) order by a.attnum)
                   from pg_attribute a where a.attrelid = part.oid and a.attstattarget >= 0), '[]') as targets,
       coalesce((select json_agg(e.extname order by e.extname) from pg_depend d join pg_extension e on e.oid = d.refobjid
                  where d.classid = 'pg_class'::regclass and d.objid = part.oid and d.refclassid = 'pg_extension'::regclass
                    and d.deptype = 'x'), '[]') as extensions,
       hidden.how as skipped
  from part
  left join hidden on hidden.root = part.root
  join pg_namespace n on n.oid = part.relnamespace
  join pg_class t on t.oid = part.indrelid
  join pg_namespace tn on tn.oid = t.relnamespace
  left join pg_constraint k on k.conindid = part.oid and k.contype in ('p', 'u', 'x') and k.conrelid = part.indrelid
 order by part.root, part.depth, n.nspname, part.relname`,
})

export type IndexNode = Row<typeof indexNodes>
