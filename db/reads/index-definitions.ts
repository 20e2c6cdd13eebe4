import { z } from 'zod'
import { oid } from '../target/columns'
import { defineRead } from '../target/define-read'

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
    indexrelname: z.string(),
    partitioned: z.boolean(),
    definition: z.string().nullable(),
  }),
  sql: /* sql */ `
/* proctor:index-definitions */
with locked as materialized (
  select relation from pg_locks
  where locktype = 'relation' and mode = 'AccessExclusiveLock' and pid is distinct from pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
), named as materialized (
  select i.indexrelid, n.nspname::text as schemaname, c.relname::text as indexrelname, c.relkind = 'I' as partitioned,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as is_locked
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  where i.indexrelid = any ($1::oid[])
)
select indexrelid, schemaname, indexrelname, partitioned,
       case when not is_locked then pg_get_indexdef(indexrelid) end as definition
from named
order by schemaname, indexrelname`,
})
