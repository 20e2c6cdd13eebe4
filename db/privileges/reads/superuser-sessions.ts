import { z } from 'zod'
import { float, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Sessions of clients that logged in as a superuser, by role, application and address, with the age of the oldest. Those over a Unix-domain socket come
 * from the machine itself and are left out, as are Proctor's own. Of other roles' sessions a role without pg_read_all_stats sees neither address
 * nor kind, and they are left out.
 */
export const superuserSessions = defineRead({
  name: 'superuser-sessions',
  about: 'Sessions of superusers over the network, by role, application and address',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({
    usename: z.string(),
    application_name: serverText,
    client_addr: z.string(),
    sessions: z.number(),
    /** Of the oldest of them, since it began. */
    seconds: float,
  }),
  sql: /* sql */ `
select /* proctor:superuser-sessions */ a.usename::text, a.application_name, host(a.client_addr) as client_addr, count(*)::int as sessions,
       max(extract(epoch from clock_timestamp() - a.backend_start))::float8 as seconds
  from pg_stat_activity a
  join pg_roles r on r.oid = a.usesysid
 where r.rolsuper and a.backend_type = 'client backend' and a.client_addr is not null and a.pid <> pg_backend_pid() and a.application_name !~ '^proctor( |$)'
 group by 1, 2, 3
 order by sessions desc, 1, 2, 3`,
})
