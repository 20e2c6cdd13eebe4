import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * What WAL was generated for (manual, 27.2.16 pg_stat_wal): records and full page images. From 18 on pg_stat_io tells which kind of
 * backend wrote it to the file; before, nothing does.
 */
const statement = (writers: string) => /* sql */ `
select /* proctor:wal-causes */ w.wal_records::text as wal_records, w.wal_fpi, w.wal_bytes::int8 as wal_bytes, w.wal_buffers_full, w.stats_reset,
       ${writers} as writers
  from pg_stat_wal w`

export const walCauses = defineRead({
  name: 'wal-causes',
  about: 'WAL since its statistics count: records, full page images, and from 18 on who wrote it',
  params: z.object({}),
  row: z.object({
    wal_records: counter,
    wal_fpi: counter,
    wal_bytes: counter,
    /** Times that WAL was written because its buffers were full. */
    wal_buffers_full: counter,
    stats_reset: timestamp.nullable(),
    /** null before 18. */
    writers: z.array(z.object({ backend_type: z.string(), bytes: z.number() })).nullable(),
  }),
  sql: {
    14: statement('null::json'),
    18: statement(`(select json_agg(x order by x.bytes desc) from (
          select backend_type, sum(write_bytes)::float8 as bytes from pg_stat_io where object = 'wal' group by 1 having sum(write_bytes) > 0) x)`),
  },
})
