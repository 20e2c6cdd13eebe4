import { type ConsoleDb, consoleDb } from '../console/client'
import { type HealthCheck, latestMeasurements, recordHealthCheck, recordMeasurements } from '../console/health-checks'
import { bloatOf } from '../indexes/bloat'
import { type StoredMeasurement, stillHolds } from '../indexes/index-measurement'
import { measureIndex } from '../indexes/measure-index'
import { checkIndexBloat } from '../indexes/reads/check-index-bloat'
import type { indexBloatEstimate } from '../indexes/reads/index-bloat-estimate'
import { monitorIndexHealth } from '../indexes/reads/monitor-index-health'
import { type SizedIndex, sizedIndexes } from '../indexes/sized-indexes'
import type { Row } from '../server/define-read'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'

/** How long indexes are measured, in ms; the two functions have their own time-outs. */
const MEASURE_MS = 20_000
/** As many differing problems are kept. */
const PROBLEMS = 20
/** Up to here, the metapage and one leaf, there is nothing to measure. */
const SMALLEST_BYTES = 2 * 8192

/**
 * One health check of a database: what monitor_index_health() and check_index_bloat() say of all user schemas, and
 * measurements of the indexes that matter most, for `measureMs`; all of it recorded in the console database with
 * time, duration and problems. A part that fails is a problem of the record, the rest stands.
 * Errors: unreachable and the like, when nothing at all could be read; nothing is recorded then.
 */
export async function runHealthCheck(
  target: Target,
  requestedBy: string,
  { measureMs = MEASURE_MS, db = consoleDb() }: { measureMs?: number; db?: ConsoleDb } = {},
): Promise<Result<HealthCheck>> {
  const startedAt = new Date()
  const health = await runRead(target, monitorIndexHealth, {})
  const bloat = await runRead(target, checkIndexBloat, {})
  if (!health.ok && !bloat.ok) return health
  const stored = await latestMeasurements(target.serverId, target.database, db)
  const { measurements, problems } = await measure(target, stored, Date.now() + measureMs)
  await recordMeasurements(target.serverId, target.database, measurements, db)
  for (const part of [health, bloat]) if (!part.ok) problems.unshift(part.problem)
  return ok(
    await recordHealthCheck(
      {
        serverId: target.serverId,
        database: target.database,
        requestedBy,
        startedAt,
        durationMs: Date.now() - startedAt.getTime(),
        indexHealth: health.ok ? health.value : [],
        indexBloat: bloat.ok ? bloat.value : [],
        problems: distinct(problems).slice(0, PROBLEMS),
      },
      db,
    ),
  )
}

async function measure(
  target: Target,
  stored: StoredMeasurement[],
  until: number,
): Promise<{ measurements: StoredMeasurement[]; problems: Problem[] }> {
  const sized = await sizedIndexes(target)
  if (!sized.ok) return { measurements: [], problems: [sized.problem] }
  const { indexes, estimates } = sized.value
  const measurements: StoredMeasurement[] = []
  const problems: Problem[] = []
  for (const index of worthMeasuring(indexes, estimates.ok ? estimates.value : [], stored)) {
    if (Date.now() > until) break
    const measured = await measureIndex(target, index.indexrelid)
    if (measured.ok) {
      const { detail, ...sizes } = measured.value
      const noted = { ...detail, table_changes: index.table_changes }
      measurements.push({ ...sizes, indexrelid: index.indexrelid, measuredAt: new Date().toISOString(), detail: noted })
      continue
    }
    problems.push(measured.problem)
    // No extension, no right: the next index would answer the same.
    if (measured.problem.kind === 'missing_extension' || measured.problem.kind === 'insufficient_privilege') break
  }
  return { measurements, problems }
}

/** B-trees by what may be found in them: the estimated bloat, or half of an index of which nothing is estimated. */
function worthMeasuring(indexes: SizedIndex[], estimates: Row<typeof indexBloatEstimate>[], stored: StoredMeasurement[]): SizedIndex[] {
  const estimated = new Map(estimates.map((row) => [row.indexrelid, bloatOf(row).bloatBytes]))
  const held = new Map(stored.map((measured) => [measured.indexrelid, measured]))
  const worth = (index: SizedIndex) => estimated.get(index.indexrelid) ?? (index.bytes ?? 0) / 2
  return indexes
    .filter((index) => {
      const measured = held.get(index.indexrelid)
      const known = measured !== undefined && measured.plusMinus === 0 && stillHolds(measured, index)
      return index.amname === 'btree' && index.indisvalid && (index.bytes ?? 0) > SMALLEST_BYTES && !known
    })
    .sort((a, b) => worth(b) - worth(a))
}

const distinct = (problems: Problem[]): Problem[] => [...new Map(problems.map((problem) => [problem.message, problem])).values()]
