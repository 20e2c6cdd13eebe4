import type { Trust } from '../server/trust'
import type { InvalidIndex } from './invalid-index'
import type { StandIn } from './redundancy-sentences'

/**
 * One verdict an index; the first that holds in this order: invalid, redundant, unused, bloated, not-scanned, constraint, healthy.
 * unused is proved; not-scanned is not, and asks for nothing.
 */
export type IndexVerdict = 'bloated' | 'unused' | 'redundant' | 'invalid' | 'not-scanned' | 'constraint' | 'healthy'

/**
 * One index as the list shows it. A partitioned index stands for all of its partitions: only the root can
 * be dropped, so sizes and scans are summed up to it. Column names are PostgreSQL's.
 */
export interface IndexFinding {
  indexrelid: number
  schemaname: string
  /** The table. */
  relname: string
  relid: number
  indexrelname: string
  amname: string
  /** pg_relation_size of the index (main fork), its partitions included; null where it could not be read. */
  bytes: number | null
  /** pg_class.reltuples of the index; null when never counted. */
  reltuples: number | null
  verdict: IndexVerdict
  /** The rule and this index's numbers, in a sentence: "Bloated: 49% and 51.2 MB. Threshold: ≥ 20% and ≥ 1 MB." */
  rule: string
  bloatBytes: number | null
  /** 0 … 1; null when withheld. */
  bloatRatio: number | null
  trust: Trust
  /** When the exact measurement was made, for trust exact or a page sample. */
  measuredAt: string | null
  /** What fixing gives back: the bloat of a bloated index, all of an unused, redundant or invalid one, else 0. */
  reclaimBytes: number
  idxScan: string
  /** Share of all scans of the table (sequential and index) that used this index, 0 … 1; null: never scanned. */
  tableShare: number | null
  /** Why an index that nothing scanned is not called unused (what it enforces, or a short window); else null. */
  unusedWithheld: string | null
  /** Not scanned, and only want of proof keeps it from being called unused. */
  unusedCandidate: boolean
  /** Of a candidate: when time alone will have proved it, at the earliest (ISO 8601), and what would prove it sooner. */
  unusedSettles: string | null
  unusedRemedy: string | null
  /** Of an unused one: since when it is proved that nothing scanned it (ISO 8601). */
  unusedSince: string | null
  /** PostgreSQL 16 and later. */
  lastIdxScan: string | null
  isUnique: boolean
  isPrimary: boolean
  /** The constraint that the index backs. */
  conname: string | null
  /** Of an invalid one: what is to be done. */
  invalid: Pick<InvalidIndex, 'action' | 'sql' | 'title'> | null
  redundantWith: { indexrelid: number; indexrelname: string; kind: 'duplicate' | 'prefix' } | null
  /** Another index that could serve its queries, but with the doubt that it names: nothing is proposed for that. */
  standIn: StandIn | null
  /** Foreign keys for which this is an index that serves. */
  foreignKeys: string[]
  /** How many partitions stand behind a partitioned index; 0 for a plain one. */
  partitions: number
  /** Whether it is a partitioned one, which may also have no partitions. */
  partitioned: boolean
  /** Whether an exclusion constraint (or a key WITHOUT OVERLAPS) is built on it, so that it cannot be rebuilt CONCURRENTLY. */
  exclusion: boolean
  /** Why parts of the row are missing: an AccessExclusiveLock that is held or waited for. */
  skipped: string | null
}

/** What stands above the table. Bytes; counts of indexes. */
export interface IndexSummary {
  total: number
  bytes: number
  /** null where it could not be read. */
  databaseBytes: number | null
  counts: Record<IndexVerdict, number>
  reclaim: Record<IndexVerdict, number>
  /** Sum over indexes whose bloat is known; withheld ones are left out. */
  bloatBytes: number
  /** Bytes of the indexes whose bloat is known. */
  knownBytes: number
  /** True when any part of bloatBytes is estimated. */
  estimated: boolean
  /** Since when pg_stat_user_indexes counts. */
  statsReset: string | null
  /** Where statsReset is null: since when the server has been up. */
  statsSince: string
  /** Indexes that were skipped for a lock. */
  skipped: number
}

/** What the statistics window allows to say of unused indexes. */
export interface UnusedEvidence {
  /** How long every server of the cluster has counted; null where that could not be read. */
  seconds: number | null
  /** Seconds without a scan that are asked for. */
  after: number
  /** Why no index of this database can be called unused ("statistics are 3 hours old, 35 days are needed"); else null. */
  withheld: string | null
  /** The candidates meanwhile: not scanned so far, nothing to enforce. */
  notScanned: { count: number; bytes: number }
}
