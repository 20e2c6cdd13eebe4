import { z } from 'zod'
import { float, oid, serverText, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { encodingOf, foreignText } from '../../server/foreign-text'

/** pg_blocking_pids is asked for so many waiting sessions, those that have waited longest: each call locks the lock manager. */
const MOST_WAITING = 200
/** Of a statement's text; the drawer asks for all of it. */
const TEXT = 300
/** More than track_activity_query_size can be. */
const WHOLE_TEXT = 1_048_576

/** A lock that a session waits for, or holds (manual, 53.13). Names are null for a relation of another database, and for what is no relation. */
const awaited = z.object({
  locktype: z.string(),
  mode: z.string(),
  datname: z.string().nullable(),
  schemaname: z.string().nullable(),
  relname: z.string().nullable(),
  relation: oid.nullable(),
  /** A row is waited for by its transaction; the table then is that of the row. */
  row: z.boolean(),
  transactionid: z.string().nullable(),
  virtualxid: z.string().nullable(),
})

const blocker = z.object({
  /** 0: a prepared transaction. */
  pid: z.number(),
  /** Of a prepared transaction, where it could be found. */
  gid: serverText.nullable(),
  /** The strongest lock on the same object that it holds, or that it waits for ahead in the queue; null where neither was seen. */
  mode: z.string().nullable(),
  granted: z.boolean(),
})

/** Null wherever the role may not see it: everything but pid, usename, datname and application_name of other roles' sessions. */
const row = z.object({
  pid: z.number(),
  leader_pid: z.number().nullable(),
  /** In UTC with microseconds, as the commands that end it have it. */
  backend_start: z.string().nullable(),
  backend_type: z.string().nullable(),
  datname: z.string().nullable(),
  usename: z.string().nullable(),
  application_name: serverText.nullable(),
  client_addr: z.string().nullable(),
  state: z.string().nullable(),
  wait_event_type: z.string().nullable(),
  wait_event: z.string().nullable(),
  /** Ages in seconds, by the server's clock. */
  xact_seconds: float.nullable(),
  query_seconds: float.nullable(),
  state_seconds: float.nullable(),
  wait_seconds: float.nullable(),
  /** In transactions. */
  xmin_age: z.number().nullable(),
  xid_age: z.number().nullable(),
  query_id: z.string().nullable(),
  query: statementText.nullable(),
  /** Proctor's own: looking, or at a run. */
  own: z.boolean(),
  /** Another role's, and this one may not see it. */
  hidden: z.boolean(),
  awaits: awaited.nullable(),
  /** Null: waits for no lock, or is not among those that were asked for. */
  blocked_by: z.array(blocker).nullable(),
})

export type SessionRow = z.output<typeof row>
export type AwaitedLock = z.output<typeof awaited>

/**
 * Every session of the server (manual, 27.2.3) but the one that asks, with whom it waits for and which lock. Only where somebody
 * waits for a lock are the lock tables looked at. Names of relations come from the catalog of the connected database alone,
 * which takes no lock on them.
 */
export const sessions = defineRead({
  name: 'sessions',
  about: 'Sessions with what they do, since when, and for whose lock they wait',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row,
  // The page asks every 2 s; tabs that ask in between share the answer.
  keep: 1_500,
  sql: /* sql */ `
with /* proctor:sessions */ seen as materialized (
  select a.*, clock_timestamp() as now from pg_stat_activity a
   where a.pid <> pg_backend_pid() and (a.datid is not null or a.backend_type = 'walsender')
), waiting as materialized (
  select pid, pg_blocking_pids(pid) as by
    from (select pid from seen where wait_event_type = 'Lock' order by state_change limit ${MOST_WAITING}) w
), strength (mode, rank) as (
  values ('AccessShareLock', 1), ('RowShareLock', 2), ('RowExclusiveLock', 3), ('ShareUpdateExclusiveLock', 4),
         ('ShareLock', 5), ('ShareRowExclusiveLock', 6), ('ExclusiveLock', 7), ('AccessExclusiveLock', 8)
), locks as materialized (
  select l.*, (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid)::text as object
    from pg_locks l where l.mode <> 'SIReadLock' and exists (select from waiting)
), wanted as materialized (
  select distinct on (l.pid) l.* from locks l join waiting using (pid) where not l.granted order by l.pid
), prepared as materialized (
  select x.virtualtransaction, p.gid
    from pg_prepared_xacts p
    join locks x on x.pid is null and x.locktype = 'transactionid' and x.transactionid = p.transaction
   where exists (select from waiting where 0 = any (by))
), held as materialized (
  -- the strongest that each blocker has of what is wanted; a parallel worker counts as its leader, as in pg_blocking_pids
  select distinct on (1, 2) wanted.pid, coalesce(worker.leader_pid, l.pid, 0) as blocker, l.mode, l.granted, prepared.gid
    from wanted
    join locks l on l.object = wanted.object
    left join strength s on s.mode = l.mode
    left join prepared on l.pid is null and prepared.virtualtransaction = l.virtualtransaction
    left join seen worker on worker.pid = l.pid
   where l.pid is not null or prepared.gid is not null
   order by 1, 2, l.granted desc, s.rank desc
), pair as materialized (
  select w.pid, w.blocker, held.gid, held.mode, coalesce(held.granted, true) as granted
    from (select distinct pid, unnest(by) as blocker from waiting) w
    left join held on held.pid = w.pid and held.blocker = w.blocker
), row_lock as materialized (
  -- whoever waits for the end of a transaction to change a row has locked the row's place meanwhile
  select distinct on (pid) pid, relation, database from locks where locktype = 'tuple' and granted and pid is not null order by pid
), wait as (
  select w.pid, w.waitstart,
         json_build_object('locktype', w.locktype, 'mode', w.mode, 'datname', d.datname, 'schemaname', n.nspname, 'relname', c.relname,
           'relation', coalesce(w.relation, r.relation)::int8, 'row', w.locktype in ('tuple', 'transactionid') and coalesce(w.relation, r.relation) is not null,
           'transactionid', w.transactionid::text, 'virtualxid', w.virtualxid) as awaits
    from wanted w
    left join row_lock r on r.pid = w.pid and w.locktype = 'transactionid'
    left join pg_database d on d.oid = coalesce(w.database, r.database)
    left join pg_class c on c.oid = coalesce(w.relation, r.relation) and (d.oid is null or d.datname = current_database())
    left join pg_namespace n on n.oid = c.relnamespace
)
select a.pid, a.leader_pid, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start,
       a.backend_type, a.datname::text, a.usename::text, a.application_name, host(a.client_addr) as client_addr, a.state,
       a.wait_event_type, a.wait_event,
       extract(epoch from a.now - a.xact_start)::float8 as xact_seconds,
       extract(epoch from a.now - a.query_start)::float8 as query_seconds,
       extract(epoch from a.now - a.state_change)::float8 as state_seconds,
       extract(epoch from a.now - coalesce(wait.waitstart, case when a.wait_event_type = 'Lock' then a.state_change end))::float8 as wait_seconds,
       age(a.backend_xmin) as xmin_age, age(a.backend_xid) as xid_age, a.query_id::text as query_id,
       case when a.query <> '<insufficient privilege>' then ${foreignText('a.query', encodingOf('a.datid'), TEXT)} end as query,
       coalesce(a.usename = current_user and a.application_name ~ '^proctor( |$)', false) as own,
       a.backend_type is null as hidden,
       wait.awaits,
       case when waiting.pid is null then null
            else coalesce((select json_agg(json_build_object('pid', blocker, 'gid', gid, 'mode', mode, 'granted', granted) order by blocker)
                             from pair where pair.pid = a.pid), '[]') end as blocked_by
  from seen a
  left join waiting on waiting.pid = a.pid
  left join wait on wait.pid = a.pid
 order by a.backend_start nulls last, a.pid`,
})

/** All of one session that a list leaves out. */
export const sessionDetail = defineRead({
  name: 'session-detail',
  about: 'One session: the whole text of its statement, and the locks that it holds or waits for',
  needs: 'pg_read_all_stats',
  params: z.object({ pid: z.int() }),
  row: z.object({
    query: statementText.nullable(),
    locks: z.array(awaited.extend({ granted: z.boolean() })),
    /** How many there are; the list holds the strongest 200. */
    lock_count: z.number(),
  }),
  sql: /* sql */ `
with /* proctor:session-detail */ locks as materialized (
  select l.*, count(*) over () as total from pg_locks l where l.pid = $1 and l.locktype <> 'virtualxid'
   order by l.granted, l.mode = 'AccessExclusiveLock' desc, l.mode desc, l.relation limit 200
)
select case when a.query <> '<insufficient privilege>' then ${foreignText('a.query', encodingOf('a.datid'), WHOLE_TEXT)} end as query, coalesce((select max(total)::int from locks), 0) as lock_count,
       coalesce((select json_agg(json_build_object('locktype', l.locktype, 'mode', l.mode, 'granted', l.granted, 'datname', d.datname,
                   'schemaname', n.nspname, 'relname', c.relname, 'relation', l.relation::int8, 'row', l.locktype = 'tuple',
                   'transactionid', l.transactionid::text, 'virtualxid', l.virtualxid))
                   from locks l
                   left join pg_database d on d.oid = l.database
                   left join pg_class c on c.oid = l.relation and (d.oid is null or d.datname = current_database())
                   left join pg_namespace n on n.oid = c.relnamespace), '[]') as locks
  from pg_stat_activity a
 where a.pid = $1`,
})
