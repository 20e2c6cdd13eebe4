import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * How many values the columns of foreign keys of several columns hold, as ANALYZE last found: of the referencing tables and their
 * partitions. A role sees those of columns that it may read.
 */
export const foreignKeyColumns = defineRead({
  name: 'foreign-key-columns',
  about: 'Distinct values of the columns of foreign keys of several columns',
  params: z.object({}),
  row: z.object({
    relid: oid,
    attnum: z.number(),
    /** As pg_stats has it: a count, or below 0 a share of the rows. */
    n_distinct: z.number(),
    null_frac: z.number(),
  }),
  sql: /* sql */ `
with /* proctor:foreign-key-columns */ keyed as materialized (
  select distinct f.conrelid, k.attnum
  from pg_constraint f
  cross join unnest(f.conkey) k (attnum)
  where f.contype = 'f' and cardinality(f.conkey) > 1
)
select k.conrelid as relid, k.attnum, s.n_distinct, s.null_frac
from keyed k
join pg_class t on t.oid = k.conrelid and t.relkind = 'r'
join pg_namespace n on n.oid = t.relnamespace
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.attnum
join pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname and not s.inherited`,
  timeout: 5_000,
  keep: 30_000,
})
