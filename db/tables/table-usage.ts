import type { Row } from '../server/define-read'
import type { tableStatistics } from './reads/table-statistics'
import type { TableFinding } from './table-health'

/** As the statistics count, a partitioned table with its partitions. Decimal text. */
export interface TableUsage {
  seqScan: string
  seqRead: string
  idxScan: string
  idxFetched: string
  updated: string
  hotUpdated: string
}

/** HOT updates of all, 0 … 1; null without updates. */
export const hotShare = (usage: TableUsage | null): number | null =>
  usage && usage.updated !== '0' ? Number(usage.hotUpdated) / Number(usage.updated) : null

/** How many times over its threshold a table is, for VACUUM: autovacuum starts with what is over, and so does the queue. */
export function dueRatio({ dead, inserted, vacuumAt, insertAt, xidAge, freezeAt }: TableFinding): number {
  const over = (now: number, at: number | null) => (at === null ? 0 : now / Math.max(1, at))
  return Math.max(over(Number(dead), vacuumAt), over(Number(inserted), insertAt), over(xidAge ?? 0, freezeAt))
}

/** The counters by table; those of partitions are summed up to their root. */
export function usageOf(findings: TableFinding[], rows: Row<typeof tableStatistics>[]): Map<number, TableUsage> {
  const roots = new Map(findings.map(({ relid, root }) => [relid, root]))
  const found = new Map<number, TableUsage>()
  const add = (relid: number, row: (typeof rows)[number]) => {
    const before = found.get(relid)
    const sum = (a: string | undefined, b: string) => (BigInt(a ?? '0') + BigInt(b)).toString()
    found.set(relid, {
      seqScan: sum(before?.seqScan, row.seq_scan),
      seqRead: sum(before?.seqRead, row.seq_tup_read),
      idxScan: sum(before?.idxScan, row.idx_scan),
      idxFetched: sum(before?.idxFetched, row.idx_tup_fetch),
      updated: sum(before?.updated, row.n_tup_upd),
      hotUpdated: sum(before?.hotUpdated, row.n_tup_hot_upd),
    })
  }
  for (const row of rows) {
    add(row.relid, row)
    const root = roots.get(row.relid)
    if (root != null) add(root, row)
  }
  return found
}
