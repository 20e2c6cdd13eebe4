import { ago, span } from '../format-time'

/**
 * What follows the number of scans: when the last was, as far as the server tells. Before 16 it keeps no time of scans: only two samples of
 * its counter, far enough apart and equal, show that an index was not used between them.
 */
export function lastScanWords(
  { idxScan, lastIdxScan }: { idxScan: string; lastIdxScan: string | null },
  since: string,
  readAt: string,
): string {
  if (lastIdxScan !== null) return `, last ${ago(lastIdxScan, readAt)}`
  if (idxScan === '0') return `, none in ${span(since, readAt)}`
  return '. When the last was is told from PostgreSQL 16 on: here an index that was ever scanned counts as used until a sample from as long ago as is asked for shows the same count.'
}
