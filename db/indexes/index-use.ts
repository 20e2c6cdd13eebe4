import { formatSpan } from '../domain/format'
import type { CountedUse, Scans, Withheld } from './counted-use'
import type { SampledScans } from './index-past'
import type { WholeIndex } from './index-roll-up'

/** Whether an index is used, as far as that is proved. */
export type IndexUse =
  | { kind: 'used' }
  /** Nothing scanned it for so long: proved; `sampled`: by samples of its counter alone. `scans` and `last` are those before that. */
  | ({ kind: 'unused'; since: string; seconds: number; servers: number; sampled?: true } & Scans)
  /** No scan was seen, and that proves nothing. */
  | ({ kind: 'unproved' } & Withheld)

/** What is known beside the counters. */
export interface Known {
  /** Seconds without a scan that are asked for. */
  unusedAfter: number
  /** When it existed, as early as is proved; ISO 8601. Null: nobody knows. */
  existed: string | null
  /** Whether another server of the cluster reads its table. */
  readElsewhere: boolean
  /** Its counter in a sample of long ago; left out where nobody has sampled, or it was not there. */
  sampled?: SampledScans
  /** What would prove it, in a sentence. */
  remedy: string
}

/** A scan of today is use, however few days are asked for. */
const A_DAY = 86_400

/** A build scans the table once or twice, a constraint's validation once: so many scans an index show no reader. */
const SCANS_OF_BUILDS = 3

/**
 * Judges the use of one index, with all scans that it would have: its own on every server, and those of the indexes that it stands in
 * for. Pure. The time without a scan begins with the last of: the counters, its last scan, and the earliest proof that it existed.
 */
export function indexUse(
  whole: WholeIndex,
  { scans, last }: Scans,
  counted: CountedUse,
  { unusedAfter, existed, remedy, readElsewhere, sampled }: Known,
): IndexUse {
  const { now, withheld, servers } = counted
  const long = (since: number) => now - since >= unusedAfter * 1000
  const unusedSince = (since: number) => {
    return { kind: 'unused' as const, since: new Date(since).toISOString(), seconds: (now - since) / 1000, servers, scans, last }
  }
  const unproved = (reason: string, remedy: string | null = null, settles: number | null = null): IndexUse => {
    return { kind: 'unproved', reason, remedy, settles: settles === null ? null : new Date(settles).toISOString() }
  }
  const needed = `${formatSpan(unusedAfter)} are needed`
  const foreign = whole.index.extension
  if (scans > 0n) {
    if (withheld !== null || foreign !== null) return { kind: 'used' }
    // Where the last scan is told, the index existed then. Where it is not, a counter that stands where a sample saw it has not moved since: of
    // one server, and of this index alone, whose scans these are then.
    const stands = sampled !== undefined && servers === 1 && scans === whole.idxScan && BigInt(sampled.scans) === scans
    if (last === null && !stands) return { kind: 'used' }
    const since = Math.max(Date.parse(last ?? sampled?.at ?? ''), counted.since)
    if (last === null) {
      // What began to count after the sample may have come to the same number anew.
      if (sampled === undefined || counted.since > Date.parse(sampled.at)) return { kind: 'used' }
      return now - since >= Math.max(unusedAfter, A_DAY) * 1000 ? { ...unusedSince(since), sampled: true } : { kind: 'used' }
    }
    return now - since >= Math.max(unusedAfter, A_DAY) * 1000 ? unusedSince(since) : { kind: 'used' }
  }
  if (withheld) return { kind: 'unproved', ...withheld }
  if (foreign !== null) return unproved(`its table belongs to extension ${foreign}, which manages it`)
  const settles = (since: number) => since + unusedAfter * 1000
  if (!long(counted.since)) {
    return unproved(`${counted.began((now - counted.since) / 1000)}, ${needed}`, null, settles(counted.since))
  }
  if (!readElsewhere && !isRead(whole))
    return unproved('nothing reads its table, so the lack of scans proves nothing', 'Check whether the table itself is needed.')
  if (existed === null) return unproved('its age is not known', remedy)
  const since = Math.max(counted.since, Date.parse(existed))
  if (long(since)) return unusedSince(since)
  const age = Math.max(0, (now - since) / 1000)
  return unproved(`it has been known for only ${formatSpan(age)}, ${needed}`, null, settles(since))
}

/** Whether anything here reads its table, with whatever index or without one. */
function isRead({ tableScans, tableSeqScans, tableIndexes }: WholeIndex): boolean {
  return tableScans > tableSeqScans || tableSeqScans > BigInt(SCANS_OF_BUILDS * tableIndexes)
}
