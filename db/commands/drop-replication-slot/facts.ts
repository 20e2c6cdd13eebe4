import { z } from 'zod'
import { bytes, serverText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Found, slotName } from '../define-command'

const consumer = z.object({ pid: z.number(), application_name: serverText.nullable(), client: z.string().nullable() })

const row = z.object({
  slot_name: z.string(),
  slot_type: z.enum(['physical', 'logical']),
  plugin: z.string().nullable(),
  /** Of a logical one. */
  database: z.string().nullable(),
  temporary: z.boolean(),
  active_pid: z.number().nullable(),
  wal_status: z.string().nullable(),
  /** From 17 on. */
  inactive_since: timestamp.nullable(),
  invalidation_reason: z.string().nullable(),
  /** True: it came from the primary, which alone may drop it. */
  synced: z.boolean(),
  failover: z.boolean(),
  /** What tells this slot from one that is made under its name later: its kind and where it stands. */
  mark: z.string(),
  /** Bytes from where it stands to the end of WAL; null where it keeps none. */
  retained: bytes.nullable(),
  /** Bytes of those that nothing else keeps: no other slot, wal_keep_size, nor the WAL that recovery needs from the next checkpoint on. */
  freed: bytes.nullable(),
  /** The slot that keeps most of the same WAL. */
  also: z.string().nullable(),
  /** Age of the oldest transaction whose dead rows it keeps, in transactions. */
  xmin_age: z.number().nullable(),
  /** Who is connected for it, or under its name. */
  consumers: z.array(consumer),
  may_drop: z.boolean(),
  may_checkpoint: z.boolean(),
  /** WAL files that wait for the archiver since its last failure; null where archiving works or is off. */
  archive_fails: z.boolean(),
})

export type SlotFacts = z.output<typeof row> & {
  /** Size of pg_wal in bytes; null where this role may not list it. */
  walBytes: number | null
}

/**
 * One slot. WAL goes from the oldest that any slot, wal_keep_size or the last checkpoint asks for (manual, 28.5 and 19.6.1); a slot that
 * was invalidated asks for none. Its walsender is known by active_pid; a subscription connects under its name, which is the slot's, too.
 */
const statement = (own: string, keeps: string, mayCheckpoint: string) => /* sql */ `
with /* proctor:command-slot */ here as (
  select case when pg_is_in_recovery() then greatest(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn()) else pg_current_wal_lsn() end as lsn
), other as (
  select s.slot_name, s.restart_lsn from pg_replication_slots s where s.slot_name <> $1::name and s.restart_lsn is not null and ${keeps}
   order by s.restart_lsn limit 1
)
select s.slot_name, s.slot_type, s.plugin, s.database, s.temporary, s.active_pid, s.wal_status, ${own},
       concat_ws('|', s.slot_type, s.plugin, s.datoid, s.restart_lsn, s.confirmed_flush_lsn) as mark,
       pg_wal_lsn_diff(here.lsn, s.restart_lsn)::int8 as retained,
       greatest(0, pg_wal_lsn_diff(least(here.lsn, (select restart_lsn from other)), s.restart_lsn)
                 - case when (select restart_lsn from other) is null
                        then (select setting::int8 * 1048576 from pg_settings where name = 'wal_keep_size') else 0 end)::int8 as freed,
       (select slot_name from other where restart_lsn <= s.restart_lsn) as also,
       greatest(age(s.xmin), age(s.catalog_xmin)) as xmin_age,
       coalesce((select json_agg(json_build_object('pid', a.pid, 'application_name', a.application_name, 'client', host(a.client_addr)) order by a.pid)
                   from pg_stat_activity a
                  where a.pid = s.active_pid
                     or (a.application_name = s.slot_name and a.pid in (select pid from pg_stat_get_wal_senders()))), '[]') as consumers,
       coalesce((select rolsuper or rolreplication from pg_roles where rolname = current_user), false) as may_drop,
       coalesce((select rolsuper from pg_roles where rolname = current_user), false)${mayCheckpoint} as may_checkpoint,
       coalesce((select last_failed_time > coalesce(last_archived_time, '-infinity') from pg_stat_archiver), false) as archive_fails
  from pg_replication_slots s, here
 where s.slot_name = $1::name`

const BEFORE_17 = 'null::timestamptz as inactive_since, null as invalidation_reason, false as synced, false as failover'
const LOST = `s.wal_status is distinct from 'lost'`

const commandSlot = defineRead({
  name: 'command-slot',
  about: 'One replication slot: whose it is, whether it is in use, and how much WAL goes with it',
  params: z.object({ slot: slotName }),
  row,
  keep: 0,
  sql: {
    14: statement(BEFORE_17, LOST, ''),
    15: statement(BEFORE_17, LOST, ` or pg_has_role('pg_checkpoint', 'USAGE')`),
    17: statement(
      's.inactive_since, s.invalidation_reason, s.synced, s.failover',
      's.invalidation_reason is null',
      ` or pg_has_role('pg_checkpoint', 'USAGE')`,
    ),
  },
})

const walDirectory = defineRead({
  name: 'wal-directory',
  about: 'Bytes of the files in pg_wal',
  needs: 'pg_monitor',
  calls: ['pg_ls_waldir()'],
  params: z.object({}),
  row: z.object({ bytes: bytes.nullable() }),
  keep: 0,
  sql: /* sql */ `select /* proctor:wal-directory */ sum(size)::int8 as bytes from pg_ls_waldir()`,
})

/** Bytes of pg_wal; null where this role may not list it. Errors: as the read. */
export async function walSize(target: Target): Promise<Result<number | null>> {
  const rows = await runRead(target, walDirectory, {})
  if (rows.ok) return ok(rows.value[0]?.bytes ?? null)
  return rows.problem.kind === 'insufficient_privilege' ? ok(null) : rows
}

const readSlot = (target: Target, slot: string) => runRead(target, commandSlot, { slot })

/** Whether a slot has this name. Errors: as the read. */
export async function slotThere(target: Target, slot: string): Promise<Result<boolean>> {
  const rows = await readSlot(target, slot)
  return rows.ok ? ok(rows.value.length > 0) : rows
}

/** A slot by name. It is no relation: its mark stands for the definition. Errors: conflict when there is none (any more). */
export async function loadSlot(target: Target, slot: string): Promise<Result<Found<SlotFacts>>> {
  const rows = await readSlot(target, slot)
  if (!rows.ok) return rows
  const [found] = rows.value
  if (!found) return failed('conflict', `There is no replication slot ${slot} any more`)
  const size = await walSize(target)
  if (!size.ok) return size
  return ok({
    object: { oid: 0, schemaname: 'slot', relname: slot, relfilenode: 0, relid: 0, definition: found.mark },
    facts: { ...found, walBytes: size.value },
    ...(size.value === null ? {} : { noted: { wal: size.value } }),
  })
}
