import { formatSpan } from '../domain/format'
import type { Target } from '../server/target'
import { addScans, type CountedUse, type Scans } from './counted-use'
import { existedByOf } from './existed-by'
import type { IndexPast } from './index-past'
import type { WholeIndex } from './index-roll-up'
import { type IndexUse, indexUse } from './index-use'
import { readCountedUse } from './read-counted-use'

/** How the use of the indexes of a database is judged. */
export interface Uses {
  /** How long every server of the cluster has counted, and why nothing can be called unused. */
  seconds: number | null
  withheld: string | null
  /** The same text: the same judgements, but for time that goes by. */
  stamp: string
  /** Takes all of them, for those that stay take over the scans of those that go. */
  judge: (wholes: WholeIndex[]) => (whole: WholeIndex) => IndexUse
}

/** Reads what judges the use of indexes: counters of the whole cluster, and proofs of age. What cannot be read withholds the verdict. */
export async function readUses(target: Target, past: IndexPast): Promise<Uses> {
  const read = await readCountedUse(target, past)
  if (!read.ok) {
    const withheld = 'the statistics window could not be read'
    const unproved: IndexUse = { kind: 'unproved', reason: withheld, remedy: read.problem.fix ?? null, settles: null }
    const judge = () => (whole: WholeIndex) => (whole.idxScan > 0n ? ({ kind: 'used' } as const) : unproved)
    return { seconds: null, withheld, stamp: withheld, judge }
  }
  const { counted: use, own } = read.value
  const existed = await existedByOf(target, past, own)
  const seconds = (use.now - use.since) / 1000
  const { unusedAfter, remedies } = past
  const tooShort = seconds < unusedAfter ? `${use.began(seconds)}, ${formatSpan(unusedAfter)} are needed` : null
  return {
    seconds,
    withheld: use.withheld?.reason ?? tooShort,
    stamp: stampOf(use, existed.committed),
    judge: (wholes) => {
      const scans = withInherited(wholes, use)
      const none = { scans: 0n, last: null }
      const tables = readElsewhere(wholes, use)
      return (whole) =>
        indexUse(whole, scans.get(whole.index.indexrelid) ?? none, use, {
          unusedAfter,
          existed: existed.of(whole.index.indexrelid),
          remedy: remedies.age,
          readElsewhere: tables.has(whole.index.relid),
          sampled: past.sampled?.get(own.datid)?.get(whole.index.indexrelid),
        })
    },
  }
}

/** Tables of which another server scanned an index. */
const readElsewhere = (wholes: WholeIndex[], { elsewhere }: CountedUse): Set<number> =>
  new Set(wholes.filter(({ parts }) => parts.some((part) => elsewhere.has(part))).map(({ index }) => index.relid))

const stampOf = ({ since, withheld, elsewhere, servers }: CountedUse, committed: number): string =>
  JSON.stringify([since, withheld, servers, committed, [...elsewhere].map(([oid, { scans, last }]) => [oid, String(scans), last])])

/** Scans of each index on all servers; one that stays has those of the indexes that go because of it, too. */
export function withInherited(wholes: WholeIndex[], { elsewhere }: Pick<CountedUse, 'elsewhere'>): Map<number, Scans> {
  const own = new Map(wholes.map((whole) => [whole.index.indexrelid, scansOf(whole, elsewhere)]))
  const all = new Map(own)
  const redundant = new Set(wholes.filter(({ index }) => index.redundant_with !== null).map(({ index }) => index.indexrelid))
  for (const { index } of wholes)
    for (const { indexrelid } of index.stands_in_for)
      if (redundant.has(indexrelid)) all.set(index.indexrelid, addScans(all.get(index.indexrelid), own.get(indexrelid)))
  return all
}

const scansOf = ({ idxScan, lastIdxScan, parts }: WholeIndex, elsewhere: Map<number, Scans>): Scans =>
  parts.reduce((sum, part) => addScans(sum, elsewhere.get(part)), { scans: idxScan, last: lastIdxScan })
