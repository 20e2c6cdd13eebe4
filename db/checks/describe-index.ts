import { indexBloatEstimate } from '../reads/index-bloat-estimate'
import { indexDetail } from '../reads/index-detail'
import type { Row } from '../server/define-read'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type Bloat, bloatOf } from './bloat'
import type { IndexFinding } from './index-finding'
import { indexHealth } from './index-health'
import type { StoredMeasurement } from './index-measurement'
import { dropStatement } from './index-script'
import { undoDdl } from './index-undo'

/** All that one page needs to decide about one index: the finding with everything that stands behind it. */
export interface IndexDescription {
  finding: IndexFinding
  detail: Row<typeof indexDetail>
  /** DROP INDEX, where a drop is what the verdict asks for and nothing guards the index; else null. */
  dropSql: string | null
  /** Why a drop is not offered, in a sentence; null when it is, or when nothing suggests one. */
  dropGuard: string | null
  /** What would bring the index back after a drop; null while a lock hides the definition. */
  undoSql: string | null
  /** What the statistics alone say, whatever was measured; null for a partitioned index or where they were not read. */
  estimate: (Bloat & { bytes: number | null }) | null
}

/** One index with its evidence. Errors: as indexHealth; conflict when there is no such index any more. */
export async function describeIndex(
  target: Target,
  indexrelid: number,
  measurements: StoredMeasurement[],
): Promise<Result<IndexDescription>> {
  const [health, details, estimates] = await Promise.all([
    indexHealth(target, measurements),
    runRead(target, indexDetail, { indexrelid }),
    runRead(target, indexBloatEstimate, {}),
  ])
  if (!health.ok) return health
  if (!details.ok) return details
  const detail = details.value[0]
  const finding = health.value.findings.find((candidate) => candidate.indexrelid === indexrelid)
  if (!detail || !finding) return failed('conflict', 'There is no such index any more: it was dropped or rebuilt under another OID')
  const guard = dropGuard(finding, detail)
  const asksForDrop = finding.verdict === 'unused' || finding.verdict === 'redundant' || finding.verdict === 'invalid'
  const estimate = estimates.ok ? estimates.value.find((row) => row.indexrelid === indexrelid) : undefined
  return ok({
    finding,
    detail,
    dropSql: asksForDrop && guard === null ? dropStatement(detail) : null,
    dropGuard: guard,
    undoSql: undoDdl(detail),
    estimate: estimate ? { ...bloatOf(estimate), bytes: estimate.bytes } : null,
  })
}

/** What stands against a drop, the strongest first. */
function dropGuard(finding: IndexFinding, detail: Row<typeof indexDetail>): string | null {
  const because = (reason: string) => `Drop is guarded: ${reason}.`
  if (detail.conname !== null) return because(`it backs constraint ${detail.conname}`)
  if (detail.root !== null) return because(`it belongs to ${detail.root.indexrelname}, and only that can be dropped`)
  if (detail.referenced_by.length > 0) return because('a foreign key refers to it')
  if (detail.indisreplident) return because('it is the replica identity')
  if (finding.verdict === 'redundant' || finding.verdict === 'invalid') return null
  if (detail.indisunique) return because('it enforces uniqueness')
  if (finding.verdict === 'unused') return null
  if (detail.foreign_keys.length > 0) return because(`it serves foreign key ${detail.foreign_keys[0]?.conname}`)
  return finding.unusedWithheld === null ? null : because(finding.unusedWithheld)
}
