import { z } from 'zod'
import { float, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Roles that may log in and whose password ends on a day, with their sessions. An end at infinity is none (manual, CREATE ROLE). */
export const expiringRoles = defineRead({
  name: 'expiring-roles',
  about: 'Roles that may log in and whose password has an end, with how many sessions they have',
  params: z.object({}),
  row: z.object({
    rolname: z.string(),
    valid_until: timestamp,
    /** Until then; negative: since then. */
    seconds: float,
    sessions: z.number(),
  }),
  sql: /* sql */ `
select /* proctor:expiring-roles */ r.rolname::text, r.rolvaliduntil as valid_until,
       extract(epoch from r.rolvaliduntil - clock_timestamp())::float8 as seconds,
       (select count(*)::int from pg_stat_activity a where a.usesysid = r.oid) as sessions
  from pg_roles r
 where r.rolcanlogin and isfinite(r.rolvaliduntil)
 order by r.rolvaliduntil, r.rolname`,
  keep: 10_000,
})
