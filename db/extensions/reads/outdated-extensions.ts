import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/** Extensions of this database of which the files on the server bring another version, where a script leads from the one to the other (manual, 38.17.4). */
export const outdatedExtensions = defineRead({
  name: 'outdated-extensions',
  about: 'Installed extensions for which ALTER EXTENSION UPDATE would do something',
  params: z.object({}),
  row: z.object({ extname: z.string(), installed: z.string(), available: z.string(), owner: z.string() }),
  sql: /* sql */ `
select /* proctor:outdated-extensions */ e.extname, e.extversion as installed, a.default_version as available, pg_get_userbyid(e.extowner)::text as owner
  from pg_extension e
  join pg_available_extensions a on a.name = e.extname
 where a.default_version is distinct from e.extversion
   and exists (select from pg_extension_update_paths(e.extname) p
                where p.source = e.extversion and p.target = a.default_version and p.path is not null)
 order by e.extname`,
  keep: 60_000,
})
