import { z } from 'zod'
import { counter, float, oid, serverText, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { encodingOf, foreignText } from '../../server/foreign-text'

/** Text of a statement that is kept as an example. */
const EXAMPLE_LENGTH = 20_000
const EXAMPLES = 20
/** What holds a snapshot for less is nobody's trouble, in seconds. */
const HELD_SECONDS = 60

/**
 * What the sessions do at this moment (manual, 27.2.3), put together on the server. Proctor's own are left out.
 * - waits: active client backends and parallel workers by what they wait for; no event: on CPU.
 * - examples: statements with their query_id, the longest running first; a text has values in it only where the client put
 *   them there.
 * - holders: for each kind the one that holds the oldest xmin (manual, 24.1.5), where it has held it for a minute.
 */
export const activitySample = defineRead({
  name: 'activity-sample',
  about: 'Sessions by state, what active ones wait for, and who holds the oldest xmin',
  needs: 'pg_monitor',
  /** The console that asks: its own sessions are left out, and not the runs of another one. */
  params: z.object({ console: z.string().nullable().default(null) }),
  row: z.object({
    total: z.number(),
    active: z.number(),
    idle: z.number(),
    idle_in_transaction: z.number(),
    idle_aborted: z.number(),
    /** Fastpath, disabled, or not to be seen by this role. */
    other: z.number(),
    waiting_for_lock: z.number(),
    max_connections: z.number(),
    /** Seconds since the oldest transaction began. */
    oldest_transaction: float.nullable(),
    oldest_xmin_age: counter.nullable(),
    waits: z.array(
      z.object({
        type: z.string(),
        event: z.string(),
        query_id: z.string().nullable(),
        datid: oid.nullable(),
        sessions: z.number(),
      }),
    ),
    examples: z.array(
      z.object({
        query_id: z.string(),
        datid: oid,
        query: statementText,
        /** ms. */
        running: z.number(),
        application_name: serverText,
        rolname: z.string(),
      }),
    ),
    holders: z.array(
      z.object({
        kind: z.enum(['backend', 'replication slot', 'prepared transaction', 'standby']),
        identity: serverText,
        detail: z.record(z.string(), z.union([statementText, z.number(), z.null()])),
        since: z.string().nullable(),
        age: z.number(),
      }),
    ),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:activity-sample */ sessions as materialized (
  select a.*, greatest(age(a.backend_xmin), age(a.backend_xid)) as held
    from pg_stat_activity a
   where a.pid <> pg_backend_pid() and not (coalesce(a.application_name, '') ^@ 'proctor'
         and coalesce(substring(a.application_name from '^proctor run [0-9]+ of ([0-9a-f]{12})$') = $1, true))
), clients as materialized (
  select * from sessions where backend_type = 'client backend'
), active as materialized (
  select coalesce(wait_event_type, '') as type, coalesce(wait_event, '') as event, query_id, datid
    from sessions
   where state = 'active' and backend_type in ('client backend', 'parallel worker')
), holders as (
  (select 'backend' as kind, pid || ' ' || to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as identity,
          json_build_object('pid', pid, 'usename', usename, 'datname', datname, 'application_name', application_name,
                            'state', state, 'query', ${foreignText('query', encodingOf('datid'), 500)}) as detail,
          xact_start as since, held as age
     from sessions
    where held is not null and backend_type <> 'walsender' and xact_start < clock_timestamp() - interval '${HELD_SECONDS} seconds'
    order by held desc limit 1)
  union all
  (select 'standby', coalesce(nullif(application_name, ''), 'walsender') || coalesce(' ' || host(client_addr), ''),
          json_build_object('pid', pid, 'usename', usename, 'application_name', application_name, 'client_addr', host(client_addr)),
          null, age(backend_xmin)
     from sessions where backend_type = 'walsender' and backend_xmin is not null order by age(backend_xmin) desc limit 1)
  union all
  (select 'replication slot', slot_name::text,
          json_build_object('slot_type', slot_type, 'plugin', plugin, 'database', database, 'active_pid', active_pid),
          null, greatest(age(xmin), age(catalog_xmin))
     from pg_replication_slots where xmin is not null or catalog_xmin is not null
    order by greatest(age(xmin), age(catalog_xmin)) desc limit 1)
  union all
  (select 'prepared transaction', gid, json_build_object('owner', owner, 'database', database), prepared, age(transaction)
     from pg_prepared_xacts where prepared < clock_timestamp() - interval '${HELD_SECONDS} seconds'
    order by age(transaction) desc limit 1)
), examples as (
  select query_id::text as query_id, datid::int8 as datid, ${foreignText('query', encodingOf('datid'), EXAMPLE_LENGTH)} as query,
         extract(epoch from clock_timestamp() - query_start)::float8 * 1000 as running, coalesce(application_name, '') as application_name,
         coalesce(usename::text, '') as rolname
    from clients
   where state = 'active' and query_id is not null and datid is not null and query <> '' and query_start is not null
   order by query_start limit ${EXAMPLES}
)
select count(*)::int as total, count(*) filter (where state = 'active')::int as active,
       count(*) filter (where state = 'idle')::int as idle,
       count(*) filter (where state = 'idle in transaction')::int as idle_in_transaction,
       count(*) filter (where state = 'idle in transaction (aborted)')::int as idle_aborted,
       count(*) filter (where state is null or state in ('fastpath function call', 'disabled'))::int as other,
       count(*) filter (where wait_event_type = 'Lock')::int as waiting_for_lock,
       current_setting('max_connections')::int as max_connections,
       greatest(extract(epoch from clock_timestamp() - min(xact_start)), 0)::float8 as oldest_transaction,
       (select max(held)::int8 from sessions) as oldest_xmin_age,
       (select coalesce(json_agg(w), '[]') from (
          select type, event, query_id::text as query_id, datid::int8 as datid, count(*)::int as sessions from active group by type, event, active.query_id, datid) w) as waits,
       (select coalesce(json_agg(e), '[]') from examples e) as examples,
       (select coalesce(json_agg(h), '[]') from holders h) as holders
  from clients`,
})
