import type { SizedIndex } from './sized-indexes'

/** One index, measured by reading its pages. Sizes in bytes. */
export interface Measurement {
  /** sample: pages picked at random (all of a small index); the others read every page. */
  method: 'sample' | 'pgstatindex' | 'pgstathashindex'
  bytes: number
  /** Size after REINDEX. */
  rebuiltBytes: number
  /** Percentage points of the index; 95 % of the truths lie within. */
  plusMinus: number
  /** The file that was measured; another one after REINDEX. */
  relfilenode: number
  /** What else was seen, under the names that pgstattuple gives it. */
  detail: StoredMeasurement['detail']
}

/** A size that was measured on the pages and kept in the console database. Bytes. */
export interface StoredMeasurement {
  indexrelid: number
  relfilenode: number
  /** ISO 8601. */
  measuredAt: string
  method: Measurement['method'] | 'rebuild'
  bytes: number
  rebuiltBytes: number
  /** Percentage points. */
  plusMinus: number
  /** table_changes: the table's counter at that moment, where it was noted. amount, reloptions: what a baseline needs (size-baseline.ts). */
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
