import type { Gain } from '../checks/define-check'
import type { IndexFinding } from '../indexes/index-finding'
import type { TableFinding } from '../tables/table-health'

/** Whether there is some bloat even if the estimate is as far off as it says it may be. */
export function isSure({ bytes, bloatBytes, trust }: IndexFinding): boolean {
  if (bytes === null || bloatBytes === null || trust.kind === 'withheld') return false
  return trust.kind === 'exact' || bloatBytes > (bytes * trust.plusMinus) / 100
}

/**
 * Of a rebuild; `heap`: bytes of the index's table. null: not bloated, not surely so, or not known. REINDEX CONCURRENTLY reads the table
 * twice and its new index once, and writes the index (manual, REINDEX, "Rebuilding Indexes Concurrently").
 */
export function rebuildGain(index: IndexFinding, heap: number | null): Gain | null {
  const { bytes, bloatBytes, bloatRatio, verdict, skipped } = index
  if (verdict !== 'bloated' || !isSure(index) || bytes === null || bloatBytes === null || heap === null || skipped !== null) return null
  const after = bytes - bloatBytes
  return {
    why: `${Math.round((bloatRatio ?? 0) * 100)}% bloat`,
    bytes: bloatBytes,
    gives: 'back',
    readBytes: 2 * heap + after,
    writeBytes: after,
    workBytes: after,
  }
}

/**
 * Of a VACUUM, where dead rows want one; null: they do not, or a size is not known. It reads table and indexes at most once, and writes the
 * pages with dead rows. Of a partitioned table its partitions together; they are what VACUUM works on.
 */
export function vacuumGain(table: TableFinding): Gain | null {
  const { kind, bytes, indexBytes, dead, deadShare, needs, skipped, vacuuming } = table
  const wants = needs.some(({ command, reason, act }) => command === 'vacuum' && act && (reason === 'dead' || reason === 'dead-share'))
  if (kind === 'partition' || !wants || bytes === null || deadShare === null || skipped !== null || vacuuming !== null) return null
  const all = bytes + (indexBytes ?? 0)
  return {
    why: `${Number(dead).toLocaleString('en-US')} dead rows, ${Math.round(deadShare * 100)}%`,
    bytes: Math.round(bytes * deadShare),
    gives: 'for reuse',
    readBytes: all,
    writeBytes: Math.round(all * deadShare),
    workBytes: all,
  }
}
