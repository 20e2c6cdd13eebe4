import { z } from 'zod'
import { float, serverText, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { serverFacts } from '../../server/facts'
import { encodingOf, foreignText } from '../../server/foreign-text'
import { grantRole } from '../../server/grants'
import { failed, ok, type Result } from '../../server/problem'
import { isOthersRun } from '../../server/run-marker'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'

const blocked = z.object({
  pid: z.number(),
  usename: z.string().nullable(),
  application_name: serverText.nullable(),
  query: statementText.nullable(),
  /** For how long it has waited, in seconds. */
  seconds: float.nullable(),
  /** 1: waits for the backend itself. 2: waits for one that does, and so on. */
  depth: z.number(),
  /** Whom else it waits for; 0 is a prepared transaction. */
  others: z.array(z.number()),
})

const row = z.object({
  pid: z.number(),
  /** In UTC with microseconds; null where this role may not see it. */
  backend_start: z.string().nullable(),
  backend_micros: z.coerce.number().nullable(),
  query_start: z.string().nullable(),
  usename: z.string().nullable(),
  datname: z.string().nullable(),
  application_name: serverText.nullable(),
  client_addr: z.string().nullable(),
  backend_type: z.string().nullable(),
  state: z.string().nullable(),
  query: statementText.nullable(),
  wait: z.string().nullable(),
  xact_seconds: float.nullable(),
  state_seconds: float.nullable(),
  /** It has a transaction that wrote. */
  wrote: z.boolean(),
  own: z.boolean(),
  superuser: z.boolean(),
  leader_pid: z.number().nullable(),
  wraparound: z.boolean(),
  may_signal: z.boolean(),
  blocked: z.array(blocked),
})

export interface BackendFacts extends z.output<typeof row> {
  backend_start: string
  backend_micros: number
  /** It executes a run of another Proctor console: then it is not `own`. */
  othersRun: boolean
}

/**
 * Who may signal whom: manual, 9.28.2. Autovacuum workers have no role: superusers alone, from 18 on also
 * pg_signal_autovacuum_worker. pg_blocking_pids is asked of waiting sessions only, as it locks the lock tables.
 */
const statement = (signalsAutovacuum: string) => /* sql */ `
with /* proctor:command-backend */ recursive me as (
  select coalesce((select rolsuper from pg_roles where rolname = current_user), false) as is_superuser
), waiting as materialized (
  select pid, pg_blocking_pids(pid) as by from (select distinct pid from pg_locks where not granted and pid is not null) w
), tree (pid, depth) as (
  select w.pid, 1 from waiting w where $1 = any (w.by)
  union
  select w.pid, tree.depth + 1 from tree join waiting w on tree.pid = any (w.by) where tree.depth < 20 and w.pid <> $1
), held as (
  select w.pid, min(tree.depth) as depth, array_remove(w.by, $1::int) as others
    from tree join waiting w on w.pid = tree.pid group by w.pid, w.by
)
select a.pid, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start,
       (extract(epoch from a.backend_start) * 1000000)::int8 as backend_micros,
       to_char(a.query_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as query_start,
       a.usename, a.datname, a.application_name, host(a.client_addr) as client_addr, a.backend_type, a.state, ${foreignText('a.query', encodingOf('a.datid'), 500)} as query,
       a.wait_event_type || ': ' || a.wait_event as wait,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as xact_seconds,
       extract(epoch from clock_timestamp() - case when a.state = 'active' then a.query_start else a.state_change end)::float8 as state_seconds,
       a.backend_xid is not null as wrote,
       a.pid = pg_backend_pid() or (a.usename = current_user and a.application_name ~ '^proctor( |$)') as own,
       coalesce(r.rolsuper, false) as superuser, a.leader_pid,
       a.backend_type = 'autovacuum worker' and a.query like '%(to prevent wraparound)' as wraparound,
       me.is_superuser or case when a.usesysid is null then a.backend_type = 'autovacuum worker' and ${signalsAutovacuum}
         else not coalesce(r.rolsuper, false) and (pg_has_role(a.usesysid, 'USAGE') or pg_has_role('pg_signal_backend', 'USAGE')) end as may_signal,
       coalesce((select json_agg(json_build_object('pid', held.pid, 'usename', b.usename, 'application_name', b.application_name,
                                                   'query', ${foreignText('b.query', encodingOf('b.datid'), 200)}, 'depth', held.depth, 'others', held.others,
                                                   'seconds', extract(epoch from clock_timestamp() - b.state_change)) order by held.depth, held.pid)
                   from held left join pg_stat_activity b on b.pid = held.pid), '[]') as blocked
  from pg_stat_activity a
  cross join me
  left join pg_roles r on r.oid = a.usesysid
 where a.pid = $1`

const commandBackend = defineRead({
  name: 'command-backend',
  about: 'One backend: what it does, since when, and whom it blocks',
  needs: 'pg_read_all_stats',
  params: z.object({ pid: z.int() }),
  row,
  keep: 0,
  sql: { 14: statement('false'), 18: statement(`pg_has_role('pg_signal_autovacuum_worker', 'USAGE')`) },
})

export const backendInput = {
  pid: z.int().positive().max(2_147_483_647),
  /** pg_stat_activity.backend_start in UTC with microseconds, as pages have it: a later session may have the same pid. */
  backendStart: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
}

/**
 * A backend by pid and start. It is no relation: in its identity the role stands for the schema, relfilenode is
 * backend_start in microseconds since 1970, which tells it from a later one of that pid.
 * Errors: conflict when it is gone; insufficient_privilege when this role may not see its start.
 */
export async function loadBackend(target: Target, pid: number, backendStart: string): Promise<Result<Found<BackendFacts>>> {
  const rows = await runRead(target, commandBackend, { pid })
  if (!rows.ok) return rows
  const [found] = rows.value
  if (!found) return failed('conflict', `The session of pid ${pid} has ended`)
  const { backend_start, backend_micros, usename, backend_type } = found
  if (backend_start === null || backend_micros === null) {
    if (found.backend_type !== null) return failed('conflict', `The session of pid ${pid} has ended`)
    const facts = await serverFacts(target)
    const fix = facts.ok ? { fix: grantRole('pg_read_all_stats', facts.value).join('; ') } : {}
    return failed('insufficient_privilege', `This role may not see when pid ${pid} started`, fix)
  }
  if (backend_start !== backendStart) return failed('conflict', `The session has ended; pid ${pid} is another one, of ${backend_start}`)
  const object = {
    oid: pid,
    schemaname: usename ?? backend_type ?? 'unknown',
    relname: `pid ${pid}`,
    relfilenode: backend_micros,
    relid: pid,
  }
  const othersRun = isOthersRun(found.application_name, target.consoleId)
  return ok({ object, facts: { ...found, own: found.own && !othersRun, othersRun, backend_start, backend_micros } })
}

/** What is there now of one backend: whether it is still the one that it was, and at the same statement. */
export const backendState = defineRead({
  name: 'backend-state',
  about: 'Whether a backend is still there, and since when it runs what it runs',
  params: z.object({ pid: z.int() }),
  row: z.object({ backend_micros: z.coerce.number().nullable(), state: z.string().nullable(), query_at: z.coerce.number().nullable() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:backend-state */ (extract(epoch from backend_start) * 1000000)::int8 as backend_micros, state, extract(epoch from query_start) * 1000 as query_at
  from pg_stat_activity where pid = $1`,
})
