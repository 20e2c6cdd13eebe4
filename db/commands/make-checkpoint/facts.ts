import { z } from 'zod'
import { bytes, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** CHECKPOINT is for superusers, from 15 on also for pg_checkpoint (manual, CHECKPOINT). */
const statement = (mayCheckpoint: string) => /* sql */ `
select /* proctor:last-checkpoint */ c.checkpoint_time, pg_wal_lsn_diff(c.checkpoint_lsn, '0/0')::int8 as checkpoint_at,
       greatest(0, pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, c.redo_lsn))::int8 as wal_since,
       (select setting::int8 from pg_settings where name = 'wal_segment_size') as segment,
       coalesce((select rolsuper from pg_roles where rolname = current_user), false)${mayCheckpoint} as may_checkpoint
  from pg_control_checkpoint() c`

/** The checkpoint that a crash would be recovered from, as the control file has it; on a standby the restartpoint. */
export const lastCheckpoint = defineRead({
  name: 'last-checkpoint',
  about: 'The last checkpoint, how much WAL was written since, and whether this role may make one',
  calls: ['pg_control_checkpoint()'],
  params: z.object({}),
  row: z.object({
    checkpoint_time: timestamp,
    /** The place of its record, in bytes since the beginning of WAL. */
    checkpoint_at: bytes,
    /** Bytes from where recovery would begin. */
    wal_since: bytes.nullable(),
    /** Bytes of a WAL file. */
    segment: bytes,
    may_checkpoint: z.boolean(),
  }),
  keep: 0,
  sql: { 14: statement(''), 15: statement(` or pg_has_role('pg_checkpoint', 'USAGE')`) },
})
