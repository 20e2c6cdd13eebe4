import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/**
 * Roles and databases with a CONNECTION LIMIT, and how many connections each has (manual, CREATE ROLE and CREATE DATABASE). Superusers are held to
 * none, and those of a role that may not log in count nothing. Whose a session is every role may see; without pg_monitor parallel workers are counted too.
 */
export const connectionLimits = defineRead({
  name: 'connection-limits',
  about: 'Roles and databases with a CONNECTION LIMIT, and the connections of each',
  params: z.object({}),
  row: z.object({
    kind: z.enum(['role', 'database']),
    name: z.string(),
    connection_limit: z.number(),
    connections: z.number(),
  }),
  sql: /* sql */ `
select /* proctor:connection-limits */ 'role' as kind, r.rolname::text as name, r.rolconnlimit as connection_limit, count(a.pid)::int as connections
  from pg_roles r left join pg_stat_activity a on a.usesysid = r.oid and coalesce(a.backend_type, 'client backend') = 'client backend'
 where r.rolconnlimit > 0 and r.rolcanlogin and not r.rolsuper
 group by r.oid, r.rolname, r.rolconnlimit
union all
select 'database', d.datname::text, d.datconnlimit, count(a.pid)::int
  from pg_database d left join pg_stat_activity a on a.datid = d.oid and coalesce(a.backend_type, 'client backend') = 'client backend'
       and not coalesce((select rolsuper from pg_roles where oid = a.usesysid), false)
 where d.datconnlimit > 0
 group by d.oid, d.datname, d.datconnlimit
 order by 1, 2`,
})
