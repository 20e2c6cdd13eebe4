import { z } from 'zod'
import { formatAge } from '../../domain/format'
import { float, oid, serverText, statementText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { encodingOf, foreignText } from '../../server/foreign-text'

const row = z.object({
  /** Null: a prepared transaction. */
  pid: z.number().nullable(),
  usename: z.string().nullable(),
  application_name: serverText.nullable(),
  client_addr: z.string().nullable(),
  state: z.string().nullable(),
  backend_type: z.string().nullable(),
  xact_seconds: float.nullable(),
  snapshot: z.boolean(),
  /** The strongest lock on the table or one of its indexes that it holds. */
  holds: z.string().nullable(),
  /** The strongest lock that it waits for. */
  awaits: z.string().nullable(),
  query: statementText.nullable(),
})

export type SessionRow = z.output<typeof row>

/**
 * Sessions of this database that have a transaction open, and what each holds of one table, its partitions and
 * indexes. Proctor's own reads are left out. xact_seconds is null where this role may not see other roles' sessions.
 */
export const tableSessions = defineRead({
  name: 'table-sessions',
  about: 'Open transactions, with the locks that they hold or wait for on one table',
  needs: 'pg_read_all_stats',
  params: z.object({ relid: oid }),
  row,
  keep: 0,
  sql: /* sql */ `
with /* proctor:table-sessions */ recursive tree as (
  select c.oid from pg_class c where c.oid = $1
  union all
  select h.inhrelid from tree join pg_inherits h on h.inhparent = tree.oid
), part as materialized (
  select oid from tree
  union all
  select i.indexrelid from tree join pg_index i on i.indrelid = tree.oid
), strength (mode, rank) as (
  values ('AccessShareLock', 1), ('RowShareLock', 2), ('RowExclusiveLock', 3), ('ShareUpdateExclusiveLock', 4),
         ('ShareLock', 5), ('ShareRowExclusiveLock', 6), ('ExclusiveLock', 7), ('AccessExclusiveLock', 8)
), locks as materialized (
  select l.pid, max(s.rank) filter (where l.granted) as held, max(s.rank) filter (where not l.granted) as awaited
    from pg_locks l
    join strength s on s.mode = l.mode
   where l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
     and l.relation in (select oid from part) and l.pid is distinct from pg_backend_pid()
   group by l.pid
)
select coalesce(a.pid, l.pid) as pid, a.usename::text, a.application_name, host(a.client_addr) as client_addr, a.state, a.backend_type,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as xact_seconds, a.backend_xmin is not null as snapshot,
       (select mode from strength where rank = l.held) as holds,
       (select mode from strength where rank = l.awaited) as awaits,
       ${foreignText('a.query', encodingOf('a.datid'), 200)} as query
  from (select * from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'proctor') a
  full join locks l on l.pid = a.pid
 where l.held is not null or l.awaited is not null or a.backend_xmin is not null
 order by a.xact_start nulls last`,
})

/** pid 4121, metabase from 10.2.0.31, idle in transaction, 14 min. */
export function formatWho({
  pid,
  usename,
  application_name: application,
  client_addr: address,
  state,
  backend_type: type,
  xact_seconds: age,
}: SessionRow): string {
  if (pid === null) return 'a prepared transaction'
  if (type === 'autovacuum worker') return `pid ${pid}, autovacuum${age === null ? '' : `, ${formatAge(age)}`}`
  const who = application || usename || type || 'unknown'
  return [`pid ${pid}`, address ? `${who} from ${address}` : who, state, age === null ? null : formatAge(age)].filter(Boolean).join(', ')
}
