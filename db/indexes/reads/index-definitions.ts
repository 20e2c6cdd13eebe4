import { z } from 'zod'
import { oid, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * The CREATE INDEX statements of some indexes, as pg_get_indexdef prints them (manual, 9.26.5). It opens the
 * index and would queue behind an AccessExclusiveLock, so an index under one, held or waited for on itself or on
 * its table, has no definition and says why.
 */
export const indexDefinitions = defineRead({
  name: 'index-definitions',
  about: 'CREATE INDEX statements of the named indexes',
  params: z.object({ indexrelids: z.array(oid).max(1_000) }),
  row: z.object({
    indexrelid: oid,
    schemaname: z.string(),
    relname: z.string(),
    indexrelname: z.string(),
    relkind: z.enum(['i', 'I']),
    /** relkind is I. */
    partitioned: z.boolean(),
    indisunique: z.boolean(),
    indisexclusion: z.boolean(),
    indisvalid: z.boolean(),
    /** Attached to the index of a partitioned table. */
    isattached: z.boolean(),
    definition: statementText.nullable(),
    predicate: statementText.nullable(),
    /** null: the database's default. pg_get_indexdef leaves it out. */
    tablespace: z.string().nullable(),
    conname: z.string().nullable(),
    constraint_definition: statementText.nullable(),
  }),
  sql: /* sql */ `
with /* proctor:index-definitions */ ${LOCKED}, named as materialized (
  select i.indexrelid, i.indrelid, i.indpred, i.indisunique, i.indisexclusion, i.indisvalid, c.relispartition as isattached, n.nspname, t.relname, c.relname as indexrelname, c.relkind, c.reltablespace,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as is_locked
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where i.indexrelid = any ($1::oid[])
)
select x.indexrelid, x.nspname::text as schemaname, x.relname::text, x.indexrelname::text, x.relkind::text, x.relkind = 'I' as partitioned, x.indisunique, x.indisexclusion, x.indisvalid, x.isattached,
       case when not x.is_locked then pg_get_indexdef(x.indexrelid) end as definition,
       case when not x.is_locked then pg_get_expr(x.indpred, x.indrelid) end as predicate,
       (select spcname::text from pg_tablespace where oid = x.reltablespace) as tablespace,
       con.conname::text, case when not x.is_locked then pg_get_constraintdef(con.oid) end as constraint_definition
from named x
left join pg_constraint con on con.conindid = x.indexrelid and con.contype in ('p', 'u', 'x')
order by x.nspname, x.indexrelname`,
})
