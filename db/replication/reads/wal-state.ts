import { z } from 'zod'
import { bytes, counter, serverText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

const row = z.object({
  server_now: timestamp,
  role: z.string(),
  /** Whether the role sees what sessions of others do: WAL senders and the receiver are such. */
  sees_all: z.boolean(),
  /** Whether it sees settings that are kept from others: primary_conninfo. */
  sees_settings: z.boolean(),
  in_recovery: z.boolean(),
  /** Where a primary writes; what a standby has replayed. Null: it has replayed nothing yet. */
  lsn: z.string().nullable(),
  /** The same in bytes since the cluster was made, to take differences from. */
  position: counter.nullable(),
  timeline: z.number().nullable(),
  /** Of a standby: what it got from its primary, what of it waits to be replayed, and when the last replayed transaction was committed. */
  receive_lsn: z.string().nullable(),
  unreplayed_bytes: bytes.nullable(),
  /** Seconds since the last replayed COMMIT; on an idle primary that says nothing. */
  replayed_seconds: z.number().nullable(),
  replay_paused: z.boolean().nullable(),
  /** Sessions whose COMMIT waits for a synchronous standby; null: hidden from the role. */
  commits_waiting: z.number().nullable(),
  wal_level: z.string(),
  wal_segment_bytes: bytes,
  /** Null: slots may keep WAL without limit. */
  max_slot_wal_keep_bytes: bytes.nullable(),
  wal_keep_bytes: bytes,
  max_wal_bytes: bytes,
  min_wal_bytes: bytes,
  checkpoint_timeout_seconds: z.number(),
  checkpoint_completion_target: z.number(),
  synchronous_standby_names: serverText,
  synchronous_commit: z.string(),
  archive_mode: z.string(),
  /** archive_command or archive_library is set: without either WAL waits in pg_wal. */
  archives_by: z.enum(['command', 'library', 'nothing']),
  archive_timeout_seconds: z.number(),
  max_replication_slots: z.number(),
  max_wal_senders: z.number(),
  hot_standby_feedback: z.boolean(),
  /** -1: a query is never cancelled for recovery. */
  max_standby_streaming_delay_ms: z.number(),
  recovery_min_apply_delay_ms: z.number(),
  /** Whether a standby is told where its primary is; null: hidden from the role. */
  has_primary_conninfo: z.boolean().nullable(),
  /** Seconds; null before 18, 0: never. */
  idle_slot_timeout_seconds: z.number().nullable(),
  data_checksums: z.boolean(),
})

/** A number of pg_settings in bytes or seconds; its unit is 8kB, kB, MB, B, s, ms or min, by the setting and the major. */
const amount = (name: string) => /* sql */ `
       (select s.setting::int8 * case s.unit when '8kB' then 8192 when 'kB' then 1024 when 'MB' then 1048576 when 'min' then 60 else 1 end
          from known s where s.name = '${name}')`

/**
 * Where the server is in its WAL, and the settings that say what happens to it (manual, 19.5, 19.6 and 9.28.3). Every role may read it; what is
 * kept from some is null. A standby's functions fail on a primary and the other way round, so each stands in its branch.
 */
export const walState = defineRead({
  name: 'wal-state',
  about: 'Position in the WAL, what a standby has received and replayed, and the settings of WAL, archive and replication',
  params: z.object({}),
  row,
  // Each look at pg_settings makes all of its rows, hundreds of them: one is enough.
  sql: /* sql */ `
with /* proctor:wal-state */ known as materialized (select name, setting, unit from pg_settings)
select clock_timestamp() as server_now, current_user::text as role, rights.sees_all,
       ${seesAs("'pg_read_all_settings'")} as sees_settings, here.in_recovery, here.lsn::text as lsn,
       pg_wal_lsn_diff(here.lsn, '0/0')::int8 as position,
       case when not here.in_recovery then ('x' || left(pg_walfile_name(here.lsn), 8))::bit(32)::int end as timeline,
       here.received::text as receive_lsn,
       case when here.received is not null and here.lsn is not null then greatest(0, pg_wal_lsn_diff(here.received, here.lsn)) end::int8 as unreplayed_bytes,
       case when here.in_recovery then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 end as replayed_seconds,
       case when here.in_recovery then pg_is_wal_replay_paused() end as replay_paused,
       case when rights.sees_all then (select count(*)::int from pg_stat_activity where wait_event = 'SyncRep') end as commits_waiting,
       current_setting('wal_level') as wal_level,${amount('wal_segment_size')} as wal_segment_bytes,
       nullif(${amount('max_slot_wal_keep_size')}, -1048576) as max_slot_wal_keep_bytes,${amount('wal_keep_size')} as wal_keep_bytes,
       ${amount('max_wal_size')} as max_wal_bytes,${amount('min_wal_size')} as min_wal_bytes,
       ${amount('checkpoint_timeout')}::float8 as checkpoint_timeout_seconds,
       current_setting('checkpoint_completion_target')::float8 as checkpoint_completion_target,
       current_setting('synchronous_standby_names') as synchronous_standby_names, current_setting('synchronous_commit') as synchronous_commit,
       current_setting('archive_mode') as archive_mode,
       case when coalesce(current_setting('archive_library', true), '') <> '' then 'library'
            when current_setting('archive_command') not in ('', '(disabled)') then 'command' else 'nothing' end as archives_by,
       ${amount('archive_timeout')}::float8 as archive_timeout_seconds,
       current_setting('max_replication_slots')::int as max_replication_slots, current_setting('max_wal_senders')::int as max_wal_senders,
       current_setting('hot_standby_feedback')::bool as hot_standby_feedback,
       ${amount('max_standby_streaming_delay')}::float8 as max_standby_streaming_delay_ms,
       ${amount('recovery_min_apply_delay')}::float8 as recovery_min_apply_delay_ms,
       (select s.setting <> '' from known s where s.name = 'primary_conninfo') as has_primary_conninfo,
       ${amount('idle_replication_slot_timeout')}::float8 as idle_slot_timeout_seconds,
       current_setting('data_checksums') = 'on' as data_checksums
  from (select ${seesAs("'pg_read_all_stats'")} as sees_all) rights,
       (select pg_is_in_recovery() as in_recovery,
               case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn,
               case when pg_is_in_recovery() then pg_last_wal_receive_lsn() end as received) here`,
})
