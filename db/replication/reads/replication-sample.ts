import { z } from 'zod'
import { bytes, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Lag of standbys and WAL that slots keep, as they are sampled (manual, 27.2.4 and 52.19). A base backup and what never replays is no standby. Several
 * of one name are one line, the worst of them; without pg_monitor there is none.
 */
export const replicationSample = defineRead({
  name: 'replication-sample',
  about: 'Lag of every standby, and the WAL that every slot keeps, for the samples',
  params: z.object({}),
  row: z.object({
    standbys: z.array(
      z.object({
        standby: serverText,
        flush_bytes: bytes.nullable(),
        replay_bytes: bytes.nullable(),
        /** ms; null while nothing is left to replay. */
        flush_time: z.number().nullable(),
        replay_time: z.number().nullable(),
      }),
    ),
    /** Slots that keep WAL; active: 1 or 0. */
    slots: z.array(z.object({ slot: z.string(), retained_bytes: bytes, active: z.number() })),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:replication-sample */ here as (
  select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn
), lag as (
  select left(coalesce(nullif(r.application_name, ''), host(r.client_addr), 'local'), 63) as standby,
         max(pg_wal_lsn_diff(here.lsn, r.flush_lsn))::int8 as flush_bytes, max(pg_wal_lsn_diff(here.lsn, r.replay_lsn))::int8 as replay_bytes,
         max(extract(epoch from r.flush_lag)::float8 * 1000) filter (where r.flush_lsn < here.lsn) as flush_time,
         max(extract(epoch from r.replay_lag)::float8 * 1000) filter (where r.replay_lsn < here.lsn) as replay_time
    from pg_stat_replication r, here
   where r.state is distinct from 'backup' and r.replay_lsn is not null
   group by 1
)
select coalesce((select json_agg(json_build_object('standby', standby, 'flush_bytes', case when flush_bytes < 0 then 0 else flush_bytes end,
                          'replay_bytes', case when replay_bytes < 0 then 0 else replay_bytes end,
                          'flush_time', flush_time, 'replay_time', replay_time) order by standby) from lag), '[]') as standbys,
       coalesce((select json_agg(json_build_object('slot', s.slot_name,
                          'retained_bytes', case when s.restart_lsn > here.lsn then 0 else pg_wal_lsn_diff(here.lsn, s.restart_lsn)::int8 end,
                          'active', case when s.active then 1 else 0 end) order by s.slot_name)
                   from pg_replication_slots s, here where s.restart_lsn is not null and here.lsn is not null and not s.temporary), '[]') as slots`,
})
