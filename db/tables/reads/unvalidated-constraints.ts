import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Constraints of tables that hold for new rows and were never checked for the old ones (NOT VALID). `age`: how many transactions have begun
 * since their row in the catalog was written, which is when they were made or last altered. `busy`: somebody holds or waits for a lock as
 * VALIDATE CONSTRAINT takes (VACUUM takes it too, and is none). Those that are NOT ENFORCED (18) hold for nothing by intention. Of a partitioned
 * table's, the copies of its partitions are left out.
 */
const statement = (enforced: string) => /* sql */ `
select /* proctor:unvalidated-constraints */ k.oid as conoid, k.conname, k.contype, c.oid as relid, n.nspname as schemaname, c.relname, c.relkind,
       age(k.xmin) as age, f.relname as referenced,
       exists (select from pg_locks l where l.locktype = 'relation' and l.relation = c.oid and l.mode = 'ShareUpdateExclusiveLock'
                  and l.database = (select oid from pg_database where datname = current_database())
                  and not exists (select from pg_stat_progress_vacuum v where v.pid = l.pid)) as busy
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_class f on f.oid = k.confrelid
 where not k.convalidated and k.conparentid = 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'${enforced}
 order by age(k.xmin) desc, n.nspname, c.relname, k.conname`

export const unvalidatedConstraints = defineRead({
  name: 'unvalidated-constraints',
  about: 'Constraints that are NOT VALID: old rows were never checked',
  params: z.object({}),
  row: z.object({
    conoid: oid,
    conname: z.string(),
    /** c: CHECK. f: foreign key. n: NOT NULL, from 18 on. */
    contype: z.string(),
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.string(),
    /** In transactions. */
    age: z.number(),
    referenced: z.string().nullable(),
    busy: z.boolean(),
  }),
  sql: { 14: statement(''), 18: statement(' and k.conenforced') },
  keep: 10_000,
})
