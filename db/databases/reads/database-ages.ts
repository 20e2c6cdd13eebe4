import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * How old the oldest unfrozen transaction ID and multixact ID of each database are, against the ages at which autovacuum and VACUUM
 * act (manual, 24.1.5). One row a database; `next_xid` is 64 bits wide and grows for ever, `next_mxid` is what the oldest and its age give.
 */
export const databaseAges = defineRead({
  name: 'database-ages',
  about: 'Age of the oldest transaction and multixact ID of each database, against the limits of autovacuum and VACUUM',
  params: z.object({}),
  row: z.object({
    datname: z.string(),
    datallowconn: z.boolean(),
    xid_age: z.number(),
    mxid_age: z.number(),
    now: timestamp,
    next_xid: counter,
    next_mxid: counter,
    autovacuum_freeze_max_age: z.number(),
    vacuum_failsafe_age: z.number(),
    autovacuum_multixact_freeze_max_age: z.number(),
    vacuum_multixact_failsafe_age: z.number(),
  }),
  sql: /* sql */ `
select /* proctor:database-ages */ datname::text, datallowconn, age(datfrozenxid) as xid_age, mxid_age(datminmxid) as mxid_age,
       clock_timestamp() as now, pg_snapshot_xmax(pg_current_snapshot())::text as next_xid,
       ((datminmxid::text::int8 + mxid_age(datminmxid)) % 4294967296)::text as next_mxid,
       current_setting('autovacuum_freeze_max_age')::int as autovacuum_freeze_max_age,
       current_setting('vacuum_failsafe_age')::int as vacuum_failsafe_age,
       current_setting('autovacuum_multixact_freeze_max_age')::int as autovacuum_multixact_freeze_max_age,
       current_setting('vacuum_multixact_failsafe_age')::int as vacuum_multixact_failsafe_age
  from pg_database
 order by age(datfrozenxid) desc`,
  keep: 10_000,
})
