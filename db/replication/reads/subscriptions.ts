import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (errors: string, join: string) => /* sql */ `
select /* proctor:subscriptions */ s.subname::text, d.datname::text, s.subenabled as enabled, a.pid, a.received_lsn::text, a.latest_end_lsn::text,
       a.last_msg_receipt_time, extract(epoch from clock_timestamp() - a.last_msg_receipt_time)::float8 as silent_seconds, ${errors}
  from pg_subscription s join pg_database d on d.oid = s.subdbid
       left join pg_stat_subscription a on a.subid = s.oid and a.relid is null${join}
 order by 2, 1`

/** Logical subscriptions of this server, with the worker of each (manual, 27.2.8 and 27.2.9). Every role may read them, but for where they connect to. */
export const subscriptions = defineRead({
  name: 'subscriptions',
  about: 'Logical subscriptions of this server, their worker and errors',
  params: z.object({}),
  row: z.object({
    subname: z.string(),
    datname: z.string(),
    enabled: z.boolean(),
    /** Null: no worker runs. */
    pid: z.number().nullable(),
    received_lsn: z.string().nullable(),
    latest_end_lsn: z.string().nullable(),
    last_msg_receipt_time: timestamp.nullable(),
    silent_seconds: z.number().nullable(),
    /** From 15 on. */
    apply_error_count: counter.nullable(),
    sync_error_count: counter.nullable(),
  }),
  sql: {
    14: statement('null::int8 as apply_error_count, null::int8 as sync_error_count', ''),
    15: statement('e.apply_error_count, e.sync_error_count', '\n       left join pg_stat_subscription_stats e on e.subid = s.oid'),
    // A leader's row is the one of its subscription; parallel workers have one as well.
    16: statement(
      'e.apply_error_count, e.sync_error_count',
      ' and a.leader_pid is null\n       left join pg_stat_subscription_stats e on e.subid = s.oid',
    ),
  },
})
