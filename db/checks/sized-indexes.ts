import { indexBloatEstimate } from '../reads/index-bloat-estimate'
import { indexHealth } from '../reads/index-health'
import { indexSizes } from '../reads/index-sizes'
import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { forgetRead, runRead } from '../server/run-read'
import type { Target } from '../server/target'

/** A row of index-health with its size; null for a partitioned index and behind an AccessExclusiveLock. */
export type SizedIndex = Row<typeof indexHealth> & { bytes: number | null }

interface SizedIndexes {
  indexes: SizedIndex[]
  estimates: Result<Row<typeof indexBloatEstimate>[]>
  /** The read that gave the sizes, or its problem: all sizes are then null. */
  sizes: Result<{ indexrelid: number; bytes: number | null }[]>
}

/** What was put together already, by the answer of index-health: the same answers give the same array. */
const together = new WeakMap<object, { sizes: unknown; value: SizedIndexes }>()

/**
 * Every user index with its size and its estimate. The sizes are those that the estimate rests on; without an estimate
 * they are read by themselves. Errors: the problem of the read index-health.
 */
export async function sizedIndexes(target: Target): Promise<Result<SizedIndexes>> {
  const [rows, kept] = await Promise.all([runRead(target, indexHealth, {}), runRead(target, indexBloatEstimate, {})])
  if (!rows.ok) return rows
  const estimates = await asNewAs(rows, kept, target)
  const sizes = estimates.ok ? estimates : await runRead(target, indexSizes, {})
  const known = together.get(rows)
  if (known && known.sizes === sizes) return ok(known.value)
  const bytes = new Map(sizes.ok ? sizes.value.map((row) => [row.indexrelid, row.bytes]) : [])
  const indexes = rows.value.map((row) => ({ ...row, bytes: bytes.get(row.indexrelid) ?? null }))
  const value = { indexes, estimates, sizes }
  together.set(rows, { sizes, value })
  return ok(value)
}

/** The answers of index-health for which a newer estimate was asked: once is enough. */
const renewed = new WeakSet<object>()

/**
 * The estimate is kept longer than the rows. An index that only the rows know was made or rebuilt since (REINDEX
 * CONCURRENTLY gives it a new oid): then the estimate is made anew.
 */
async function asNewAs(
  rows: { value: Row<typeof indexHealth>[] },
  estimates: Result<Row<typeof indexBloatEstimate>[]>,
  target: Target,
): Promise<Result<Row<typeof indexBloatEstimate>[]>> {
  if (!estimates.ok || renewed.has(rows)) return estimates
  const known = new Set(estimates.value.map(({ indexrelid }) => indexrelid))
  if (rows.value.every(({ indexrelid, relkind }) => relkind === 'I' || known.has(indexrelid))) return estimates
  renewed.add(rows)
  forgetRead(target, indexBloatEstimate, {})
  return runRead(target, indexBloatEstimate, {})
}
