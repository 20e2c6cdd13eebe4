import { z } from 'zod'
import { float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * The columns of a table with what ANALYZE found in them (manual, 53.27 pg_stats): shares and counts alone, never a value. A role sees
 * statistics of columns that it may read; of a partitioned table they are those over all partitions. 17 has a default target as null.
 */
const statement = (target: string) => /* sql */ `
select /* proctor:table-columns */ a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
       s.null_frac, s.n_distinct, s.correlation, s.avg_width, s.most_common_freqs[1] as top_share,
       coalesce(cardinality(s.most_common_freqs), 0) as most_common, coalesce(s.most_common_freqs[1:24], '{}')::float8[] as shares,
       ${target} as target, s.attname is not null as analyzed, has_column_privilege(a.attrelid, a.attnum, 'select') as readable,
       exists (select from pg_index i where i.indrelid = a.attrelid and a.attnum = any (i.indkey)) as indexed
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and s.inherited = (c.relkind = 'p')
 where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
 order by a.attnum`

export const tableColumns = defineRead({
  name: 'table-columns',
  about: 'Columns of a table with the shares and counts that ANALYZE found, without any value',
  needs: 'pg_read_all_data',
  params: z.object({ relid: oid }),
  row: z.object({
    attnum: z.number(),
    attname: z.string(),
    type: z.string(),
    not_null: z.boolean(),
    /** 0 … 1. */
    null_frac: float.nullable(),
    /** A count, or below 0 a share of the rows. */
    n_distinct: float.nullable(),
    /** -1 … 1. */
    correlation: float.nullable(),
    /** Bytes. */
    avg_width: z.number().nullable(),
    /** Of the most common value, of all rows. */
    top_share: float.nullable(),
    /** How many values are in the list. */
    most_common: z.number(),
    /** Of the most common values, the first 24. */
    shares: z.array(float),
    /** null: default_statistics_target. */
    target: z.number().nullable(),
    analyzed: z.boolean(),
    readable: z.boolean(),
    indexed: z.boolean(),
  }),
  sql: { 14: statement('nullif(a.attstattarget, -1)::int'), 17: statement('a.attstattarget::int') },
})
