import { z } from 'zod'
import { float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * What autovacuum has to work with: its workers, how much they may read and write together (manual, 19.10.2), and who holds a lock on a table of this database
 * that VACUUM conflicts with (manual, 13.3.1): autovacuum then skips the table. `busy` is 0 for a role that sees no other sessions.
 */
export const autovacuumState = defineRead({
  name: 'autovacuum-state',
  about: 'Autovacuum: workers, those that are busy, cost limits, and locks on tables for which it skips them',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({
    max_workers: z.number(),
    busy: z.number(),
    /** Seconds. */
    naptime: float,
    cost_limit: z.number(),
    /** Milliseconds; 0: no limit. */
    cost_delay: float,
    cost_page_dirty: z.number(),
    block_size: z.number(),
    locks: z.array(z.object({ relation: oid, mode: z.string(), pid: z.number().nullable() })),
  }),
  sql: /* sql */ `
select /* proctor:autovacuum-state */ current_setting('autovacuum_max_workers')::int as max_workers,
       (select count(*)::int from pg_stat_activity where backend_type = 'autovacuum worker') as busy,
       (select setting::float8 from pg_settings where name = 'autovacuum_naptime') as naptime,
       coalesce(nullif(current_setting('autovacuum_vacuum_cost_limit')::int, -1), current_setting('vacuum_cost_limit')::int) as cost_limit,
       coalesce(nullif((select setting::float8 from pg_settings where name = 'autovacuum_vacuum_cost_delay'), -1),
                (select setting::float8 from pg_settings where name = 'vacuum_cost_delay')) as cost_delay,
       current_setting('vacuum_cost_page_dirty')::int as cost_page_dirty, current_setting('block_size')::int as block_size,
       (select coalesce(json_agg(json_build_object('relation', l.relation::int8, 'mode', l.mode, 'pid', l.pid)), '[]')
          from (select distinct on (l.relation) l.relation, l.mode, l.pid from pg_locks l
                 where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
                   and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                   and not exists (select from pg_stat_progress_vacuum v where v.pid = l.pid)
                 order by l.relation, l.pid) l) as locks`,
})
