import type { CheckOutcome } from '@/db/checks/define-check'
import type { TimeMark } from '@/db/history/events'
import type { Replication } from '@/db/replication/replication'
import type { TimeBuckets } from '../charts/time-axis'

/** Replication and WAL now, and what the checks of this topic say of it. */
export type ReplicationAnswer = Replication & { checks: CheckOutcome[] }

/** Values a bucket; null where nothing was sampled. */
type Values = (number | null)[]

/** What the samples say of a time range. */
export interface ReplicationHistory {
  buckets: TimeBuckets
  /** When the history began, where that is within the range that was asked for; in ms, else null. */
  since: number | null
  /** Bytes of WAL a second. */
  wal: Values
  /** Checkpoints a bucket. */
  checkpoints: { timed: Values; requested: Values }
  /** Of each standby, s and bytes; 0 s where everything was replayed. */
  lag: { standby: string; seconds: Values; bytes: Values }[]
  /** Of each slot, bytes. */
  retained: { slot: string; bytes: Values }[]
  marks: TimeMark[]
}
