import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** The files of one table: heap with its maps, TOAST with its index, each index. null under an AccessExclusiveLock, held or waited for. */
export const tableFiles = defineRead({
  name: 'table-files',
  about: 'Heap, TOAST and each index of one table with their size',
  params: z.object({ relid: oid }),
  row: z.object({
    kind: z.enum(['heap', 'toast', 'index']),
    id: oid,
    name: z.string(),
    schemaname: z.string(),
    relname: z.string(),
    bytes: bytes.nullable(),
  }),
  sql: /* sql */ `
with /* proctor:table-files */ ${LOCKED}, rel as (
  select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1 and c.relkind in ('r', 'm')
), toast as (
  select t.oid, t.relname,
         not exists (select from locked l where l.relation = t.oid or l.relation in (select i.indexrelid from pg_index i where i.indrelid = t.oid)) as free
    from rel r join pg_class t on t.oid = r.reltoastrelid
)
select 'heap' as kind, r.oid as id, r.relname as name, r.nspname as schemaname, r.relname,
       case when r.oid not in (select relation from locked) then pg_relation_size(r.oid) + pg_relation_size(r.oid, 'fsm') + pg_relation_size(r.oid, 'vm') end as bytes
  from rel r
 union all
select 'toast', t.oid, t.relname, r.nspname, r.relname, case when t.free then pg_total_relation_size(t.oid) end from rel r, toast t
 union all
select 'index', x.oid, x.relname, r.nspname, r.relname, case when x.oid not in (select relation from locked) then pg_relation_size(x.oid) end
  from rel r join pg_index i on i.indrelid = r.oid join pg_class x on x.oid = i.indexrelid
 order by bytes desc nulls last, name`,
})
