import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/** Roles that may log in by how their password is kept, never what it is. Superusers only, or whoever was granted pg_authid. */
export const passwordKinds = defineRead({
  name: 'password-kinds',
  about: 'Roles that may log in, by how their password is kept: SCRAM, MD5, or none',
  params: z.object({}),
  row: z.object({ rolname: z.string(), rolsuper: z.boolean(), kind: z.enum(['scram', 'md5', 'none']) }),
  calls: ['pg_authid'],
  sql: /* sql */ `
select /* proctor:password-kinds */ rolname::text, rolsuper,
       case when rolpassword ~ '^SCRAM-SHA-256\\$' then 'scram' when rolpassword ~ '^md5[0-9a-f]{32}$' then 'md5' else 'none' end as kind
  from pg_authid
 where rolcanlogin
 order by rolname`,
  keep: 10_000,
})
