import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What decides whether the pages of an index can be read: its access method, its state, and locks in the way. */
export const indexMeasurable = defineRead({
  name: 'index-measurable',
  about: 'Whether the pages of an index can be read now',
  params: z.object({ indexrelid: oid }),
  row: z.object({
    amname: z.string(),
    relkind: z.string(),
    indisvalid: z.boolean(),
    /** An AccessExclusiveLock is held or waited for, on the index or its table. */
    locked: z.boolean(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:index-measurable */ am.amname::text as amname, c.relkind::text as relkind, i.indisvalid,
       exists (select from pg_locks l where l.relation in (i.indexrelid, i.indrelid) and l.locktype = 'relation'
                  and l.mode = 'AccessExclusiveLock'
                  and l.database = (select oid from pg_database where datname = current_database())) as locked
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am am on am.oid = c.relam
 where i.indexrelid = $1`,
})
