import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/**
 * Whether code that is executed with our role's rights could do anything: a superuser's, or what may become one, or run programs
 * and write files on the server (manual, Predefined Roles).
 */
export const strongRole = defineRead({
  name: 'strong-role',
  about: 'Whether the role that Proctor connects as is a superuser, or may become as good as one',
  params: z.object({}),
  row: z.object({ role: z.string(), strong: z.boolean() }),
  sql: /* sql */ `
select /* proctor:strong-role */ current_user::text as role, exists (
  select from pg_roles r
  where (r.rolsuper or r.rolname in ('pg_execute_server_program', 'pg_write_server_files')) and pg_has_role(session_user, r.oid, 'MEMBER')
) as strong`,
  keep: 10_000,
})
