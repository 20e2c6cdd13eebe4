import { z } from 'zod'
import type { Read } from './define-read'
import type { ServerFacts } from './facts'
import { identifier } from './identifiers'
import type { Ask } from './look'
import { parseRow } from './parse-rows'

/** Whose rights a statement is for. */
export type Grantee = Pick<ServerFacts, 'role' | 'major' | 'inherits' | 'dormant'>

/** What is seen by these needs no inheritance before 15 (its release notes, E.5: predefined roles ask for privileges, not membership). */
const BY_MEMBERSHIP = new Set(['pg_monitor', 'pg_read_all_stats', 'pg_read_all_settings'])

/**
 * What makes a role use another's privileges without SET ROLE. From 16 on each grant says whether it is inherited; before, it is an
 * attribute of the member (manual, GRANT).
 */
export function grantRole(granted: string, { role, major, inherits, dormant }: Grantee): string[] {
  const grant = `GRANT ${identifier(granted)} TO ${identifier(role)}`
  if (major < 15 && BY_MEMBERSHIP.has(granted)) return [grant]
  const isDormant = dormant.includes(granted)
  if (inherits && !isDormant) return [grant]
  if (major >= 16) return [`${grant} WITH INHERIT TRUE`]
  const inherit = `ALTER ROLE ${identifier(role)} INHERIT`
  return isDormant ? [inherit] : [inherit, grant]
}

/** SQL: whether this role uses what a predefined role sees; before 15 a member need not inherit. */
export const seesAs = (role: string): string =>
  `pg_has_role(${role}, case when current_setting('server_version_num')::int < 150000 then 'MEMBER' else 'USAGE' end)`

/** GRANT of a privilege on an object; `what` as GRANT writes it: USAGE ON SCHEMA s. */
export const grant = (what: string, { role }: Pick<Grantee, 'role'>): string => `GRANT ${what} TO ${identifier(role)}`

/**
 * SQL: what stands between GRANT and TO for those of some functions and relations that this role may not use. `names` is an array
 * of texts, functions with their arguments; `members` limits it to some of them, as pairs of catalog and OID.
 */
export const closed = (names: string, members: string): string => /* sql */ `
  select format('EXECUTE ON FUNCTION %I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as what, p.oid as routine
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = any (${names}) and ('pg_proc'::regclass::oid, p.oid) in (${members})
     and not has_function_privilege(p.oid, 'execute')
  union all
  select format('SELECT ON %I.%I', n.nspname, c.relname), null
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relname = any (${names}) and ('pg_class'::regclass::oid, c.oid) in (${members}) and not has_table_privilege(c.oid, 'select')`

/** SQL: the members of an extension, for `closed`. */
export const membersOf = (extension: string): string =>
  `select classid, objid from pg_depend where refclassid = 'pg_extension'::regclass and refobjid = ${extension} and deptype = 'e'`

const MISSING = /* sql */ `
with /* proctor:missing-grants */ ext as (
  select e.oid, n.oid as schema, n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = $1
), closed as (
  ${closed(
    '$2::text[]',
    `${membersOf('(select oid from ext)')}
     union all select 'pg_proc'::regclass::oid, oid from pg_proc where $1 is null and pronamespace = 'pg_catalog'::regnamespace
     union all select 'pg_class'::regclass::oid, oid from pg_class where $1 is null and relnamespace = 'pg_catalog'::regnamespace`,
  )}
)
select (select nspname from ext where not has_schema_privilege(schema, 'usage')) as schema,
       array(select what from closed) as closed,
       array(select what from closed where routine is not null
                and has_function_privilege((select oid from pg_roles where rolname = $3), routine, 'execute')) as by_role,
       coalesce((select not pg_has_role(oid, 'usage') from pg_roles where rolname = $3), false) as lacks_role`

const missingRow = z.object({
  schema: z.string().nullable(),
  closed: z.array(z.string()),
  /** Those of closed that the role that the read needs may use. */
  by_role: z.array(z.string()),
  lacks_role: z.boolean(),
})

/** The statements, for whoever may grant, after which a read that was refused answers; none where it is not known what was missing. */
export async function missingGrants(ask: Ask, read: Read, grantee: Grantee): Promise<string[]> {
  const { extension, calls = [], needs = null } = read
  const { rows } = await ask(MISSING, [extension?.name ?? null, calls, needs])
  const { schema, closed: all, by_role: byRole, lacks_role: lacksRole } = parseRow(missingRow, rows[0])
  const viaRole = needs !== null && lacksRole && (calls.length === 0 || byRole.length > 0)
  const rest = viaRole ? all.filter((what) => !byRole.includes(what)) : all
  return [
    ...(schema === null ? [] : [grant(`USAGE ON SCHEMA ${identifier(schema)}`, grantee)]),
    ...(viaRole ? grantRole(needs, grantee) : []),
    ...rest.map((what) => grant(what, grantee)),
  ]
}
