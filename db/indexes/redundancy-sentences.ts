import { formatBytes, formatCount } from '../domain/format'
import type { Pair } from './redundancy'

const DOUBT: Record<Pair['doubts'][number], string> = {
  subset: 'a search there also reads the entries of its other columns',
  mirrored: 'all its sort directions are reversed: it would be scanned backwards',
  pattern: 'LIKE would use the default operator class there, as the collation is C',
  'not-null': 'the rows without a value are in it as well',
  clustered: 'this one carries the CLUSTER mark',
  tablespace: 'it lies in another tablespace',
  statistics: 'this one has a statistics target of its own for its expression',
}

/** An index that could serve the queries of another one. */
export interface StandIn {
  indexrelid: number
  indexrelname: string
  /** Why that is not certain, as a clause. */
  doubt: string
  /** Whether it most likely serves them as well; false where it would at a cost, or its size is not known. */
  likely: boolean
}

/** Why an index is not called redundant though another one could stand in for it. */
export function doubtOf({ doubts, bytes, kept_bytes: kept }: Pair): string {
  if (doubts.length > 0) return doubts.map((doubt) => DOUBT[doubt]).join('; ')
  if (bytes === null || kept === null) return 'a lock hides the size of one of them'
  const times = Math.round(kept / Math.max(bytes, 1))
  return `it is ${times} times as large (${formatBytes(kept)} against ${formatBytes(bytes)}): a range read from the index alone would read as many times the pages`
}

/** Why an index is redundant, its size and where its scans go. */
export function redundantRule(kind: 'duplicate' | 'prefix', other: string, scans: bigint, size: string): string {
  const serves = kind === 'duplicate' ? `it repeats ${other}, key for key` : `${other} begins with its columns and serves the same queries`
  const moves = scans === 0n ? '' : ` ${other} takes over its ${formatCount(scans, 'scan')}.`
  return `Redundant: ${serves}. Size: ${size}.${moves}`
}

/** What is added to another verdict's rule where an index could stand in, with a doubt. */
export const standInSentence = ({ indexrelname, doubt }: StandIn): string =>
  ` ${indexrelname} could serve its queries, but ${doubt}; so it is not reported as redundant.`
