import { z } from 'zod'
import { counter, float, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (columns: string, view: string) => /* sql */ `
select /* proctor:checkpoints */ ${columns}, c.stats_reset, extract(epoch from clock_timestamp() - c.stats_reset)::float8 as seconds
  from ${view} c`

/** Checkpoints since the statistics count (manual, 27.2.13); 17 gave them a view of their own. Requested ones are by WAL, by CHECKPOINT, and by backups. */
export const checkpoints = defineRead({
  name: 'checkpoints',
  about: 'Checkpoints by time and by request since the statistics count',
  params: z.object({}),
  row: z.object({
    timed: counter,
    requested: counter,
    /** ms. */
    write_time: float,
    sync_time: float,
    buffers_written: counter,
    stats_reset: timestamp.nullable(),
    seconds: z.number().nullable(),
  }),
  sql: {
    14: statement(
      `c.checkpoints_timed as timed, c.checkpoints_req as requested, c.checkpoint_write_time as write_time,
       c.checkpoint_sync_time as sync_time, c.buffers_checkpoint as buffers_written`,
      'pg_stat_bgwriter',
    ),
    17: statement(
      `c.num_timed as timed, c.num_requested as requested, c.write_time, c.sync_time, c.buffers_written`,
      'pg_stat_checkpointer',
    ),
  },
})
