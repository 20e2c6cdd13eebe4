import type { IndexFinding, IndexVerdict } from './index-finding'

/** One of the largest indexes, for the bars. Bytes; bloat is null where it is withheld. */
export interface LargeIndex {
  indexrelid: number
  indexrelname: string
  bytes: number
  bloatBytes: number | null
  bloatRatio: number | null
}

/** One index for the scatter. */
export interface IndexPoint {
  indexrelid: number
  indexrelname: string
  bytes: number
  idxScan: number
  verdict: IndexVerdict
}

/** Indexes of one verdict that lie close together, where there are too many for a point each. */
interface IndexCluster {
  verdict: IndexVerdict
  count: number
  /** The largest of them stands for their place. */
  bytes: number
  idxScan: number
}

export interface IndexChart {
  largest: LargeIndex[]
  points: IndexPoint[]
  clusters: IndexCluster[]
  /** Unused indexes of at least a megabyte. */
  largeUnused: { count: number; bytes: number }
}

const LARGEST = 10
/** Each point is an element on the page and about 100 bytes of its HTML, which is to stay under 300 kB. */
const SCATTER_POINTS = 500
const LARGE_BYTES = 1024 * 1024

/** What the two charts above the table show. Indexes whose size is not known are left out. */
export function indexChart(findings: IndexFinding[]): IndexChart {
  const bySize = findings.filter((finding) => finding.bytes !== null).sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))
  const unused = bySize.filter(({ verdict, bytes }) => verdict === 'unused' && (bytes ?? 0) >= LARGE_BYTES)
  const byWorth = bySize.length <= SCATTER_POINTS ? bySize : [...bySize].sort((a, b) => b.reclaimBytes - a.reclaimBytes)
  return {
    largest: bySize.slice(0, LARGEST).map(({ indexrelid, indexrelname, bytes, bloatBytes, bloatRatio }) => {
      return { indexrelid, indexrelname, bytes: bytes ?? 0, bloatBytes, bloatRatio }
    }),
    points: byWorth.slice(0, SCATTER_POINTS).map(({ indexrelid, indexrelname, bytes, idxScan, verdict }) => {
      return { indexrelid, indexrelname, bytes: bytes ?? 0, idxScan: Number(idxScan), verdict }
    }),
    clusters: clusters(byWorth.slice(SCATTER_POINTS)),
    largeUnused: { count: unused.length, bytes: unused.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) },
  }
}

/** Cells of a grid with a step of two in size and of ten in scans. */
function clusters(findings: IndexFinding[]): IndexCluster[] {
  const cells = new Map<string, IndexCluster>()
  for (const { verdict, bytes, idxScan } of findings) {
    const [size, scans] = [bytes ?? 0, Number(idxScan)]
    const key = `${verdict} ${Math.ceil(Math.log2(size + 1))} ${scans === 0 ? 0 : idxScan.length}`
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, { verdict, count: 1, bytes: size, idxScan: scans })
    else {
      cell.count += 1
      if (size > cell.bytes) Object.assign(cell, { bytes: size, idxScan: scans })
    }
  }
  return [...cells.values()]
}
