import { z } from 'zod'
import { bytes, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { TABLE_BLOAT_ESTIMATE } from './table-bloat-estimate-sql'

/**
 * What a rewrite (VACUUM FULL) would leave of the heap of a table, a materialized view, a system catalog and a TOAST
 * table of 1 MB and more, the largest 500, from the catalog alone: live rows × the width of their tuple (manual, 73.6
 * Database Page Layout), packed at the fillfactor. Columns stand where their alignment puts them; the NULL bitmap is
 * counted where a row has a NULL. Widths are those in the row: of a value in TOAST, the pointer.
 *
 * A TOAST table has chunks of 1,996 bytes, four a page, and only the last of a value is shorter, by how much nobody notes:
 * a rewrite needs a page for four chunks at most, and hardly less than half of that.
 *
 * Bytes of the main fork; plus_minus in percentage points of it, within which 95 % of the truths lie.
 */
export const tableBloatEstimate = defineRead({
  name: 'table-bloat-estimate',
  about:
    'Size that each large table, TOAST table and catalog would have after a rewrite, estimated from the catalog, or why it cannot be known',
  needs: 'pg_read_all_data',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    /** r: a table or catalog. m: a materialized view. t: a TOAST table. */
    relkind: z.enum(['r', 'm', 't']),
    /** Of a TOAST table, the table whose values it holds; else the table itself. */
    owner: oid,
    owner_schema: z.string(),
    owner_name: z.string(),
    /** A catalog that all databases share. */
    relisshared: z.boolean(),
    /** A standby: a rewrite is done on its primary. */
    in_recovery: z.boolean(),
    /** null under an AccessExclusiveLock, held or waited for. */
    bytes: bytes.nullable(),
    rebuilt_bytes: bytes.nullable(),
    plus_minus: float.nullable(),
    withheld: z.string().nullable(),
    fix: z.string().nullable(),
    /** Of a TOAST table, the bytes of its index, and those after a rebuild, which its rows tell within a page or two. */
    index_bytes: bytes.nullable(),
    index_rebuilt_bytes: bytes.nullable(),
  }),
  timeout: 5_000,
  keep: 10_000,
  sql: TABLE_BLOAT_ESTIMATE,
})
