import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { IndexFinding } from './index-finding'
import { indexHealth, type PartProblem } from './index-health'

/** One index for scripts: flat, names in snake case, null where a number is not known. Sizes in bytes. */
export interface IndexLine {
  schema: string
  table: string
  index: string
  oid: number
  method: string
  verdict: IndexFinding['verdict']
  bytes: number | null
  rows: number | null
  bloat_bytes: number | null
  /** 0 … 1 */
  bloat_ratio: number | null
  trust: 'exact' | 'estimated' | 'withheld'
  /** Percentage points, of an estimate. */
  plus_minus: number | null
  /** Why bloat is withheld, or why the row was skipped. */
  reason: string | null
  /** What would lift that. */
  mend: string | null
  reclaim_bytes: number
  /** Decimal text beyond 2^53. */
  scans: number | string
  table_share: number | null
  last_scan: string | null
  /** Why an index without a scan is not called unused. */
  unused_withheld: string | null
  redundant_with: string | null
  constraint: string | null
  foreign_keys: string[]
  partitions: number
  rule: string
}

/** Every index with its verdict, the largest gain first. Errors: as indexHealth; problems are those of its parts. */
export async function indexReport(target: Target): Promise<Result<{ rows: IndexLine[]; problems: PartProblem[] }>> {
  const health = await indexHealth(target, [])
  if (!health.ok) return health
  const { findings, problems } = health.value
  const rows = findings.map(line).sort((a, b) => b.reclaim_bytes - a.reclaim_bytes || (b.bytes ?? 0) - (a.bytes ?? 0) || a.oid - b.oid)
  return ok({ rows, problems })
}

function line(finding: IndexFinding): IndexLine {
  const { trust, idxScan } = finding
  return {
    schema: finding.schemaname,
    table: finding.relname,
    index: finding.indexrelname,
    oid: finding.indexrelid,
    method: finding.amname,
    verdict: finding.verdict,
    bytes: finding.bytes,
    rows: finding.reltuples,
    bloat_bytes: finding.bloatBytes,
    bloat_ratio: finding.bloatRatio,
    trust: trust.kind,
    plus_minus: trust.kind === 'estimated' ? trust.plusMinus : null,
    reason: finding.skipped ?? (trust.kind === 'withheld' ? trust.reason : null),
    mend: trust.kind === 'withheld' ? (trust.mend ?? null) : null,
    reclaim_bytes: finding.reclaimBytes,
    scans: Number.isSafeInteger(Number(idxScan)) ? Number(idxScan) : idxScan,
    table_share: finding.tableShare,
    last_scan: finding.lastIdxScan,
    unused_withheld: finding.unusedWithheld,
    redundant_with: finding.redundantWith?.indexrelname ?? null,
    constraint: finding.conname,
    foreign_keys: finding.foreignKeys,
    partitions: finding.partitions,
    rule: finding.rule,
  }
}
