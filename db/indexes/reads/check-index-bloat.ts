import { z } from 'zod'
import { CHECK_INDEX_BLOAT } from '../../health/check-index-bloat'
import { ratio } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * check_index_bloat() without its being installed: the same SQL, run as a read. It reads whole indexes, a schema's b-trees
 * one after another, and so has a minute; on a large database name one schema. Rows that cannot be measured say why.
 */
export const checkIndexBloat = defineRead({
  name: 'check-index-bloat',
  about: 'What REINDEX would give back of every b-tree of a schema, as check_index_bloat() measures it; reads whole indexes',
  needs: 'pg_stat_scan_tables',
  params: z.object({
    /** null: every schema but the system's. */
    schema: z.string().nullable().default(null),
    /** Percent; above it, and above minWaste bytes, a REINDEX is recommended. */
    minRatio: z.number().min(0).max(100).default(40),
    minWaste: z.number().int().nonnegative().default(1_048_576),
  }),
  row: z.object({
    schema_name: z.string(),
    table_name: z.string(),
    index_name: z.string(),
    /** Percent of the file; null: not measured, the recommendation says why. */
    bloat_ratio: ratio.nullable(),
    /** As pg_size_pretty prints it. */
    wasted_space: z.string().nullable(),
    recommendation: z.string(),
  }),
  sql: CHECK_INDEX_BLOAT,
  timeout: 60_000,
  keep: 0,
})
