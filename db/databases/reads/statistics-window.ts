import { z } from 'zod'
import { oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Since when the cumulative statistics of this database count (manual, 27.2), and what else limits what they show of use.
 *
 * - stats_reset is null until somebody resets them. Then they count since the server last lost them all, in a crash, a recovery or
 *   its making: that sets the reset of every statistic that is the server's at once, so the oldest of those is no earlier. They
 *   outlive a clean restart, and every role sees them.
 * - A primary's timeline is the one that it writes to: after a promotion the control file tells the former one until the next
 *   checkpoint. On a standby it is null.
 * - standbys: receivers of WAL that may answer queries. A logical one (its slot tells), a base backup and pg_receivewal (which
 *   never reports what it replayed) are none. Without pg_monitor only a slot tells them apart.
 */
export const statisticsWindow = defineRead({
  name: 'statistics-window',
  about: 'Since when the cumulative statistics of this database count, and what they cannot show: standbys, a former primary',
  params: z.object({}),
  row: z.object({
    stats_reset: timestamp.nullable(),
    stats_since: timestamp,
    /** How long that is, in seconds, by the server's clock. */
    seconds: z.number(),
    /** On a standby the counters know only what runs there. */
    in_recovery: z.boolean(),
    /** Of this database. */
    datid: oid,
    /** The clock of the server. */
    server_now: timestamp,
    timeline: z.number().nullable(),
    /** When it came up, to the microsecond: no two servers of a cluster share it. */
    started: z.string(),
    /** Whether scans are counted, for every role and in this database. */
    track_counts: z.boolean(),
    /** Connected standbys; a standby counts those that it feeds. */
    standbys: z.number(),
    /** It gets WAL from a server that counts it among its standbys. */
    receives: z.boolean(),
    /** Whether the time of commits is kept (track_commit_timestamp). */
    commit_times: z.boolean(),
  }),
  sql: /* sql */ `
select /* proctor:statistics-window */ d.stats_reset, kept.since as stats_since,
       extract(epoch from now() - coalesce(d.stats_reset, kept.since))::float8 as seconds,
       pg_is_in_recovery() as in_recovery, d.datid, now() as server_now,
       case when not pg_is_in_recovery() then ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end as timeline,
       pg_postmaster_start_time()::text as started,
       current_setting('track_counts')::bool and not exists (
         select from pg_db_role_setting s
          where s.setdatabase in (0, d.datid) and exists (select from unnest(s.setconfig) c where c ~* '^track_counts=(off|f|false|no|n|0)$')
       ) as track_counts,
       (select count(*)::int from pg_stat_replication r
         where r.state is distinct from 'backup' and (r.write_lsn is null or r.replay_lsn is not null)
           and not exists (select from pg_replication_slots s where s.active_pid = r.pid and s.slot_type = 'logical')) as standbys,
       exists (select from pg_stat_wal_receiver where pid is not null) as receives,
       current_setting('track_commit_timestamp')::bool as commit_times
from pg_stat_database d,
     (select coalesce(least((select stats_reset from pg_stat_bgwriter), (select stats_reset from pg_stat_archiver),
                            (select stats_reset from pg_stat_wal)), pg_postmaster_start_time()) as since) kept
where d.datname = current_database()`,
})
