import type { IndexDescription } from '@/db/checks/describe-index'
import type { StoredMeasurement } from '@/db/checks/index-measurement'
import type { TimeMark } from '@/db/console/history/events'
import type { IndexPoint } from '@/db/console/history/indexes'

/** What the read index-detail answers: the index with its evidence, and what was measured of it. */
export interface DescribedIndex extends IndexDescription {
  /** Newest first; `current` while it is still the same file. */
  measurements: MeasuredIndex[]
  /** As sampled, a point an hour in which it changed. */
  history: IndexPoint[]
  /** Runs, restarts and resets of statistics over the same time. */
  marks: TimeMark[]
}

export interface MeasuredIndex extends StoredMeasurement {
  current: boolean
}
