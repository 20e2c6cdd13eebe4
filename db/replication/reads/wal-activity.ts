import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (writes: string) => /* sql */ `
select /* proctor:wal-activity */ wal_records, wal_fpi, wal_bytes::int8 as wal_bytes, wal_buffers_full, ${writes}, stats_reset,
       extract(epoch from clock_timestamp() - stats_reset)::float8 as seconds
  from pg_stat_wal`

/** What was written to the WAL since the statistics count (manual, 27.2.15). 18 moved writes and syncs to pg_stat_io, where they are told by backend. */
export const walActivity = defineRead({
  name: 'wal-activity',
  about: 'Records, full-page images and bytes of WAL since the statistics count',
  params: z.object({}),
  row: z.object({
    wal_records: counter,
    wal_fpi: counter,
    wal_bytes: counter,
    wal_buffers_full: counter,
    wal_write: counter.nullable(),
    wal_sync: counter.nullable(),
    stats_reset: timestamp.nullable(),
    seconds: z.number().nullable(),
  }),
  sql: {
    14: statement('wal_write, wal_sync'),
    18: statement(`(select sum(writes)::int8 from pg_stat_io where object = 'wal') as wal_write,
       (select sum(fsyncs)::int8 from pg_stat_io where object = 'wal') as wal_sync`),
  },
})
