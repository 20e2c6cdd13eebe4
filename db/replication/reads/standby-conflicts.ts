import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (slots: string) => /* sql */ `
select /* proctor:standby-conflicts */ c.datname::text, c.confl_tablespace, c.confl_lock, c.confl_snapshot, c.confl_bufferpin, c.confl_deadlock,
       ${slots} as confl_active_logicalslot, d.stats_reset
  from pg_stat_database_conflicts c join pg_stat_database d on d.datid = c.datid
 where pg_is_in_recovery() and c.datname is not null
 order by c.datname`

/** Queries of a standby that were cancelled because recovery needed what they held (manual, 27.2.18); a primary has none. */
export const standbyConflicts = defineRead({
  name: 'standby-conflicts',
  about: 'Queries of a standby that recovery cancelled, by database and cause',
  params: z.object({}),
  row: z.object({
    datname: z.string(),
    confl_tablespace: counter,
    confl_lock: counter,
    confl_snapshot: counter,
    confl_bufferpin: counter,
    confl_deadlock: counter,
    /** From 16 on: uses of logical slots, not queries. */
    confl_active_logicalslot: counter.nullable(),
    /** Since when they count; null: since the statistics were made. */
    stats_reset: timestamp.nullable(),
  }),
  sql: { 14: statement('null::int8'), 16: statement('c.confl_active_logicalslot') },
})
