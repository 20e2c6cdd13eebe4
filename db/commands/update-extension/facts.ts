import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'

const row = z.object({
  oid,
  extname: z.string(),
  nspname: z.string(),
  extversion: z.string(),
  /** Null: its files are not on the server any more. */
  default_version: z.string().nullable(),
  owner: z.string(),
  owns: z.boolean(),
  /** What the files say of the version that is asked for; null where there is no such version. */
  superuser: z.boolean().nullable(),
  trusted: z.boolean().nullable(),
  /** CREATE on the database, which a trusted extension asks for. */
  may_create: z.boolean(),
  /** Versions from the installed one to the one asked for, joined by --; null where no script leads there. */
  path: z.string().nullable(),
  /** The same back. */
  way_back: z.string().nullable(),
  /** Tables and views that belong to it. */
  relations: z.number(),
  /** What outside of it uses its members. */
  dependents: z.array(z.string()),
  dependents_count: z.number(),
  /** Roles that are no superusers and may create in its schema, in which its script looks names up. */
  intruders: z.array(z.string()),
  preloaded: z.boolean(),
})

export type ExtensionFacts = z.output<typeof row> & { to: string }

const commandExtension = defineRead({
  name: 'command-extension',
  about: 'One extension: its versions, the scripts between them, who may run them, and what depends on it',
  params: z.object({ extension: z.string(), version: z.string().nullable() }),
  row,
  keep: 0,
  sql: /* sql */ `
with /* proctor:command-extension */ ext as (
  select e.oid, e.extname, e.extowner, e.extnamespace, e.extversion, a.default_version, coalesce($2, a.default_version) as wanted
    from pg_extension e left join pg_available_extensions a on a.name = e.extname
   where e.extname = $1
), member as materialized (
  select d.classid, d.objid from pg_depend d join ext on d.refclassid = 'pg_extension'::regclass and d.refobjid = ext.oid where d.deptype = 'e'
), dependent as materialized (
  select distinct d.classid, d.objid
    from member m join pg_depend d on d.refclassid = m.classid and d.refobjid = m.objid and d.deptype = 'n'
   where not exists (select from member x where x.classid = d.classid and x.objid = d.objid)
     and not (d.classid = 'pg_extension'::regclass and d.objid = (select oid from ext))
)
select ext.oid, ext.extname, n.nspname, ext.extversion, ext.default_version, pg_get_userbyid(ext.extowner) as owner, pg_has_role(ext.extowner, 'USAGE') as owns,
       v.superuser, v.trusted, has_database_privilege(current_database(), 'CREATE') as may_create,
       (select p.path from pg_extension_update_paths(ext.extname) p where p.source = ext.extversion and p.target = ext.wanted) as path,
       (select p.path from pg_extension_update_paths(ext.extname) p where p.source = ext.wanted and p.target = ext.extversion) as way_back,
       (select count(*)::int from member join pg_class c on member.classid = 'pg_class'::regclass and c.oid = member.objid and c.relkind in ('r', 'v', 'm', 'p')) as relations,
       array(select pg_describe_object(classid, objid, 0) from dependent order by 1 limit 20) as dependents,
       (select count(*)::int from dependent) as dependents_count,
       array(select case when x.grantee = 0 then 'PUBLIC' else r.rolname::text end
               from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
               left join pg_roles g on g.oid = x.grantee
               -- whose one member is the owner of the database
               left join pg_roles r on r.oid = case when g.rolname = 'pg_database_owner'
                                                    then (select datdba from pg_database where datname = current_database()) else x.grantee end
              where x.privilege_type = 'CREATE' and not coalesce(r.rolsuper, false) order by 1) as intruders,
       exists (select from pg_settings s cross join lateral regexp_split_to_table(s.setting, ' *, *') l
                where s.name in ('shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries')
                  and l ~ ('(^|/)"?' || regexp_replace(ext.extname, '\\W', '.', 'g') || '(\\.so)?"?$')) as preloaded
  from ext
  join pg_namespace n on n.oid = ext.extnamespace
  left join pg_available_extension_versions v on v.name = ext.extname and v.version = ext.wanted`,
})

const extensionVersion = defineRead({
  name: 'extension-version',
  about: 'The installed version of one extension',
  params: z.object({ extension: z.string() }),
  row: z.object({ extversion: z.string() }),
  keep: 0,
  sql: /* sql */ `select /* proctor:extension-version */ extversion from pg_extension where extname = $1`,
})

/** The installed version; null where the extension is gone. Errors: as the read. */
export async function versionNow(target: Target, extension: string): Promise<Result<string | null>> {
  const rows = await runRead(target, extensionVersion, { extension })
  return rows.ok ? ok(rows.value[0]?.extversion ?? null) : rows
}

/** An extension by name; its version stands for the definition. Errors: conflict where it is not installed, or its files are gone. */
export async function loadExtension(target: Target, extension: string, version: string | null): Promise<Result<Found<ExtensionFacts>>> {
  const rows = await runRead(target, commandExtension, { extension, version })
  if (!rows.ok) return rows
  const [found] = rows.value
  if (!found) return failed('conflict', `This database has no extension ${extension}`)
  const to = version ?? found.default_version
  if (to === null) return failed('conflict', `The files of ${extension} are not on the server any more`)
  const { oid, nspname: schemaname, extversion: definition } = found
  return ok({ object: { oid, schemaname, relname: extension, relfilenode: 0, relid: oid, definition }, facts: { ...found, to } })
}
