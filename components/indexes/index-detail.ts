import type { IndexFinding } from '@/db/checks/index-finding'

/** One measurement of an index, as the console keeps it. Sizes in bytes. */
export interface MeasuredIndex {
  measuredAt: string
  method: 'pgstatindex' | 'sample' | 'rebuild'
  bytes: number
  /** What a rebuild would make of it. */
  rebuiltBytes: number
  /** Percentage points; 0 for an exact one. */
  plusMinus: number
  /** avg_leaf_density, leaf_fragmentation, deleted_pages, leaf_pages …; null where the method cannot tell. */
  detail: Record<string, number | string | null>
  /** The same file as today: a rebuild makes a new one. */
  current: boolean
}

/** What the drawer shows: the read index-detail. */
export interface IndexDetail {
  finding: IndexFinding
  /** As pg_get_indexdef has it; null behind an AccessExclusiveLock. */
  definition: string | null
  /** DROP INDEX CONCURRENTLY …; null where a drop is not offered, and why. */
  dropSql: string | null
  dropGuard: string | null
  /** What brings the index back after a drop. */
  undoSql: string | null
  /** Estimated rows of the table; null when never counted. */
  tableRows: number | null
  statsReset: string | null
  statsSince: string
  /** The constraint in words: PRIMARY KEY (id). */
  constraintText: string | null
  foreignKeys: { conname: string; text: string }[]
  partitionRoot: string | null
  /** What the statistics say, whatever was measured. */
  estimate: { bloatRatio: number; liveBytes: number; plusMinus: number } | null
  estimateWithheld: string | null
  /** Newest first. */
  measurements: MeasuredIndex[]
}
