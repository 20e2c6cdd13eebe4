import { sizePer } from '../domain/learned'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { IndexFinding } from './index-finding'
import { indexHealth, type PartProblem } from './index-health'
import type { IndexPast } from './index-past'

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
  /** Of an estimate by a baseline: when that was learned (ISO 8601), and from what ("41.2 bytes per row"). */
  learned_at: string | null
  learned_from: string | null
  /** Why bloat is withheld, or why the row was skipped. */
  reason: string | null
  /** What would lift that. */
  fix: string | null
  reclaim_bytes: number
  /** Decimal text beyond 2^53. */
  scans: number | string
  table_share: number | null
  last_scan: string | null
  /** Why an index without a scan is not called unused. */
  unused_withheld: string | null
  /** When time alone proves it unused, at the earliest (ISO 8601), and what proves it sooner. */
  settles_at: string | null
  settled_by: string | null
  /** Of an unused one: since when nothing scanned it, as far as that is proved (ISO 8601). */
  unused_since: string | null
  redundant_with: string | null
  /** Another index that could serve its queries, and why it is not called redundant all the same. */
  stand_in: string | null
  stand_in_doubt: string | null
  constraint: string | null
  foreign_keys: string[]
  partitions: number
  rule: string
}

/** Every index with its verdict, the largest gain first. Errors: as indexHealth; problems are those of its parts. */
export async function indexReport(target: Target, past?: IndexPast): Promise<Result<{ rows: IndexLine[]; problems: PartProblem[] }>> {
  const health = await indexHealth(target, [], past)
  if (!health.ok) return health
  const { findings, problems } = health.value
  const rows = findings.map(line).sort((a, b) => b.reclaim_bytes - a.reclaim_bytes || (b.bytes ?? 0) - (a.bytes ?? 0) || a.oid - b.oid)
  return ok({ rows, problems })
}

function line(finding: IndexFinding): IndexLine {
  const { trust, idxScan } = finding
  const learned = trust.kind === 'estimated' ? trust.learned : undefined
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
    learned_at: learned?.at ?? null,
    learned_from: learned ? sizePer(learned) : null,
    reason: finding.skipped ?? (trust.kind === 'withheld' ? trust.reason : null),
    fix: trust.kind === 'withheld' ? (trust.fix ?? null) : null,
    reclaim_bytes: finding.reclaimBytes,
    scans: Number.isSafeInteger(Number(idxScan)) ? Number(idxScan) : idxScan,
    table_share: finding.tableShare,
    last_scan: finding.lastIdxScan,
    unused_withheld: finding.unusedWithheld,
    settles_at: finding.unusedSettles,
    settled_by: finding.unusedRemedy,
    unused_since: finding.unusedSince,
    redundant_with: finding.redundantWith?.indexrelname ?? null,
    stand_in: finding.standIn?.indexrelname ?? null,
    stand_in_doubt: finding.standIn?.doubt ?? null,
    constraint: finding.conname,
    foreign_keys: finding.foreignKeys,
    partitions: finding.partitions,
    rule: finding.rule,
  }
}
