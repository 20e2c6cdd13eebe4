import { z } from 'zod'
import { float, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Whoever may keep VACUUM from removing rows of this database's tables, as ComputeXidHorizons in procarray.c counts them: sessions
 * and prepared transactions of this database alone, slots and standbys of all. A lazy VACUUM holds nothing back (PROC_IN_VACUUM),
 * nor does logical decoding, whose slot holds the catalogs' rows only. `pace`: transaction IDs a second since the last checkpoint.
 * Of other roles' sessions a role without pg_read_all_stats sees the xmin, and neither state nor times nor kind (pgstatfuncs.c).
 */
export const snapshotHolders = defineRead({
  name: 'snapshot-holders',
  about: 'Sessions, prepared transactions, slots and standbys that keep dead rows of this database from VACUUM',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({
    kind: z.enum(['session', 'prepared transaction', 'replication slot', 'standby']),
    /** The pid, the gid, the slot's name, the standby's application_name. */
    name: serverText,
    pid: z.number().nullable(),
    /** Application or role of a session, owner of a prepared transaction. */
    who: serverText.nullable(),
    state: z.string().nullable(),
    /** Of its xmin, in transactions. */
    age: z.number(),
    /** Since its transaction began, or was prepared; null where the server does not tell. */
    seconds: float.nullable(),
    /** Of a session: its state and times are not shown to this role. */
    hidden: z.boolean(),
    pace: float,
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:snapshot-holders */ pace as (
  select (pg_snapshot_xmax(pg_current_snapshot())::text::numeric - split_part(next_xid, ':', 1)::numeric * 4294967296 - split_part(next_xid, ':', 2)::numeric)
           / greatest(1, extract(epoch from clock_timestamp() - checkpoint_time)) as pace
    from pg_control_checkpoint()
), sender as materialized (
  select pid from pg_stat_get_wal_senders()
), holder as (
  select 'session' as kind, a.pid::text as name, a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type) as who, a.state,
         greatest(age(a.backend_xmin), age(a.backend_xid)) as age, extract(epoch from clock_timestamp() - a.xact_start) as seconds,
         a.backend_type is null as hidden
    from pg_stat_activity a
   where a.datname = current_database() and a.pid <> pg_backend_pid() and a.leader_pid is null
     and (a.backend_xmin is not null or a.backend_xid is not null)
     and (a.xact_start is not null or a.pid not in (select pid from sender))
     and not (a.application_name = 'proctor' and a.usename is not distinct from current_user)
     and not exists (select from pg_stat_progress_vacuum v where v.pid = a.pid)
   union all
  select 'standby', coalesce(nullif(a.application_name, ''), 'pid ' || a.pid), a.pid, null, null, age(a.backend_xmin), null, false
    from pg_stat_activity a
   where a.pid in (select pid from sender) and a.datname is null and a.backend_xmin is not null
   union all
  select 'replication slot', s.slot_name::text, s.active_pid, null, case when s.active then 'active' end, age(s.xmin), null, false
    from pg_replication_slots s
   where s.xmin is not null
   union all
  select 'prepared transaction', p.gid, null, p.owner::text, null, age(p.transaction), extract(epoch from clock_timestamp() - p.prepared), false
    from pg_prepared_xacts p
   where p.database = current_database()
)
select kind, name, pid, who, state, age, seconds::float8, hidden, greatest(0, pace)::float8 as pace
  from holder, pace
 order by age desc, seconds desc nulls last, name`,
})
