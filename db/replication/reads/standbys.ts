import { z } from 'zod'
import { bytes, serverText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Who gets WAL of this server: standbys, logical subscribers, base backups, pg_receivewal (manual, 27.2.4). Lag in bytes is against the
 * position now; lag in seconds is the time of the last reported write, flush and replay, and null where nothing is left to replay: on an idle
 * primary the last times say nothing. Without pg_read_all_stats only the pid is told.
 */
export const standbys = defineRead({
  name: 'standbys',
  about: 'Standbys, subscribers and other receivers of WAL, with their lag',
  params: z.object({}),
  needs: 'pg_read_all_stats',
  row: z.object({
    pid: z.number(),
    usename: z.string().nullable(),
    application_name: serverText.nullable(),
    client_addr: z.string().nullable(),
    backend_start: timestamp.nullable(),
    /** streaming, catchup, backup …; null: hidden from the role. */
    state: z.string().nullable(),
    sent_bytes: bytes.nullable(),
    write_bytes: bytes.nullable(),
    flush_bytes: bytes.nullable(),
    /** Null for receivers that replay nothing. */
    replay_bytes: bytes.nullable(),
    write_seconds: z.number().nullable(),
    flush_seconds: z.number().nullable(),
    replay_seconds: z.number().nullable(),
    sync_state: z.string().nullable(),
    sync_priority: z.number().nullable(),
    slot_name: z.string().nullable(),
    slot_type: z.string().nullable(),
    plugin: z.string().nullable(),
    /** In transactions, by hot_standby_feedback. */
    xmin_age: z.number().nullable(),
  }),
  sql: /* sql */ `
select /* proctor:standbys */ r.pid, r.usename::text, r.application_name, host(r.client_addr) as client_addr, r.backend_start, r.state,
       case when here.lsn is not null and r.sent_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, r.sent_lsn)) end::int8 as sent_bytes,
       case when here.lsn is not null and r.write_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, r.write_lsn)) end::int8 as write_bytes,
       case when here.lsn is not null and r.flush_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, r.flush_lsn)) end::int8 as flush_bytes,
       case when here.lsn is not null and r.replay_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, r.replay_lsn)) end::int8 as replay_bytes,
       case when r.write_lsn < here.lsn then extract(epoch from r.write_lag)::float8 end as write_seconds,
       case when r.flush_lsn < here.lsn then extract(epoch from r.flush_lag)::float8 end as flush_seconds,
       case when r.replay_lsn < here.lsn then extract(epoch from r.replay_lag)::float8 end as replay_seconds,
       r.sync_state, r.sync_priority, s.slot_name::text, s.slot_type, s.plugin::text, age(r.backend_xmin) as xmin_age
  from pg_stat_replication r
       left join pg_replication_slots s on s.active_pid = r.pid,
       (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn) here
 order by r.application_name, r.pid`,
})
