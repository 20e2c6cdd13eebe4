import { z } from 'zod'
import { bytes, float } from '../target/columns'
import { defineRead } from '../target/define-read'

/**
 * What a server itself shows of its load, over all databases: size, temporary files, checkpoints, WAL. Each with the seconds
 * that it counts over: since the newest reset, or since the server came up where there was none.
 */
const evidence = (checkpoints: string) => /* sql */ `
with /* proctor:tuning-evidence */ started as (select extract(epoch from now() - pg_postmaster_start_time())::float8 as seconds),
databases as (
  select sum(case when has_database_privilege(d.oid, 'connect') or pg_has_role('pg_read_all_stats', 'USAGE')
                  then pg_database_size(d.oid) end)::int8 as data_bytes,
         bool_or(not (has_database_privilege(d.oid, 'connect') or pg_has_role('pg_read_all_stats', 'USAGE'))) as hidden
    from pg_database d
), spills as (
  select coalesce(sum(temp_files), 0)::float8 as temp_files, coalesce(sum(temp_bytes), 0)::float8 as temp_bytes,
         extract(epoch from now() - max(stats_reset))::float8 as seconds
    from pg_stat_database
), checkpoints as (${checkpoints}),
wal as (select wal_bytes::float8, extract(epoch from now() - stats_reset)::float8 as seconds from pg_stat_wal)
select case when not d.hidden then d.data_bytes end as data_bytes, t.temp_files, t.temp_bytes, coalesce(t.seconds, s.seconds) as temp_seconds,
       c.timed, c.requested, coalesce(c.seconds, s.seconds) as checkpoint_seconds,
       w.wal_bytes / nullif(coalesce(w.seconds, s.seconds), 0) as wal_bytes_per_second,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as sessions,
       extract(epoch from pg_postmaster_start_time())::float8 as postmaster_start
  from started s, databases d, spills t, checkpoints c, wal w`

export const tuningEvidence = defineRead({
  name: 'tuning-evidence',
  about: 'Size of all databases, temporary files, checkpoints and WAL of the server, each with its window',
  params: z.object({}),
  row: z.object({
    /** null where the role may not see every database. */
    data_bytes: bytes.nullable(),
    temp_files: float,
    temp_bytes: float,
    temp_seconds: float,
    timed: float,
    requested: float,
    checkpoint_seconds: float,
    wal_bytes_per_second: float.nullable(),
    /** Client sessions at this moment. */
    sessions: z.number(),
    /** Seconds since 1970. */
    postmaster_start: float,
  }),
  // pg_database_size asks the file system for every file.
  keep: 30_000,
  sql: {
    14: evidence(`select checkpoints_timed::float8 as timed, checkpoints_req::float8 as requested,
         extract(epoch from now() - stats_reset)::float8 as seconds from pg_stat_bgwriter`),
    17: evidence(`select num_timed::float8 as timed, num_requested::float8 as requested,
         extract(epoch from now() - stats_reset)::float8 as seconds from pg_stat_checkpointer`),
  },
})
