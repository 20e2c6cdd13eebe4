import type { indexBloatEstimate } from '../reads/index-bloat-estimate'
import type { Row } from '../server/define-read'
import { type Bloat, bloatOf } from './bloat'
import { type StoredMeasurement, stillHolds } from './index-measurement'
import type { SizedIndex } from './sized-indexes'

type Index = SizedIndex
type Estimate = Row<typeof indexBloatEstimate>

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
  lastIdxScan: string | null
  /** The backend that builds it, or a part of it, concurrently. */
  building: number | null
  /** Bytes of the parts that are invalid and not being built; null when none is. */
  invalidBytes: number | null
  /** A partitioned index that is invalid only because some partition has none attached. */
  lacksPartitions: boolean
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
    lastIdxScan: index.last_idx_scan,
    building: index.building,
    invalidBytes: isBroken(index) ? (index.bytes ?? 0) : null,
    lacksPartitions: false,
    bloat: bloatOf(weight),
    measuredAt,
    skipped: index.skipped,
  }
}

const isBroken = (index: Index): boolean => !index.indisvalid && index.building === null

function partitioned(root: Index, leaves: Index[], known: Known): WholeIndex {
  const broken = leaves.filter(isBroken)
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
    lastIdxScan: leaves.reduce<string | null>(
      (last, leaf) => ((leaf.last_idx_scan ?? '') > (last ?? '') ? leaf.last_idx_scan : last),
      null,
    ),
    building: root.building ?? leaves.find((leaf) => leaf.building !== null)?.building ?? null,
    invalidBytes: broken.length > 0 ? broken.reduce((sum, leaf) => sum + (leaf.bytes ?? 0), 0) : null,
    lacksPartitions: !root.indisvalid && broken.length === 0,
    bloat: bloatOf(
      sum(
        root.indexrelid,
        weights.map(({ weight }) => weight),
      ),
    ),
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
      weight: { indexrelid, bytes: measured.bytes, rebuilt_bytes, plus_minus, withheld: null, mend: null },
      measuredAt: measured.measuredAt,
    }
  }
  const estimate = estimates.get(indexrelid)
  if (estimate) return { weight: estimate, measuredAt: null }
  return { weight: { indexrelid, bytes, rebuilt_bytes: null, plus_minus: null, withheld: missing, mend: null }, measuredAt: null }
}

/** Sums what a rebuild of all parts would give; each part's ± counts by its share, as if all erred the same way. */
function sum(indexrelid: number, parts: Estimate[]): Estimate {
  const bytes = parts.reduce((so, part) => so + (part.bytes ?? 0), 0)
  const unknown = parts.filter((part) => part.rebuilt_bytes === null)
  const unknownBytes = unknown.reduce((so, part) => so + (part.bytes ?? 0), 0)
  const first = unknown[0]
  if (first && (unknownBytes > UNKNOWN_SHARE * bytes || unknown.some((part) => part.bytes === null))) {
    return { indexrelid, bytes, rebuilt_bytes: null, plus_minus: null, withheld: first.withheld, mend: first.mend }
  }
  const rebuilt_bytes = parts.reduce((so, part) => so + Math.min(part.rebuilt_bytes ?? part.bytes ?? 0, part.bytes ?? 0), 0)
  const plus_minus = bytes === 0 ? 0 : parts.reduce((so, part) => so + (part.plus_minus ?? 100) * ((part.bytes ?? 0) / bytes), 0)
  return { indexrelid, bytes, rebuilt_bytes, plus_minus, withheld: null, mend: null }
}

/** null when any part is unknown. */
const total = (parts: (number | null)[]): number | null =>
  parts.some((part) => part === null) ? null : parts.reduce<number>((so, part) => so + (part ?? 0), 0)
