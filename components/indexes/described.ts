import type { IndexDescription } from '@/db/checks/describe-index'
import type { StoredMeasurement } from '@/db/checks/index-measurement'

/** What the read index-detail answers: the index with its evidence, and what was measured of it. */
export interface DescribedIndex extends IndexDescription {
  /** Newest first; `current` while it is still the same file. */
  measurements: MeasuredIndex[]
}

export interface MeasuredIndex extends StoredMeasurement {
  current: boolean
}
