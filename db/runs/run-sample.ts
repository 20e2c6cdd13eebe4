import { z } from 'zod'
import { bytes, float, oid, serverText, statementText } from '../server/columns'
import { defineRead } from '../server/define-read'
import { encodingOf, foreignText } from '../server/foreign-text'

const START = `to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const blocker = z.object({
  pid: z.number(),
  backendStart: z.string(),
  usename: z.string().nullable(),
  applicationName: serverText.nullable(),
  clientAddr: z.string().nullable(),
  state: z.string().nullable(),
  xactSeconds: float.nullable(),
  query: statementText.nullable(),
})

const BLOCKER = `'backendStart', coalesce(${START}, ''), 'usename', usename, 'applicationName', application_name,
                   'clientAddr', host(client_addr), 'state', state,
                   'xactSeconds', extract(epoch from clock_timestamp() - xact_start), 'query', ${foreignText('query', encodingOf('datid'), 500)}`

/** Nobody follows a longer chain. */
const MOST_LINKS = 20

/** What a run's backend does at this moment, whom it waits for and how many wait for it; no row when it is gone. */
export const runBackend = defineRead({
  name: 'run-backend',
  about: 'One backend: state, whom it waits for, how many wait for it, and the WAL position of the server',
  params: z.object({ pid: z.number(), backend_start: z.string() }),
  row: z.object({
    state: z.string().nullable(),
    /** Bytes of WAL since the cluster was made. */
    wal: z.coerce.number(),
    waiting_for: z.array(blocker.extend({ roots: z.array(blocker) })),
    /** pg_blocking_pids names a prepared transaction 0. */
    prepared: z.boolean(),
    blocking: z.number(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:run-backend */ recursive me as materialized (
  select pid, state, case when wait_event_type = 'Lock' then pg_blocking_pids(pid) else '{}' end as blockers
    from pg_stat_activity
   where pid = $1 and ${START} = $2
), sessions as materialized (
  select * from pg_stat_activity where exists (select from me where blockers <> '{}')
), chain as (
  select blocker as first, blocker as pid, 0 as links from me, unnest(me.blockers) blocker where blocker <> 0
  union
  select c.first, blocker, c.links + 1
    from chain c
    join sessions a on a.pid = c.pid and a.wait_event_type = 'Lock'
   cross join unnest(pg_blocking_pids(a.pid)) blocker
   where c.links < ${MOST_LINKS}
), roots as (
  select distinct first, pid from chain where links > 0
)
select me.state, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal, 0 = any(me.blockers) as prepared,
       coalesce((select json_agg(json_build_object('pid', s.pid, ${BLOCKER}, 'roots',
                   coalesce((select json_agg(json_build_object('pid', roots.pid, ${BLOCKER}) order by xact_start)
                               from roots left join sessions a using (pid)
                              where roots.first = s.pid and a.wait_event_type is distinct from 'Lock'), '[]')) order by xact_start)
                   from sessions s where pid = any(me.blockers)), '[]') as waiting_for,
       (select count(*)::int from pg_stat_activity w
         where w.wait_event_type = 'Lock' and w.pid <> me.pid and me.pid = any(pg_blocking_pids(w.pid))) as blocking
  from me`,
})

const count = z.coerce.number().nullable()

const progressRow = z.object({
  /** Which pg_stat_progress view has it: a backend is in one at a time. */
  view: z.enum(['create index', 'vacuum', 'cluster', 'analyze']),
  phase: z.string(),
  index_relid: oid.nullable(),
  index_name: z.string().nullable(),
  blocks_done: count,
  blocks_total: count,
  tuples_done: count,
  tuples_total: count,
  /** Lockers of a concurrent build, indexes of a VACUUM, partitions of an ANALYZE. */
  others_done: count,
  others_total: count,
  bytes_now: bytes.nullable(),
})

/** What the server says of how far a backend is. */
export type ProgressSample = z.output<typeof progressRow>

/** The views of the manual's 27.4; VACUUM counts its indexes from 17 on. */
const progress = (indexesDone: string, indexesTotal: string) => /* sql */ `
with /* proctor:run-progress */ here as (
  select oid as datid from pg_database where datname = current_database()
), found as (
  select 'create index' as view, phase, nullif(index_relid, 0) as index_relid, blocks_done, blocks_total, tuples_done, tuples_total,
         lockers_done as others_done, lockers_total as others_total
    from pg_stat_progress_create_index where pid = $1
  union all
  select 'vacuum', phase, null, case phase when 'vacuuming heap' then heap_blks_vacuumed else heap_blks_scanned end, heap_blks_total,
         null, null, ${indexesDone}, ${indexesTotal}
    from pg_stat_progress_vacuum where pid = $1
  union all
  select 'cluster', phase, nullif(cluster_index_relid, 0), heap_blks_scanned, heap_blks_total, heap_tuples_written, heap_tuples_scanned,
         index_rebuild_count, null
    from pg_stat_progress_cluster where pid = $1
  union all
  select 'analyze', phase, null, sample_blks_scanned, sample_blks_total, null, null, child_tables_done, child_tables_total
    from pg_stat_progress_analyze where pid = $1
)
select found.*, c.relname as index_name,
       case when c.oid is not null and not exists (
              select from pg_locks l, here
               where l.locktype = 'relation' and l.database = here.datid and l.relation = c.oid and l.mode = 'AccessExclusiveLock')
            then pg_relation_size(c.oid) end as bytes_now
  from found
  left join pg_class c on c.oid = found.index_relid and found.view = 'create index'`

export const runProgress = defineRead({
  name: 'run-progress',
  about: 'How far one backend is with CREATE INDEX, REINDEX, VACUUM, VACUUM FULL or ANALYZE',
  params: z.object({ pid: z.number() }),
  row: progressRow,
  keep: 0,
  sql: { 14: progress('null', 'null'), 17: progress('indexes_processed', 'indexes_total') },
})

/** The session that was written down for a run, if it is still there: its pid and marker alone could be those of another. */
export const runSession = defineRead({
  name: 'run-session',
  about: 'One session by pid, start and application_name, and when the server was started',
  params: z.object({ application_name: z.string(), pid: z.number(), backend_start: z.string() }),
  row: z.object({
    pid: z.number().nullable(),
    backend_start: z.string().nullable(),
    active: z.boolean(),
    postmaster_start: z.coerce.number(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:run-session */ a.pid, ${START.replace('backend_start', 'a.backend_start')} as backend_start, coalesce(a.state <> 'idle', false) as active,
       extract(epoch from pg_postmaster_start_time()) * 1000 as postmaster_start
  from (select) one
  left join pg_stat_activity a on a.application_name = $1 and a.pid = $2 and ${START.replace('backend_start', 'a.backend_start')} = $3`,
})

/** Other sessions under a run's marker than its own. */
export const runTwins = defineRead({
  name: 'run-twins',
  about: 'Sessions with a given application_name beside one of them',
  params: z.object({ application_name: z.string(), pid: z.number() }),
  row: z.object({ pid: z.number(), backend_start: z.string().nullable() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:run-twins */ pid, ${START} as backend_start from pg_stat_activity where application_name = $1 and pid <> $2 order by 2`,
})
