import { z } from 'zod'
import { serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Extensions that this database has, and those whose files are on the server. pg_available_extensions reads one small control file for each
 * (manual, 52.4), so it is asked once for all and kept for a minute; pg_available_extension_versions and pg_extension_update_paths go through the
 * names of all scripts, thousands of them with PostGIS, and are not asked here: the plan of an update is.
 */
export const extensions = defineRead({
  name: 'extensions',
  about: 'Installed extensions with version, schema and owner, and those whose files are on the server',
  params: z.object({}),
  row: z.object({
    extname: z.string(),
    /** Null: not in this database. */
    installed: z.string().nullable(),
    /** What the files on the server bring; null: they are gone. */
    default_version: z.string().nullable(),
    schemaname: z.string().nullable(),
    owner: z.string().nullable(),
    /** ALTER EXTENSION … SET SCHEMA may move it; null where it is not installed. */
    relocatable: z.boolean().nullable(),
    comment: serverText.nullable(),
  }),
  sql: /* sql */ `
select /* proctor:extensions */ coalesce(e.extname, a.name)::text as extname, e.extversion as installed, a.default_version,
       n.nspname::text as schemaname, pg_get_userbyid(e.extowner)::text as owner, e.extrelocatable as relocatable, a.comment
  from pg_extension e
  full join (select name, default_version, comment from pg_available_extensions) a on a.name = e.extname
  left join pg_namespace n on n.oid = e.extnamespace
 order by 1`,
  keep: 60_000,
})
