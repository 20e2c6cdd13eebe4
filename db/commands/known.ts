import type { IndexPast } from '../indexes/index-past'
import type { FilePlace } from '../server/local-disk'
import type { Trust } from '../server/trust'

/** What a rebuild would make of one index, from a measurement or the catalog. */
export interface RebuiltSize {
  bytes: number
  rebuiltBytes: number
  trust: Trust
}

/** What past runs of the same command on the same server say about time and WAL. */
export interface PastRuns {
  runs: number
  /** Seconds of work (waits left out) per byte of the object afterwards: the fastest and the slowest run. */
  secondsPerByte: { from: number; to: number }
  /** Bytes of WAL per byte of the object afterwards, on average; null where it was never measured. */
  walPerByte: number | null
}

/** What cannot be read from the monitored server; whoever plans knows it. */
export interface Known {
  /** By indexrelid; an index that is not in it has no known size after a rebuild. */
  rebuilt: Record<number, RebuiltSize>
  past: PastRuns | null
  /** Free bytes of a file system; null when the server is not on this machine, or it cannot be looked at. */
  freeBytes: (place: FilePlace) => Promise<number | null>
  /** True: the sample that comes with the console, which alone may be restarted from it. */
  embedded?: boolean
  /** What is known of the indexes of this database; left out: nobody has watched. */
  indexPast?: () => Promise<IndexPast>
  /** Runs of other commands at this server. */
  otherRuns?: () => Promise<{ going: number; queued: number }>
}
