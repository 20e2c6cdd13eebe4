import { z } from 'zod'
import { bytes, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

interface Since {
  conflicting: string
  inactive: string
  invalidation: string
  failover: string
  synced: string
}

const statement = ({ conflicting, inactive, invalidation, failover, synced }: Since) => /* sql */ `
select /* proctor:replication-slots */ s.slot_name::text, s.slot_type, s.plugin::text, s.database::text, s.temporary, s.active, s.active_pid,
       s.restart_lsn::text, s.confirmed_flush_lsn::text,
       case when here.lsn is not null and s.restart_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, s.restart_lsn)) end::int8 as retained_bytes,
       case when here.lsn is not null and s.confirmed_flush_lsn is not null then greatest(0, pg_wal_lsn_diff(here.lsn, s.confirmed_flush_lsn)) end::int8 as unconfirmed_bytes,
       s.wal_status, s.safe_wal_size as safe_bytes, age(s.xmin) as xmin_age, age(s.catalog_xmin) as catalog_xmin_age,
       ${conflicting} as conflicting, ${inactive} as inactive_since,
       extract(epoch from clock_timestamp() - ${inactive})::float8 as inactive_seconds,
       ${invalidation} as invalidation_reason, ${failover} as failover, ${synced} as synced
  from pg_replication_slots s,
       (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn) here
 order by s.slot_name`

/**
 * Replication slots and the WAL that each keeps (manual, 52.19). Every role may read them. wal_status: reserved (within max_wal_size),
 * extended (beyond it), unreserved (beyond max_slot_wal_keep_size: lost at the next checkpoint), lost.
 */
export const replicationSlots = defineRead({
  name: 'replication-slots',
  about: 'Replication slots: their reader, the WAL that each keeps, and what of their limit is left',
  params: z.object({}),
  row: z.object({
    slot_name: z.string(),
    slot_type: z.enum(['physical', 'logical']),
    plugin: z.string().nullable(),
    database: z.string().nullable(),
    temporary: z.boolean(),
    active: z.boolean(),
    active_pid: z.number().nullable(),
    /** Null: it keeps no WAL, as it was never used, or has lost what it kept. */
    restart_lsn: z.string().nullable(),
    confirmed_flush_lsn: z.string().nullable(),
    retained_bytes: bytes.nullable(),
    unconfirmed_bytes: bytes.nullable(),
    wal_status: z.string().nullable(),
    /** WAL that may be written until it is lost; null without a limit. */
    safe_bytes: bytes.nullable(),
    xmin_age: z.number().nullable(),
    catalog_xmin_age: z.number().nullable(),
    /** From 16 on. */
    conflicting: z.boolean().nullable(),
    /** From 17 on: since when it has no reader. */
    inactive_since: timestamp.nullable(),
    inactive_seconds: z.number().nullable(),
    invalidation_reason: z.string().nullable(),
    failover: z.boolean().nullable(),
    /** Kept in step with the primary's by a standby, which has no reader by design. */
    synced: z.boolean().nullable(),
  }),
  sql: {
    14: statement({
      conflicting: 'null::bool',
      inactive: 'null::timestamptz',
      invalidation: 'null::text',
      failover: 'null::bool',
      synced: 'null::bool',
    }),
    16: statement({
      conflicting: 's.conflicting',
      inactive: 'null::timestamptz',
      invalidation: 'null::text',
      failover: 'null::bool',
      synced: 'null::bool',
    }),
    17: statement({
      conflicting: 's.conflicting',
      inactive: 's.inactive_since',
      invalidation: 's.invalidation_reason',
      failover: 's.failover',
      synced: 's.synced',
    }),
  },
})
