/** Of a page for tuples after a build, where none is set (HASH_DEFAULT_FILLFACTOR). */
const FILLFACTOR = 75
/** By such a share of them the server may estimate the rows wrong when it lays out the buckets. */
export const ROWS_OFF = 0.02
/** MAXALIGN(sizeof(IndexTupleData)) + MAXALIGN(sizeof(uint32)) + sizeof(ItemIdData) */
export const HASH_ITEM_BYTES = 8 + 8 + 4
/** Up to here buckets double, beyond they grow by quarters of that (HASH_SPLITPOINT_GROUPS_WITH_ONE_PHASE). */
const ONE_PHASE = 512

/**
 * Pages that a hash index begins with when it is built for so many rows, before any overflow page: metapage, bitmap and buckets
 * (_hash_init in hashpage.c, _hash_spareindex in hashutil.c). fillfactor in percent, null: the default.
 */
export function hashPages(rows: number, blockSize: number, fillfactor: number | null): number {
  const perBucket = Math.max(10, Math.floor(Math.floor((blockSize * (fillfactor ?? FILLFACTOR)) / 100) / HASH_ITEM_BYTES))
  const wanted = Math.floor(rows / perBucket)
  if (wanted <= 2) return 4
  const half = 2 ** (Math.ceil(Math.log2(wanted)) - 1)
  const buckets = wanted <= ONE_PHASE ? 2 * half : half + Math.ceil((wanted - half) / (half / 4)) * (half / 4)
  return 2 + buckets
}
