import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Schemas in which every role may create objects (CREATE granted to PUBLIC), without those of PostgreSQL and of extensions. `logins`: roles that may log in,
 * neither superusers nor the owner of the schema, and so without a right there but by that grant.
 */
export const openSchemas = defineRead({
  name: 'open-schemas',
  about: 'Schemas in which every role may create objects',
  params: z.object({}),
  row: z.object({
    schema_oid: oid,
    nspname: z.string(),
    owner: z.string(),
    major: z.number(),
    logins: z.array(z.string()),
    /** Roles other than the owner that have relations or functions there: they lose nothing, and can make no more. */
    makers: z.array(z.string()),
  }),
  sql: /* sql */ `
select /* proctor:open-schemas */ n.oid as schema_oid, n.nspname, pg_get_userbyid(n.nspowner)::text as owner,
       current_setting('server_version_num')::int / 10000 as major,
       array(select r.rolname::text from pg_roles r
              where r.rolcanlogin and not r.rolsuper and not pg_has_role(r.oid, n.nspowner, 'usage') and r.rolname <> current_user
                and has_database_privilege(r.oid, current_database(), 'connect') order by 1) as logins,
       array(select distinct pg_get_userbyid(o.owner)::text
               from (select relowner as owner from pg_class where relnamespace = n.oid union select proowner from pg_proc where pronamespace = n.oid) o
              where o.owner <> n.nspowner order by 1) as makers
  from pg_namespace n
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and exists (select from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a where a.grantee = 0 and a.privilege_type = 'CREATE')
   and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
 order by n.nspname = 'public' desc, n.nspname`,
  keep: 10_000,
})
