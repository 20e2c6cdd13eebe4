import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** What CREATE TABLE is written from. No row under an AccessExclusiveLock, held or waited for: pg_get_… functions would queue behind it. */
export const tableDefinition = defineRead({
  name: 'table-definition',
  about: 'What a table, partitioned table or materialized view is made of: columns, constraints, indexes, triggers, options',
  params: z.object({ relid: oid }),
  row: z.object({
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.enum(['r', 'm', 'p']),
    unlogged: z.boolean(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        /** schema.name, quoted; null: that of its type. */
        collation: z.string().nullable(),
        not_null: z.boolean(),
        default: definition.nullable(),
        /** s: stored. v: virtual (18). Empty: none. */
        generated: z.enum(['', 's', 'v']),
        /** a: always. d: by default. Empty: none. */
        identity: z.enum(['', 'a', 'd']),
        /** False: it comes from what the table inherits from, or is a partition of. */
        local: z.boolean(),
      }),
    ),
    /** Of its own, NOT NULL left out: name and definition. */
    constraints: z.array(z.object({ name: z.string(), definition })),
    partition_key: definition.nullable(),
    /** The table that it is a partition of, quoted, and FOR VALUES … */
    partition_of: z.string().nullable(),
    bound: definition.nullable(),
    /** Quoted. */
    inherits: z.array(z.string()),
    options: z.array(definition),
    /** null: the database's. */
    tablespace: z.string().nullable(),
    /** The query of a materialized view. */
    query: definition.nullable(),
    indexes: z.array(definition),
    triggers: z.array(definition),
    row_security: z.boolean(),
  }),
  timeout: 5_000,
  sql: /* sql */ `
with /* proctor:table-definition */ ${LOCKED}, rel as (
  select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.oid = $1 and c.relkind in ('r', 'm', 'p') and not exists (select from locked l where l.relation = c.oid)
     and not exists (select from locked l join pg_index i on i.indexrelid = l.relation where i.indrelid = c.oid)
)
select r.nspname as schemaname, r.relname, r.relkind, r.relpersistence = 'u' as unlogged,
       coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                   'collation', case when a.attcollation not in (0, y.typcollation) then
                     (select format('%I.%I', cn.nspname, co.collname) from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end,
                   'not_null', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated, 'identity', a.attidentity,
                   'local', a.attislocal) order by a.attnum)
                   from pg_attribute a join pg_type y on y.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                  where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
       coalesce((select json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.contype <> 'p', k.conname)
                   from pg_constraint k where k.conrelid = r.oid and k.contype not in ('n', 't') and k.conislocal and k.conparentid = 0), '[]') as constraints,
       case when r.relkind = 'p' then pg_get_partkeydef(r.oid) end as partition_key,
       case when r.relispartition then (select format('%I.%I', pn.nspname, p.relname) from pg_inherits i join pg_class p on p.oid = i.inhparent
                                          join pg_namespace pn on pn.oid = p.relnamespace where i.inhrelid = r.oid) end as partition_of,
       pg_get_expr(r.relpartbound, r.oid) as bound,
       array(select format('%I.%I', pn.nspname, p.relname) from pg_inherits i join pg_class p on p.oid = i.inhparent
               join pg_namespace pn on pn.oid = p.relnamespace where i.inhrelid = r.oid and not r.relispartition order by i.inhseqno) as inherits,
       coalesce(r.reloptions, '{}') as options, t.spcname as tablespace,
       case when r.relkind = 'm' then pg_get_viewdef(r.oid) end as query,
       array(select pg_get_indexdef(i.indexrelid) from pg_index i join pg_class x on x.oid = i.indexrelid
              where i.indrelid = r.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x') and k.conrelid = r.oid)
                and not x.relispartition order by x.relname) as indexes,
       array(select pg_get_triggerdef(g.oid) from pg_trigger g where g.tgrelid = r.oid and not g.tgisinternal and g.tgparentid = 0 order by g.tgname) as triggers,
       r.relrowsecurity as row_security
  from rel r left join pg_tablespace t on t.oid = r.reltablespace`,
})
