import type { Row } from '../server/define-read'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { indexEstimates } from './index-estimates'
import type { Measurement } from './index-measurement'
import { indexStatindex } from './reads/index-statindex'

/** pgstatindex reads every page; beyond this it would take minutes and push out the server's cache. */
const LARGEST_BYTES = 4 * 1024 ** 3
/** Dead rows below this share of the table do not show in the bloat. */
const FEW_DEAD = 0.01
/** More than so many percentage points are no answer, as in the estimate. */
const MOST_POINTS = 8

/**
 * Measures with pgstatindex. It sees how full the pages are, not what a rebuild would leave out of them: rows
 * that are dead but not vacuumed, and the overhead of equal keys that it would merge into posting lists. For
 * an index that may hold either, the estimate from the statistics stands in. Where that is withheld, nobody can tell:
 * conflict, with what would lift it.
 */
export async function measureByStatindex(target: Target, indexrelid: number): Promise<Result<Measurement>> {
  const rows = await runRead(target, indexStatindex, { indexrelid, limit: LARGEST_BYTES })
  if (!rows.ok) return rows
  const row = rows.value[0]
  if (!row) return failed('invalid_input', 'Not measured: no valid b-tree, larger than 4 GB, or under an AccessExclusiveLock')
  const seen = rebuiltBySight(row)
  const blind = row.merges || row.dead_share > FEW_DEAD
  const estimate = blind ? await estimated(target, indexrelid) : undefined
  if (blind && !estimate?.known && (row.merges || seen.plusMinus > MOST_POINTS))
    return failed(
      'conflict',
      `Not measured: pgstatindex cannot see ${unseen(row)}, and the estimate is withheld (${estimate?.withheld ?? 'unknown'})`,
      {
        fix: estimate?.fix ?? 'CREATE EXTENSION pageinspect',
      },
    )
  return ok({
    method: 'pgstatindex',
    bytes: row.index_size,
    ...(estimate?.known ?? seen),
    relfilenode: row.relfilenode,
    detail: {
      avg_leaf_density: row.avg_leaf_density,
      leaf_fragmentation: row.leaf_fragmentation,
      leaf_pages: row.leaf_pages,
      internal_pages: row.internal_pages,
      empty_pages: row.empty_pages,
      deleted_pages: row.deleted_pages,
      tree_level: row.tree_level,
      pages_read: row.leaf_pages + row.internal_pages + row.empty_pages + row.deleted_pages,
      dead_share: null,
    },
  })
}

type Rebuilt = Pick<Measurement, 'rebuiltBytes' | 'plusMinus'>

/** A rebuild fills leaf pages to the fillfactor: it needs leaf_pages · avg_leaf_density / fillfactor of them. */
function rebuiltBySight(row: Row<typeof indexStatindex>): Rebuilt {
  const pages = 1 + row.internal_pages + row.leaf_pages + row.empty_pages + row.deleted_pages
  const leaves = Math.ceil((row.leaf_pages * (row.avg_leaf_density ?? 0)) / row.fillfactor)
  const internal = row.leaf_pages > 0 ? Math.ceil((row.internal_pages * leaves) / row.leaf_pages) : 0
  const rebuilt = 1 + leaves + internal
  const share = Math.min(1, rebuilt / pages)
  return { rebuiltBytes: (row.index_size / pages) * rebuilt, plusMinus: share * (1.5 + 100 * row.dead_share) + 100 / pages }
}

const unseen = (row: Row<typeof indexStatindex>): string =>
  row.merges ? 'how a rebuild would merge equal keys' : 'which of its entries belong to dead rows'

async function estimated(
  target: Target,
  indexrelid: number,
): Promise<{ known?: Rebuilt; withheld: string | null; fix: string | null } | undefined> {
  const all = await indexEstimates(target)
  const row = all.ok ? all.value.find((candidate) => candidate.indexrelid === indexrelid) : undefined
  if (!row) return undefined
  const { rebuilt_bytes: rebuiltBytes, plus_minus: plusMinus, withheld, fix } = row
  return { ...(rebuiltBytes === null || plusMinus === null ? {} : { known: { rebuiltBytes, plusMinus } }), withheld, fix }
}
