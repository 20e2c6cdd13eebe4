import { z } from 'zod'
import { timestamp } from '../server/columns'
import { defineRead } from '../server/define-read'

/**
 * Since when the cumulative statistics of this database count (manual, 27.2). stats_reset is null until
 * somebody resets them; then they count at least since the server came up. A crash throws them away
 * without a new postmaster, but with a new checkpointer: the later of the two starts is taken. A role
 * without pg_read_all_stats sees the postmaster's only.
 */
export const statisticsWindow = defineRead({
  name: 'statistics-window',
  about: 'Since when the cumulative statistics of this database count, and whether it is a standby',
  params: z.object({}),
  row: z.object({
    stats_reset: timestamp.nullable(),
    stats_since: timestamp,
    /** How long that is, in seconds, by the server's clock. */
    seconds: z.number(),
    /** On a standby the counters know only what runs there. */
    in_recovery: z.boolean(),
  }),
  sql: /* sql */ `
select /* proctor:statistics-window */ d.stats_reset, started.at as stats_since,
       extract(epoch from now() - coalesce(d.stats_reset, started.at))::float8 as seconds,
       pg_is_in_recovery() as in_recovery
from pg_stat_database d,
     (select greatest(pg_postmaster_start_time(), max(backend_start) filter (where backend_type = 'checkpointer')) as at
      from pg_stat_activity) started
where d.datname = current_database()`,
})
