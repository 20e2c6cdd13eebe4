import type { RelationFinding } from '@/db/checks/define-check'
import type { TimeMark } from '@/db/history/events'

/** Indexes that are proposed, worst first. */
export interface MissingIndexes {
  findings: RelationFinding[]
  /** On all pages. */
  total: number
}

/** Scans of all indexes of a database, as sampled; times in ms, width and step in seconds. */
export interface IndexUsage {
  /** When the history of the server begins; null while there is none. */
  begin: number | null
  width: number
  /** Between two samples. */
  step: number
  /** `last`: when the last sample of the bucket was taken, to a step. */
  points: { at: number; last: number; scans: number; indexes: number }[]
  marks: TimeMark[]
}
