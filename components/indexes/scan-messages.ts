import { ago, span } from '../format-time'

/**
 * What follows the number of scans: when the last was, as far as the server tells. Before 16 it keeps no time of scans, so the counter of
 * an index that is no longer used stands still like that of one which waits for its next use: neither can be called unused.
 */
export function lastScanWords(
  { idxScan, lastIdxScan }: { idxScan: string; lastIdxScan: string | null },
  since: string,
  readAt: string,
): string {
  if (lastIdxScan !== null) return `, last ${ago(lastIdxScan, readAt)}`
  if (idxScan === '0') return `, none in ${span(since, readAt)}`
  return '. When the last was is told from PostgreSQL 16 on: here an index that was ever scanned counts as used until the statistics are reset.'
}
