import type { TimeMark } from '@/db/history/events'
import type { IndexPoint } from '@/db/history/indexes'
import type { IndexDescription } from '@/db/indexes/describe-index'
import type { StoredMeasurement } from '@/db/indexes/index-measurement'

/** What the read index-detail answers: the index with its evidence, and what was measured of it. */
export interface DescribedIndex extends IndexDescription {
  /** Newest first; `current` while it is still the same file. */
  measurements: MeasuredIndex[]
  /** As sampled, a point an hour in which it changed. */
  history: IndexPoint[]
  /** When the history of the server begins, in ms; null while there is none. */
  begin: number | null
  /** Runs, restarts and resets of statistics over the same time. */
  marks: TimeMark[]
}

export interface MeasuredIndex extends StoredMeasurement {
  current: boolean
}
