import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** What some OIDs are today: heap, TOAST table or index, of which table, with its size. Those that are gone have no row. */
export const relationParts = defineRead({
  name: 'relation-parts',
  about: 'Which part of which table some relations are, with their size',
  params: z.object({ oids: z.array(oid).max(1_000) }),
  row: z.object({
    oid,
    relname: z.string(),
    part: z.enum(['heap', 'toast', 'index']),
    relid: oid,
    schemaname: z.string(),
    table: z.string(),
    /** Of all forks; null: a lock hides it. */
    bytes: bytes.nullable(),
  }),
  sql: /* sql */ `
with /* proctor:relation-parts */ ${LOCKED}
select c.oid, c.relname, case when o.oid is not null then 'toast' when c.relkind = 'i' then 'index' else 'heap' end as part,
       t.oid as relid, n.nspname as schemaname, t.relname as table,
       case when l.relation is null then pg_relation_size(c.oid) + pg_relation_size(c.oid, 'fsm') + pg_relation_size(c.oid, 'vm') end as bytes
  from pg_class c
  left join pg_index i on i.indexrelid = c.oid
  left join pg_class o on o.reltoastrelid = coalesce(i.indrelid, c.oid)
  join pg_class t on t.oid = coalesce(o.oid, i.indrelid, c.oid)
  join pg_namespace n on n.oid = t.relnamespace
  left join locked l on l.relation = c.oid
 where c.oid = any($1::oid[])`,
})
