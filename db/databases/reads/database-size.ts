import { z } from 'zod'
import { bytes } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Bytes of all files of this database (manual, 9.28.7, pg_database_size). It asks the file system for every
 * file, 0.1 s for 40,000 relations, so an answer serves for half a minute.
 */
export const databaseSize = defineRead({
  name: 'database-size',
  about: 'Size of the files of this database',
  params: z.object({}),
  row: z.object({ bytes }),
  sql: /* sql */ `
select /* proctor:database-size */ pg_database_size(oid) as bytes
from pg_database
where datname = current_database()`,
  keep: 30_000,
})
