import { z } from 'zod'
import { serverText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Of a standby: the process that gets WAL from its primary (manual, 27.2.6); no row while there is none. Without pg_read_all_stats only the pid. */
export const walReceiver = defineRead({
  name: 'wal-receiver',
  about: 'The WAL receiver of a standby, and the server that it is connected to',
  params: z.object({}),
  needs: 'pg_read_all_stats',
  row: z.object({
    pid: z.number(),
    status: z.string().nullable(),
    sender_host: serverText.nullable(),
    sender_port: z.number().nullable(),
    slot_name: z.string().nullable(),
    received_tli: z.number().nullable(),
    flushed_lsn: z.string().nullable(),
    latest_end_lsn: z.string().nullable(),
    last_msg_receipt_time: timestamp.nullable(),
    /** Seconds since the primary said anything; it does every wal_receiver_status_interval. */
    silent_seconds: z.number().nullable(),
  }),
  sql: /* sql */ `
select /* proctor:wal-receiver */ pid, status, sender_host, sender_port, slot_name, received_tli, flushed_lsn::text, latest_end_lsn::text,
       last_msg_receipt_time, extract(epoch from clock_timestamp() - last_msg_receipt_time)::float8 as silent_seconds
  from pg_stat_wal_receiver where pid is not null`,
})
