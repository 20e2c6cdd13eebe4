import { z } from 'zod'
import { float, oid, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Who holds a lock on a table that VACUUM's ShareUpdateExclusiveLock conflicts with (manual, 13.3.1). Autovacuum does not wait for one: it
 * leaves the table out, and comes again after autovacuum_naptime (vacuum_open_relation in vacuum.c). A VACUUM or ANALYZE at work holds
 * such a lock too, and is left out here.
 */
export const tableLockers = defineRead({
  name: 'table-lockers',
  about: 'Sessions and prepared transactions whose lock on a table keeps autovacuum from it',
  needs: 'pg_read_all_stats',
  params: z.object({ relid: oid }),
  row: z.object({
    /** null: a prepared transaction. */
    pid: z.number().nullable(),
    mode: z.string(),
    who: serverText.nullable(),
    state: z.string().nullable(),
    /** Since its transaction began. */
    seconds: float.nullable(),
  }),
  sql: /* sql */ `
select /* proctor:table-lockers */ l.pid, l.mode, coalesce(nullif(a.application_name, ''), a.usename::text) as who, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
  from pg_locks l left join pg_stat_activity a on a.pid = l.pid
 where l.locktype = 'relation' and l.relation = $1 and l.granted
   and l.database = (select oid from pg_database where datname = current_database())
   and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   and l.pid is distinct from pg_backend_pid() and coalesce(a.backend_type, '') <> 'autovacuum worker'
   and not exists (select from pg_stat_progress_vacuum v where v.pid = l.pid)
   and not exists (select from pg_stat_progress_analyze v where v.pid = l.pid)
 order by seconds desc nulls last, l.pid`,
})
