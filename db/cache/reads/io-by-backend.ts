import { z } from 'zod'
import { bytes, counter, float, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (sizes: string) => /* sql */ `
select /* proctor:io-by-backend */ backend_type, object, context, reads, ${sizes}, read_time, writes, write_time, extends, extend_time, hits, evictions, reuses,
       fsyncs, fsync_time, stats_reset
  from pg_stat_io
 order by backend_type, object, context`

/**
 * pg_stat_io (manual, 27.2.13), from 16 on: by kind of backend, object and context, since its reset. null: this backend never does that,
 * or does not count it. Up to 17 every operation is of op_bytes; from 18 on one may be of several blocks, and bytes are counted
 * themselves. Times are of ms, and 0 while track_io_timing is off (for object wal: track_wal_io_timing).
 */
export const ioByBackend = defineRead({
  name: 'io-by-backend',
  about: 'Reads, writes, extends, evictions and fsyncs by kind of backend, object and context (pg_stat_io)',
  since: 16,
  params: z.object({}),
  row: z.object({
    backend_type: z.string(),
    object: z.string(),
    context: z.string(),
    reads: counter.nullable(),
    read_bytes: bytes.nullable(),
    read_time: float.nullable(),
    writes: counter.nullable(),
    write_bytes: bytes.nullable(),
    write_time: float.nullable(),
    extends: counter.nullable(),
    extend_bytes: bytes.nullable(),
    extend_time: float.nullable(),
    hits: counter.nullable(),
    evictions: counter.nullable(),
    reuses: counter.nullable(),
    fsyncs: counter.nullable(),
    fsync_time: float.nullable(),
    stats_reset: timestamp.nullable(),
  }),
  sql: {
    16: statement('reads * op_bytes as read_bytes, writes * op_bytes as write_bytes, extends * op_bytes as extend_bytes'),
    18: statement('read_bytes, write_bytes, extend_bytes'),
  },
})
