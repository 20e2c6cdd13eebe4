import { z } from 'zod'
import { counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const text = z.string().regex(/^-?\d+$/)

/**
 * The cumulative counters of all databases (manual, 27.2.17) and of the server: checkpoints, background writer, archiver, and
 * the WAL position. 17 moved the checkpointer's counters to a view of their own, and those of backends to pg_stat_io.
 */
const statement = (checkpointer: string, sources: string) => /* sql */ `
select /* proctor:counters-sample */ clock_timestamp() as now, pg_postmaster_start_time() as postmaster_start,
       case when pg_is_in_recovery() then coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)
            else pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') end::int8 as wal_bytes,
       ${checkpointer}, w.buffers_clean, w.maxwritten_clean, w.buffers_alloc, a.archived_count as archived, a.failed_count as archive_failed,
       (select json_agg(d) from (
          select datid::int8, datname, xact_commit::text, xact_rollback::text, blks_read::text, blks_hit::text, tup_returned::text,
                 tup_fetched::text, tup_inserted::text, tup_updated::text, tup_deleted::text, conflicts::text, temp_files::text,
                 temp_bytes::text, deadlocks::text, coalesce(checksum_failures, 0)::text as checksum_failures, sessions::text,
                 sessions_abandoned::text, sessions_fatal::text, sessions_killed::text, blk_read_time, blk_write_time, session_time,
                 active_time, idle_in_transaction_time, stats_reset::text
            from pg_stat_database where datid <> 0 and datname is not null) d) as databases
  from pg_stat_bgwriter w, pg_stat_archiver a${sources}`

export const countersSample = defineRead({
  name: 'counters-sample',
  about: 'Cumulative counters of every database and of the server',
  params: z.object({}),
  row: z.object({
    now: timestamp,
    postmaster_start: timestamp,
    /** Bytes of WAL since the cluster was made; on a standby, replayed. */
    wal_bytes: counter,
    checkpoints_timed: counter,
    checkpoints_req: counter,
    checkpoint_write_time: float,
    checkpoint_sync_time: float,
    buffers_checkpoint: counter,
    /** Null from 17 on: pg_stat_io has it by kind of backend. */
    buffers_backend: counter.nullable(),
    checkpointer_reset: timestamp.nullable(),
    buffers_clean: counter,
    maxwritten_clean: counter,
    buffers_alloc: counter,
    archived: counter,
    archive_failed: counter,
    databases: z.array(
      z.object({
        datid: oid,
        datname: z.string(),
        xact_commit: text,
        xact_rollback: text,
        blks_read: text,
        blks_hit: text,
        tup_returned: text,
        tup_fetched: text,
        tup_inserted: text,
        tup_updated: text,
        tup_deleted: text,
        conflicts: text,
        temp_files: text,
        temp_bytes: text,
        deadlocks: text,
        checksum_failures: text,
        sessions: text,
        sessions_abandoned: text,
        sessions_fatal: text,
        sessions_killed: text,
        blk_read_time: z.number(),
        blk_write_time: z.number(),
        session_time: z.number(),
        active_time: z.number(),
        idle_in_transaction_time: z.number(),
        stats_reset: z.string().nullable(),
      }),
    ),
  }),
  keep: 0,
  sql: {
    14: statement(
      `w.checkpoints_timed, w.checkpoints_req, w.checkpoint_write_time, w.checkpoint_sync_time, w.buffers_checkpoint, w.buffers_backend,
       w.stats_reset as checkpointer_reset`,
      '',
    ),
    17: statement(
      `c.num_timed as checkpoints_timed, c.num_requested as checkpoints_req, c.write_time as checkpoint_write_time,
       c.sync_time as checkpoint_sync_time, c.buffers_written as buffers_checkpoint, null::int8 as buffers_backend,
       c.stats_reset as checkpointer_reset`,
      ', pg_stat_checkpointer c',
    ),
  },
})
