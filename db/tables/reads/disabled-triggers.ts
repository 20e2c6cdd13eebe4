import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Triggers and rules of tables that are switched off for every session. `foreign_key`: the trigger is one of those by which a foreign key is
 * enforced. A trigger that a partition has from its table counts where the table's own is on. REPLICA and ALWAYS are other modes, and not off.
 */
export const disabledTriggers = defineRead({
  name: 'disabled-triggers',
  about: 'Triggers and rules that are disabled, those that enforce foreign keys among them',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    what: z.enum(['trigger', 'rule']),
    name: z.string(),
    foreign_key: z.string().nullable(),
  }),
  sql: /* sql */ `
with /* proctor:disabled-triggers */ off as (
  select t.tgrelid as relid, 'trigger' as what, t.tgname::text as name, k.conname::text as foreign_key
    from pg_trigger t
    left join pg_trigger p on p.oid = t.tgparentid
    left join pg_constraint k on k.oid = t.tgconstraint and k.contype = 'f' and t.tgisinternal
   where t.tgenabled = 'D' and (not t.tgisinternal or k.oid is not null) and p.tgenabled is distinct from 'D'
  union all
  select r.ev_class, 'rule', r.rulename::text, null from pg_rewrite r where r.ev_enabled = 'D'
)
select off.relid, n.nspname as schemaname, c.relname, off.what, off.name, off.foreign_key
  from off
  join pg_class c on c.oid = off.relid
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname, c.relname, off.foreign_key nulls last, off.name`,
  keep: 10_000,
})
