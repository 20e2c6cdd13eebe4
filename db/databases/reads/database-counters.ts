import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What this database has counted since its statistics count (manual, 27.2.17). Every role may read it. */
export const databaseCounters = defineRead({
  name: 'database-counters',
  about: 'Temporary files, deadlocks and blocks of this database since its statistics count',
  params: z.object({}),
  row: z.object({
    datname: z.string(),
    temp_files: counter,
    temp_bytes: counter,
    deadlocks: counter,
    blks_hit: counter,
    blks_read: counter,
    /** Null: never reset; then nobody knows since when they count. */
    stats_reset: timestamp.nullable(),
    seconds: z.number().nullable(),
    work_mem: z.string(),
    deadlock_timeout: z.string(),
    shared_buffers: z.string(),
  }),
  sql: /* sql */ `
select /* proctor:database-counters */ datname::text, temp_files, temp_bytes, deadlocks, blks_hit, blks_read, stats_reset,
       extract(epoch from clock_timestamp() - stats_reset)::float8 as seconds, current_setting('work_mem') as work_mem,
       current_setting('deadlock_timeout') as deadlock_timeout, current_setting('shared_buffers') as shared_buffers
  from pg_stat_database where datname = current_database()`,
})
