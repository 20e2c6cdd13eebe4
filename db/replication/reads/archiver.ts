import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What the archiver did (manual, 27.2.14). Every role may read it. */
export const archiver = defineRead({
  name: 'archiver',
  about: 'What the archiver has archived and what failed, last and in all',
  params: z.object({}),
  row: z.object({
    archived_count: counter,
    last_archived_wal: z.string().nullable(),
    last_archived_time: timestamp.nullable(),
    archived_seconds: z.number().nullable(),
    failed_count: counter,
    last_failed_wal: z.string().nullable(),
    last_failed_time: timestamp.nullable(),
    failed_seconds: z.number().nullable(),
    /** The last attempt failed. */
    failing: z.boolean(),
    stats_reset: timestamp.nullable(),
  }),
  sql: /* sql */ `
select /* proctor:archiver */ archived_count, last_archived_wal, last_archived_time,
       extract(epoch from clock_timestamp() - last_archived_time)::float8 as archived_seconds,
       failed_count, last_failed_wal, last_failed_time, extract(epoch from clock_timestamp() - last_failed_time)::float8 as failed_seconds,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing, stats_reset
  from pg_stat_archiver`,
})
