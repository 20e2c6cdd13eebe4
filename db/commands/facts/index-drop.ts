import { z } from 'zod'
import { counter, definition, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const node = z.object({
  /** How far below the index that was asked for; parents come first. */
  depth: z.number(),
  schemaname: z.string(),
  relname: z.string(),
  relkind: z.enum(['i', 'I']),
  table_schema: z.string(),
  table_name: z.string(),
  parent: z.object({ schemaname: z.string(), relname: z.string() }).nullable(),
  /** As pg_get_indexdef writes it; null while an AccessExclusiveLock hides it. */
  definition: definition.nullable(),
  /** The predicate, as it ends the definition. */
  predicate: definition.nullable(),
  /** null: the database's default. */
  tablespace: z.string().nullable(),
  indisclustered: z.boolean(),
  comment: definition.nullable(),
  /** Columns of the index with a statistics target of their own. */
  targets: z.array(z.object({ attnum: z.number(), target: z.number() })),
  /** Extensions with which it would go (ALTER INDEX … DEPENDS ON EXTENSION). */
  extensions: z.array(z.string()),
})

export type IndexNode = z.output<typeof node>

const row = z.object({
  indisunique: z.boolean(),
  has_exprs: z.boolean(),
  conname: z.string().nullable(),
  referenced_by: z.array(z.string()),
  /** Foreign keys of its table that it serves and no other index of the table would. */
  sole_for: z.array(z.string()),
  idx_scan: counter,
  last_idx_scan: timestamp.nullable(),
  /** Standbys and other receivers of WAL that are connected: what is scanned there is not counted here. */
  receivers: z.number(),
  /** Who hides the definition, in words. */
  skipped: z.string().nullable(),
  nodes: z.array(node),
})

export type DropFacts = z.output<typeof row>

/**
 * A foreign key is served by a valid b-tree whose first columns are the key's in any order, whole or partial on IS NOT
 * NULL of one of them (manual, 5.5.5). pg_get_indexdef and pg_get_expr wait behind an AccessExclusiveLock, so they are
 * not called where one is held or waited for.
 */
const statement = (lastScan: string) => /* sql */ `
with /* proctor:index-drop */ recursive here as (
  select oid as datid from pg_database where datname = current_database()
), tree as (
  select c.oid, 0 as depth, null::oid as parent from pg_class c where c.oid = $1 and c.relkind in ('i', 'I')
  union all
  select h.inhrelid, tree.depth + 1, tree.oid from tree join pg_inherits h on h.inhparent = tree.oid
), part as materialized (
  select tree.*, i.indrelid, i.indpred, i.indisclustered, c.relname, c.relkind, c.relnamespace, c.reltablespace
    from tree join pg_index i on i.indexrelid = tree.oid join pg_class c on c.oid = tree.oid
), locked as materialized (
  select l.relation, format('AccessExclusiveLock %s by %s', case when l.granted then 'held' else 'waited for' end,
                            coalesce('pid ' || l.pid, 'a prepared transaction')) as how
    from pg_locks l, here
   where l.locktype = 'relation' and l.database = here.datid and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
     and l.relation in (select oid from part union all select indrelid from part)
), free as materialized (
  select not exists (select from locked) as free
), node as (
  select part.depth, n.nspname as schemaname, part.relname, part.relkind, tn.nspname as table_schema, t.relname as table_name,
         (select json_build_object('schemaname', pn.nspname, 'relname', p.relname)
            from pg_class p join pg_namespace pn on pn.oid = p.relnamespace where p.oid = part.parent) as parent,
         case when free.free then pg_get_indexdef(part.oid) end as definition,
         case when free.free then pg_get_expr(part.indpred, part.indrelid) end as predicate,
         (select s.spcname from pg_tablespace s where s.oid = part.reltablespace) as tablespace,
         part.indisclustered, obj_description(part.oid, 'pg_class') as comment,
         coalesce((select json_agg(json_build_object('attnum', a.attnum, 'target', a.attstattarget) order by a.attnum)
                     from pg_attribute a where a.attrelid = part.oid and a.attstattarget >= 0), '[]') as targets,
         coalesce((select json_agg(e.extname order by e.extname) from pg_depend d join pg_extension e on e.oid = d.refobjid
                    where d.classid = 'pg_class'::regclass and d.objid = part.oid and d.refclassid = 'pg_extension'::regclass
                      and d.deptype = 'x'), '[]') as extensions
    from part
    cross join free
    join pg_namespace n on n.oid = part.relnamespace
    join pg_class t on t.oid = part.indrelid
    join pg_namespace tn on tn.oid = t.relnamespace
), serving as (
  select f.conname, i.indexrelid
    from pg_index asked
    join pg_constraint f on f.conrelid = asked.indrelid and f.contype = 'f'
    left join pg_constraint root on root.oid = f.conparentid
    join pg_index i on i.indrelid = f.conrelid and i.indisvalid and i.indnkeyatts >= cardinality(f.conkey)
     and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] <@ f.conkey and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
    join pg_class c on c.oid = i.indexrelid
    join pg_am am on am.oid = c.relam and am.amname = 'btree'
    cross join free
   where asked.indexrelid = $1 and root.conrelid is distinct from f.conrelid
     and case when i.indpred is null then true when not free.free then false
              else exists (select from pg_attribute k where k.attrelid = i.indrelid and k.attnum = any (f.conkey)
                              and pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', k.attname)) end
)
select i.indisunique, i.indexprs is not null as has_exprs,
       (select min(k.conname) from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as conname,
       array(select format('%I of %s', f.conname, f.conrelid::regclass) from pg_constraint f
              where f.conindid in (select oid from part) and f.contype = 'f' order by f.conname) as referenced_by,
       array(select s.conname::text from serving s group by s.conname
             having bool_or(s.indexrelid = i.indexrelid) and count(*) = 1 order by s.conname) as sole_for,
       (select coalesce(sum(pg_stat_get_numscans(oid)), 0)::int8 from part) as idx_scan,
       ${lastScan} as last_idx_scan,
       (select count(*)::int from pg_stat_replication) as receivers,
       (select how from locked limit 1) as skipped,
       (select json_agg(node order by node.depth, node.schemaname, node.relname) from node) as nodes
  from pg_index i
 where i.indexrelid = $1`

export const indexDrop = defineRead({
  name: 'index-drop',
  about: 'What a drop of one index would take away, and all that is needed to bring it back',
  params: z.object({ oid }),
  row,
  keep: 0,
  sql: {
    14: statement('null::timestamptz'),
    16: statement('(select max(pg_stat_get_lastscan(oid)) from part)'),
  },
})
