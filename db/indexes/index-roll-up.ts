import type { Learned } from '../domain/learned'
import { type Bloat, bloatOf, type Estimate } from './bloat'
import { type StoredMeasurement, stillHolds } from './index-measurement'
import type { InvalidIndex } from './invalid-index'
import type { SizedIndex } from './sized-indexes'

type Index = SizedIndex

/** An index as the list shows it: a plain one, or the root of a partitioned one with its leaves summed up. */
export interface WholeIndex {
  /** The plain index, or the root. */
  index: Index
  /** Physical indexes behind a partitioned one; 0 for a plain one. */
  partitions: number
  /** null when any part could not be read. */
  bytes: number | null
  reltuples: number | null
  idxScan: bigint
  tableScans: bigint
  tableSeqScans: bigint
  /** Indexes of the table, or of its partitions together. */
  tableIndexes: number
  /** As VACUUM or ANALYZE last saw it. */
  tableBytes: number
  /** Entries that its scans returned. */
  tupRead: bigint
  /** The physical indexes: itself, or those of the partitions. */
  parts: number[]
  lastIdxScan: string | null
  /** Who builds or drops it, or a part of it, concurrently: the rule in a sentence. */
  atWork: string | null
  /** What is wrong where it, or a part of it, is not valid. */
  invalid: InvalidIndex | null
  bloat: Bloat
  /** The oldest measurement among those that the bloat rests on. */
  measuredAt: string | null
  skipped: string | null
}

/** The newest knowledge of one physical index: its measurement while that holds, else its estimate. */
export interface Known {
  estimates: Map<number, Estimate>
  measurements: Map<number, StoredMeasurement>
  /** What is said of an index that has neither: why the estimate is missing. */
  missing: string
}

/** Share of the bytes that may be unknown before the sum is withheld; they widen its ± by as much. */
const UNKNOWN_SHARE = 0.05

/** Rolls attached indexes of partitions up to their root, for only that can be dropped. */
export function rollUp(rows: Index[], known: Known): WholeIndex[] {
  const leaves = new Map<number, Index[]>()
  for (const row of rows) {
    if (row.indexroot === null || row.relkind === 'I') continue
    const found = leaves.get(row.indexroot)
    if (found) found.push(row)
    else leaves.set(row.indexroot, [row])
  }
  const whole: WholeIndex[] = []
  for (const row of rows) {
    if (row.indexroot !== null) continue
    whole.push(row.relkind === 'I' ? partitioned(row, leaves.get(row.indexrelid) ?? [], known) : plain(row, known))
  }
  return whole
}

function plain(index: Index, known: Known): WholeIndex {
  const { weight, measuredAt } = weigh(index, known)
  return {
    index,
    partitions: 0,
    bytes: index.bytes,
    reltuples: index.reltuples,
    idxScan: BigInt(index.idx_scan),
    tableScans: BigInt(index.table_scans),
    tableSeqScans: BigInt(index.table_seq_scans),
    tableIndexes: index.table_indexes,
    tableBytes: index.table_bytes,
    tupRead: BigInt(index.idx_tup_read),
    parts: [index.indexrelid],
    lastIdxScan: index.last_idx_scan,
    atWork: index.atWork,
    invalid: index.invalid,
    bloat: bloatOf(weight),
    measuredAt,
    skipped: index.skipped,
  }
}

function partitioned(root: Index, leaves: Index[], known: Known): WholeIndex {
  const weights = leaves.map((leaf) => weigh(leaf, known))
  const locked = leaves.find((leaf) => leaf.skipped !== null)
  const times = weights.map(({ measuredAt }) => measuredAt).filter((at) => at !== null)
  return {
    index: root,
    partitions: leaves.length,
    bytes: total(leaves.map((leaf) => leaf.bytes)),
    reltuples: total(leaves.map((leaf) => leaf.reltuples)),
    idxScan: leaves.reduce((sum, leaf) => sum + BigInt(leaf.idx_scan), 0n),
    tableScans: leaves.reduce((sum, leaf) => sum + BigInt(leaf.table_scans), 0n),
    tableSeqScans: leaves.reduce((sum, leaf) => sum + BigInt(leaf.table_seq_scans), 0n),
    tableIndexes: leaves.reduce((sum, leaf) => sum + leaf.table_indexes, 0),
    tableBytes: leaves.reduce((sum, leaf) => sum + leaf.table_bytes, 0),
    tupRead: leaves.reduce((sum, leaf) => sum + BigInt(leaf.idx_tup_read), 0n),
    parts: leaves.map(({ indexrelid }) => indexrelid),
    lastIdxScan: leaves.reduce<string | null>(
      (last, leaf) => ((leaf.last_idx_scan ?? '') > (last ?? '') ? leaf.last_idx_scan : last),
      null,
    ),
    atWork: root.atWork,
    invalid: root.invalid,
    bloat: bloatOf(sum(weights.map(({ weight }) => weight))),
    measuredAt: times.sort()[0] ?? null,
    skipped: locked ? `${locked.skipped} on ${locked.indexrelname}` : root.skipped,
  }
}

function weigh(index: Index, { estimates, measurements, missing }: Known): { weight: Estimate; measuredAt: string | null } {
  const { indexrelid, bytes } = index
  const measured = measurements.get(indexrelid)
  if (measured && stillHolds(measured, index)) {
    const { rebuiltBytes: rebuilt_bytes, plusMinus: plus_minus } = measured
    return {
      weight: { bytes: measured.bytes, rebuilt_bytes, plus_minus, withheld: null, fix: null },
      measuredAt: measured.measuredAt,
    }
  }
  const estimate = estimates.get(indexrelid)
  if (estimate) return { weight: estimate, measuredAt: null }
  return { weight: { bytes, rebuilt_bytes: null, plus_minus: null, withheld: missing, fix: null }, measuredAt: null }
}

/** Sums what a rebuild of all parts would give; each part's ± counts by its share, as if all erred the same way. */
function sum(parts: Estimate[]): Estimate {
  const bytes = parts.reduce((so, part) => so + (part.bytes ?? 0), 0)
  const unknown = parts.filter((part) => part.rebuilt_bytes === null)
  const unknownBytes = unknown.reduce((so, part) => so + (part.bytes ?? 0), 0)
  const first = unknown[0]
  if (first && (unknownBytes > UNKNOWN_SHARE * bytes || unknown.some((part) => part.bytes === null))) {
    return { bytes, rebuilt_bytes: null, plus_minus: null, withheld: first.withheld, fix: first.fix }
  }
  const rebuilt_bytes = parts.reduce((so, part) => so + Math.min(part.rebuilt_bytes ?? part.bytes ?? 0, part.bytes ?? 0), 0)
  const plus_minus = bytes === 0 ? 0 : parts.reduce((so, part) => so + (part.plus_minus ?? 100) * ((part.bytes ?? 0) / bytes), 0)
  const learned = learnedTogether(parts)
  return { bytes, rebuilt_bytes, plus_minus, withheld: null, fix: null, ...(learned && { learned }) }
}

/** The oldest of the parts' baselines, with what they held together. */
const learnedTogether = (parts: Estimate[]): Learned | undefined =>
  parts
    .flatMap(({ learned }) => learned ?? [])
    .reduce<Learned | undefined>(
      (all, one) =>
        all ? { ...one, at: one.at < all.at ? one.at : all.at, bytes: all.bytes + one.bytes, amount: all.amount + one.amount } : one,
      undefined,
    )

/** null when any part is unknown. */
const total = (parts: (number | null)[]): number | null =>
  parts.some((part) => part === null) ? null : parts.reduce<number>((so, part) => so + (part ?? 0), 0)
