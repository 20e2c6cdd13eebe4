import { z } from 'zod'
import { bytes } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * The databases that the role may connect to, without templates. Size is the sum of the files of a database
 * (manual, 9.28.7, pg_database_size), which needs CONNECT or pg_read_all_stats; adding them up costs a stat
 * call a file, so an answer serves for half a minute.
 */
export const databases = defineRead({
  name: 'databases',
  about: 'Databases that the role may connect to, with their size',
  params: z.object({}),
  row: z.object({ datname: z.string(), bytes: bytes.nullable() }),
  keep: 30_000,
  sql: /* sql */ `
select /* proctor:databases */ datname::text, pg_database_size(oid) as bytes
from pg_database
where datallowconn and not datistemplate and has_database_privilege(oid, 'connect')
order by pg_database_size(oid) desc, datname`,
})
