import { z } from 'zod'
import { bytes, counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

/**
 * Blocks and temporary files of every database since its statistics were reset (manual, 27.2.17), and its size, for which
 * pg_database_size asks the file system for every file: an answer serves for half a minute.
 */
export const databaseIo = defineRead({
  name: 'database-io',
  about: 'Blocks read and found in shared_buffers, and temporary files, by database since the last reset',
  params: z.object({}),
  row: z.object({
    datid: oid,
    datname: z.string(),
    blks_read: counter,
    blks_hit: counter,
    /** ms; 0 while track_io_timing is off. */
    blk_read_time: float,
    temp_files: counter,
    temp_bytes: counter,
    /** null: never, as far as the server knows. */
    stats_reset: timestamp.nullable(),
    /** null: neither CONNECT nor pg_read_all_stats. */
    bytes: bytes.nullable(),
  }),
  keep: 30_000,
  sql: /* sql */ `
select /* proctor:database-io */ s.datid, s.datname::text, s.blks_read, s.blks_hit, s.blk_read_time, s.temp_files, s.temp_bytes, s.stats_reset,
       case when has_database_privilege(s.datid, 'connect') or ${seesAs("'pg_read_all_stats'")} then pg_database_size(s.datid) end as bytes
  from pg_stat_database s join pg_database d on d.oid = s.datid
 where s.datname is not null
 order by s.blks_read desc, s.datname`,
})
