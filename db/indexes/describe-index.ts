import type { Row } from '../server/define-read'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { statementWithoutSecrets } from '../server/secrets/without-secrets'
import type { Target } from '../server/target'
import { type Bloat, bloatOf } from './bloat'
import { soleFor } from './foreign-key-service'
import { foreignKeyServices } from './foreign-key-services'
import { allEstimates } from './grown-estimates'
import type { IndexFinding } from './index-finding'
import { indexHealth } from './index-health'
import type { StoredMeasurement } from './index-measurement'
import type { IndexPast } from './index-past'
import { dropIndexSql } from './index-statements'
import { scriptOf, undoOf } from './index-undo'
import { brinRanges } from './reads/brin-ranges'
import { foreignKeys } from './reads/foreign-keys'
import { ginPending } from './reads/gin-pending'
import { indexDetail } from './reads/index-detail'
import { indexNodes } from './reads/index-nodes'

/** A foreign key whose check this index serves. */
type ServedKey = Pick<Row<typeof foreignKeys>, 'conname' | 'referenced' | 'on_delete'>

/** All that one page needs to decide about one index: the finding with everything that stands behind it. */
export interface IndexDescription {
  finding: IndexFinding
  detail: Row<typeof indexDetail> & { foreign_keys: ServedKey[] }
  /** DROP INDEX, where a drop is what the verdict asks for and nothing guards the index; else null. */
  dropSql: string | null
  /** Why a drop is not offered, in a sentence; null when it is, or when nothing suggests one. */
  dropGuard: string | null
  /** What would bring the index back after a drop; null while a lock hides the definition, or where it cannot be read. */
  undoSql: string | null
  /** What the statistics alone say, whatever was measured; null for a partitioned index or where they were not read. */
  estimate: (Bloat & { bytes: number | null }) | null
  /** The pending list of a GIN index, or why it could not be read; null for any other, a partitioned one, and behind a lock. */
  pending: Result<Row<typeof ginPending>> | null
  /** Of a BRIN index, which ranges it has summarized, or why it cannot be told; null as above. */
  ranges: Result<Row<typeof brinRanges>> | null
}

/** One index with its evidence. Errors: as indexHealth; conflict when there is no such index any more. */
export async function describeIndex(
  target: Target,
  indexrelid: number,
  measurements: StoredMeasurement[],
  past?: IndexPast,
): Promise<Result<IndexDescription>> {
  const [health, details, nodes, estimates] = await Promise.all([
    indexHealth(target, measurements, past),
    runRead(target, indexDetail, { indexrelid }),
    runRead(target, indexNodes, { indexrelids: [indexrelid] }),
    allEstimates(target, measurements),
  ])
  if (!health.ok) return health
  if (!details.ok) return details
  const served = await keysServed(target, indexrelid)
  if (!served.ok) return served
  const [row] = details.value
  const detail = row && { ...row, foreign_keys: served.value.served }
  const finding = health.value.findings.find((candidate) => candidate.indexrelid === indexrelid)
  if (!detail || !finding) return failed('conflict', 'There is no such index any more: it was dropped or rebuilt under another OID')
  const guard = dropGuard(finding, detail)
  const asksForDrop = finding.verdict === 'unused' || finding.verdict === 'redundant' || finding.invalid?.action === 'drop'
  const estimate = estimates.ok ? estimates.value.get(indexrelid) : undefined
  const undo = nodes.ok ? undoOf(nodes.value) : null
  return ok({
    finding,
    detail,
    dropSql: asksForDrop && guard === null ? dropIndexSql(finding) : null,
    dropGuard: guard,
    undoSql: undo && statementWithoutSecrets(scriptOf(undo)),
    estimate: estimate ? { ...bloatOf(estimate), bytes: estimate.bytes } : null,
    pending: detail.amname === 'gin' && detail.relkind === 'i' ? await pendingOf(target, indexrelid) : null,
    ranges: detail.amname === 'brin' && detail.relkind === 'i' ? await rangesOf(target, indexrelid) : null,
  })
}

/** The foreign keys that an index serves, and the names of those that nothing else would once it is dropped. Errors: as foreignKeyServices. */
export async function keysServed(target: Target, indexrelid: number): Promise<Result<{ served: ServedKey[]; soleFor: string[] }>> {
  const known = await foreignKeyServices(target)
  if (!known.ok) return known
  const serving = known.value.services.filter((service) => service.indexrelid === indexrelid || service.whole === indexrelid)
  if (serving.length === 0) return ok({ served: [], soleFor: [] })
  const unique = [...new Map(serving.map((service) => [service.oid, service.relid]))]
  const keys = await runRead(target, foreignKeys, { keys: unique.map(([key]) => key), tables: unique.map(([, table]) => table) })
  if (!keys.ok) return keys
  const told = keys.value.map(({ conname, referenced, on_delete }) => ({ conname, referenced, on_delete }))
  return ok({ served: told, soleFor: soleFor(known.value.services, indexrelid) })
}

async function pendingOf(target: Target, indexrelid: number): Promise<IndexDescription['pending']> {
  const rows = await runRead(target, ginPending, { indexrelid })
  if (!rows.ok) return rows
  return rows.value[0] ? ok(rows.value[0]) : null
}

async function rangesOf(target: Target, indexrelid: number): Promise<IndexDescription['ranges']> {
  const rows = await runRead(target, brinRanges, { indexrelid })
  if (!rows.ok) return rows
  return rows.value[0] ? ok(rows.value[0]) : null
}

/** What stands against a drop, the strongest first. */
function dropGuard(finding: IndexFinding, detail: IndexDescription['detail']): string | null {
  const because = (reason: string) => `Drop is guarded: ${reason}.`
  if (detail.conname !== null) return because(`it backs constraint ${detail.conname}`)
  if (detail.root !== null) return because(`it belongs to ${detail.root.indexrelname}, and only that can be dropped`)
  if (detail.referenced_by.length > 0) return because('a foreign key refers to it')
  if (detail.indisreplident) return because('it is the replica identity')
  if (finding.verdict === 'redundant' || finding.invalid?.action === 'drop') return null
  if (detail.indisunique) return because('it enforces uniqueness')
  if (finding.verdict === 'unused') return null
  if (detail.foreign_keys.length > 0) return because(`it serves foreign key ${detail.foreign_keys[0]?.conname}`)
  return finding.unusedWithheld === null ? null : because(finding.unusedWithheld)
}
