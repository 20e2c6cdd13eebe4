import type { RelationFinding } from '@/db/checks/define-check'
import type { TimeMark } from '@/db/history/events'

/** Indexes that are proposed, worst first. */
export interface MissingIndexes {
  findings: RelationFinding[]
  /** On all pages. */
  total: number
}

/** Scans of all indexes of a database, as sampled; times in ms, width in seconds. */
export interface IndexUsage {
  from: number
  to: number
  width: number
  points: { at: number; scans: number; indexes: number }[]
  marks: TimeMark[]
}
