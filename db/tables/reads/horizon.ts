import { z } from 'zod'
import { serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

const row = z.object({
  max_connections: z.number(),
  superuser_reserved_connections: z.number(),
  /** From 16 on; 0 before. */
  reserved_connections: z.number(),
  max_prepared_transactions: z.number(),
  /** Whether the role sees the sessions of others. */
  sees_all: z.boolean(),
  role: z.string(),
  prepared: z.array(
    z.object({
      gid: serverText,
      owner: z.string(),
      database: z.string(),
      /** ISO 8601, and its age in seconds by the server's clock. */
      prepared: z.string(),
      seconds: z.number(),
      /** In transactions. */
      age: z.number(),
    }),
  ),
  slots: z.array(
    z.object({
      slot_name: z.string(),
      slot_type: z.string(),
      database: z.string().nullable(),
      active_pid: z.number().nullable(),
      /** In transactions; null where it holds none. */
      xmin_age: z.number().nullable(),
      catalog_xmin_age: z.number().nullable(),
      /** Seconds since it has had no reader; from 17 on. */
      inactive_seconds: z.number().nullable(),
    }),
  ),
})

export type Horizon = z.output<typeof row>

const statement = (inactive: string) => /* sql */ `
select /* proctor:horizon */ current_setting('max_connections')::int as max_connections,
       current_setting('superuser_reserved_connections')::int as superuser_reserved_connections,
       coalesce(current_setting('reserved_connections', true)::int, 0) as reserved_connections,
       current_setting('max_prepared_transactions')::int as max_prepared_transactions,
       ${seesAs("'pg_read_all_stats'")} as sees_all, current_user::text as role,
       (select coalesce(json_agg(json_build_object('gid', gid, 'owner', owner, 'database', database, 'age', age(transaction),
                          'prepared', to_char(prepared at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          'seconds', extract(epoch from clock_timestamp() - prepared)) order by prepared), '[]')
          from pg_prepared_xacts) as prepared,
       (select coalesce(json_agg(json_build_object('slot_name', slot_name, 'slot_type', slot_type, 'database', database,
                          'active_pid', active_pid, 'xmin_age', age(xmin), 'catalog_xmin_age', age(catalog_xmin),
                          'inactive_seconds', ${inactive}) order by slot_name), '[]')
          from pg_replication_slots where xmin is not null or catalog_xmin is not null) as slots`

/**
 * What beside sessions keeps VACUUM from removing dead rows (manual, 24.1.5 and 26.2.6): prepared transactions and
 * replication slots; and how many connections there can be.
 */
export const horizon = defineRead({
  name: 'horizon',
  about: 'Prepared transactions, slots that hold the xmin horizon, and the limits of connections',
  params: z.object({}),
  row,
  keep: 1_500,
  sql: {
    14: statement('null'),
    17: statement('extract(epoch from clock_timestamp() - inactive_since)'),
  },
})
