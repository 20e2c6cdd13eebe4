import type { SizedIndex } from './sized-indexes'

/** A size that was measured on the pages and kept in the console database. Bytes. */
export interface StoredMeasurement {
  indexrelid: number
  relfilenode: number
  /** ISO 8601. */
  measuredAt: string
  method: 'pgstatindex' | 'sample' | 'rebuild'
  bytes: number
  rebuiltBytes: number
  /** Percentage points. */
  plusMinus: number
  /** table_changes: the table's counter at that moment, where it was noted. */
  detail: Record<string, number | string | null>
}

/** By how much an index may have grown, or its table changed, before a measurement no longer speaks for it. */
const MOVED = 0.1

/**
 * Whether a measurement still speaks for the index: the same file (relfilenode; REINDEX, VACUUM FULL and
 * TRUNCATE make a new one), within a tenth of its size, and less than a tenth of the rows changed since: a
 * delete makes bloat and leaves the size as it is.
 */
export function stillHolds(measured: StoredMeasurement, now: SizedIndex): boolean {
  if (now.bytes === null || measured.relfilenode !== now.relfilenode) return false
  if (Math.abs(now.bytes - measured.bytes) > MOVED * measured.bytes) return false
  const changes = measured.detail.table_changes
  if (changes === undefined || changes === null || now.reltuples === null) return true
  return Number(now.table_changes) - Number(changes) <= MOVED * Math.max(now.reltuples, 1)
}
