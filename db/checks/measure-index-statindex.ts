import { indexStatindex } from '../reads/index-statindex'
import { failed, ok, type Result } from '../target/problem'
import { runRead } from '../target/run-read'
import type { Target } from '../target/target'
import type { Measurement } from './measure-index'

/** pgstatindex reads every page; beyond this it would take minutes and push out the server's cache. */
const LARGEST_BYTES = 4 * 1024 ** 3

/**
 * Measures with pgstatindex. A rebuild fills leaf pages to the fillfactor, so the leaf pages it needs are
 * leaf_pages · avg_leaf_density / fillfactor. What pgstatindex cannot see is kept in the ±: dead rows, and
 * posting lists that a rebuild would merge.
 */
export async function measureByStatindex(target: Target, indexrelid: number): Promise<Result<Measurement>> {
  const rows = await runRead(target, indexStatindex, { indexrelid, limit: LARGEST_BYTES })
  if (!rows.ok) return rows
  const row = rows.value[0]
  if (!row) return failed('invalid_input', 'Not measured: no b-tree, larger than 4 GB, or under an AccessExclusiveLock')
  const leaves = Math.ceil((row.leaf_pages * (row.avg_leaf_density ?? 0)) / row.fillfactor)
  const internal = row.leaf_pages > 0 ? Math.ceil((row.internal_pages * leaves) / row.leaf_pages) : 0
  const rebuiltBytes = 8192 * (1 + leaves + internal)
  return ok({
    method: 'pgstatindex',
    bytes: row.index_size,
    rebuiltBytes,
    plusMinus: 2,
    relfilenode: row.relfilenode,
    detail: {
      avg_leaf_density: row.avg_leaf_density,
      leaf_fragmentation: row.leaf_fragmentation,
      leaf_pages: row.leaf_pages,
      internal_pages: row.internal_pages,
      empty_pages: row.empty_pages,
      deleted_pages: row.deleted_pages,
      tree_level: row.tree_level,
      pages_read: row.index_size / 8192,
      dead_share: null,
    },
  })
}
