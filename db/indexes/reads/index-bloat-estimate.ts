import { z } from 'zod'
import { bytes, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { CATALOG } from './bloat-catalog-sql'
import { COPIES } from './bloat-copies-sql'
import { PAGES } from './bloat-pages-sql'
import { FROM_HELPER, FROM_PG_STATS } from './bloat-statistics-sql'
import { TUPLES } from './bloat-tuples-sql'

const row = z.object({
  indexrelid: oid,
  /** pg_relation_size; null when the index or its table is under an AccessExclusiveLock, held or waited for. */
  bytes: bytes.nullable(),
  rebuilt_bytes: bytes.nullable(),
  plus_minus: float.nullable(),
  withheld: z.string().nullable(),
  fix: z.string().nullable(),
})

/**
 * What every b-tree would weigh after REINDEX, from the catalog alone: rows × the width of their index
 * tuple, equal keys merged into posting lists as nbtsort.c of PostgreSQL 13 and later does it
 * (https://www.postgresql.org/docs/current/btree.html#BTREE-DEDUPLICATION). Heavy keys come from the most
 * common values, rare ones from what n_distinct of a sample betrays, key combinations from extended statistics, the
 * spread of variable widths from the histogram; a partial index gets them as its predicate leaves them. Which values, or NULLs,
 * of several key columns come together is bounded from both sides, and above by the index's own size; a unique index on some of them tells.
 * Where the catalog cannot know, the row says why (withheld) and what would lift it (fix).
 * Bytes; plus_minus in percentage points of the index, within which 95 % of the truths lie.
 */
export const indexBloatEstimate = defineRead({
  name: 'index-bloat-estimate',
  about: 'Size that each index would have after REINDEX, estimated from the catalog, or why it cannot be known',
  needs: 'pg_read_all_data',
  params: z.object({}),
  row,
  timeout: 5_000,
  keep: 10_000,
  sql: /* sql */ `with /* proctor:index-bloat-estimate */ recursive ${CATALOG}${FROM_PG_STATS}${TUPLES}${COPIES}${PAGES}`,
})

/** The same for a role that may not see the columns' statistics, where the statistics helper is installed (statistics-helper-sql.ts). */
export const indexBloatByHelper = defineRead({
  name: 'index-bloat-by-helper',
  about: 'The estimate of index-bloat-estimate from the statistics that the installed helper hands out',
  params: z.object({}),
  row,
  timeout: 5_000,
  keep: 10_000,
  sql: /* sql */ `with /* proctor:index-bloat-by-helper */ recursive ${CATALOG}${FROM_HELPER}${TUPLES}${COPIES}${PAGES}`,
})
