import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/**
 * Databases from which the texts of pg_stat_statements might be read where this one refuses one of them: the module converts each to
 * the encoding of the database that asks, and a single one without a counterpart ends the answer. One of SQL_ASCII takes all (manual,
 * 24.3.4), one of UTF8 all that have an encoding.
 */
export const textDatabases = defineRead({
  name: 'text-databases',
  about: 'Other databases that the role may connect to whose encoding takes texts of others, the widest first',
  params: z.object({}),
  row: z.object({ datname: z.string(), encoding: z.string() }),
  keep: 30_000,
  sql: /* sql */ `
select /* proctor:text-databases */ datname::text, pg_encoding_to_char(encoding)::text as encoding
  from pg_database
 where datallowconn and not datistemplate and has_database_privilege(oid, 'connect') and datname <> current_database()
   and pg_encoding_to_char(encoding) in ('SQL_ASCII', 'UTF8') and pg_encoding_to_char(encoding) <> getdatabaseencoding()
 order by encoding, datname
 limit 5`,
})
