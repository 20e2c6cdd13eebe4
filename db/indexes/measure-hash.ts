import { formatBytes } from '../domain/format'
import { qualified } from '../server/identifiers'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { HASH_ITEM_BYTES, hashPages, ROWS_OFF } from './hash-pages'
import type { Measurement } from './index-measurement'
import { indexGrowth } from './reads/index-growth'
import { indexHashStatistics } from './reads/index-hash-statistics'
import { baselineDetail, MOST_POINTS } from './size-baseline'

/** pgstathashindex reads every page; beyond this it would take minutes and push out the server's cache. */
const LARGEST_BYTES = 4 * 1024 ** 3
/** PageHeaderData and HashPageOpaqueData. */
const PAGE_OVERHEAD = 24 + 16

/** `bytes`: of the index now; null under an AccessExclusiveLock, undefined where the index is gone. */
function whyUnseen(bytes: number | null | undefined): string {
  if (bytes === undefined) return 'Not measured: there is no such valid index any more'
  if (bytes === null || bytes <= LARGEST_BYTES) return 'Not measured: the index is under an AccessExclusiveLock, held or waited for'
  return `Not measured: the index is larger than ${formatBytes(LARGEST_BYTES)}, and pgstathashindex would read every page of it`
}

/**
 * Measures a hash index with pgstathashindex. A rebuild lays out buckets for the rows of the table; overflow pages, which equal keys
 * need, it makes at most as many as there are, and at least what does not fit into the buckets.
 * Errors: as index-growth and index-hash-statistics; conflict where rows or overflow pages leave it too uncertain.
 */
export async function measureHash(target: Target, indexrelid: number): Promise<Result<Measurement>> {
  const [growth, statistics] = await Promise.all([
    runRead(target, indexGrowth, {}),
    runRead(target, indexHashStatistics, { indexrelid, limit: LARGEST_BYTES }),
  ])
  if (!statistics.ok) return statistics
  if (!growth.ok) return growth
  const [seen] = statistics.value
  const index = growth.value.find((row) => row.indexrelid === indexrelid)
  if (!seen || !index) return failed('invalid_input', whyUnseen(index?.bytes))
  const { block_size: page, table_rows: rows, fillfactor, relfilenode } = index
  const detail = baselineDetail(index)
  if (rows === null || detail === null)
    return failed('conflict', 'Not measured: how many rows a rebuild would lay out buckets for is not known', {
      fix: `ANALYZE ${qualified(index.schemaname, index.relname)}`,
    })
  const { bucket_pages, overflow_pages, bitmap_pages, unused_pages, live_items, dead_items, free_percent, dead_share } = seen
  const pages = 1 + bucket_pages + overflow_pages + bitmap_pages + unused_pages
  const perPage = Math.floor((page - PAGE_OVERHEAD) / HASH_ITEM_BYTES)
  const items = live_items * (1 - dead_share)
  const rebuilt = [1 - ROWS_OFF, 1 + ROWS_OFF].flatMap((off) => {
    const laidOut = hashPages(rows * off, page, fillfactor)
    const least = Math.max(0, Math.ceil(items / perPage) - laidOut)
    return [laidOut + least, laidOut + Math.max(least, Math.min(overflow_pages, Math.ceil(items / perPage)))]
  })
  const [low, high] = [Math.min(...rebuilt), Math.max(...rebuilt)]
  const plusMinus = (50 * (high - low)) / pages + 100 / pages
  if (plusMinus > MOST_POINTS)
    return failed('conflict', 'Not measured: pgstathashindex cannot see how many overflow pages equal keys would need after a rebuild')
  return ok({
    method: 'pgstathashindex',
    bytes: pages * page,
    rebuiltBytes: Math.min(pages, (low + high) / 2) * page,
    plusMinus,
    relfilenode,
    detail: {
      ...detail,
      bucket_pages,
      overflow_pages,
      bitmap_pages,
      unused_pages,
      live_items,
      dead_items,
      free_percent,
      pages_read: pages,
    },
  })
}
