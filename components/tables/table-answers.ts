import type { TimeMark } from '@/db/history/events'
import type { SizePoint, TablePoint } from '@/db/history/tables'
import type { Row } from '@/db/server/define-read'
import type { attachableTables } from '@/db/tables/reads/attachable-tables'

/** One that could become a partition. */
export type AttachableTable = Row<typeof attachableTables>

export interface Counted {
  covered: { from: number; to: number }
  /** Seconds a bucket. */
  width: number
  points: TablePoint[]
  /** Buckets in which the server was looked at, ms. */
  sampled: number[]
}

/** What was sampled of a table and its partitions. */
export interface TableHistory {
  /** When sampling of the server began, ms; null: it has not. */
  begin: number | null
  /** Up to 90 days, a point where a size changed. */
  sizes: SizePoint[]
  /** 30 days. */
  month: Counted
  day: Counted
  marks: TimeMark[]
}
