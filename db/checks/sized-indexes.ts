import { indexBloatEstimate } from '../reads/index-bloat-estimate'
import { indexHealth } from '../reads/index-health'
import { indexSizes } from '../reads/index-sizes'
import type { Row } from '../target/define-read'
import { ok, type Result } from '../target/problem'
import { runRead } from '../target/run-read'
import type { Target } from '../target/target'

/** A row of index-health with its size; null for a partitioned index and behind an AccessExclusiveLock. */
export type SizedIndex = Row<typeof indexHealth> & { bytes: number | null }

export interface SizedIndexes {
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
  const [rows, estimates] = await Promise.all([runRead(target, indexHealth, {}), runRead(target, indexBloatEstimate, {})])
  if (!rows.ok) return rows
  const sizes = estimates.ok ? estimates : await runRead(target, indexSizes, {})
  const known = together.get(rows)
  if (known && known.sizes === sizes) return ok(known.value)
  const bytes = new Map(sizes.ok ? sizes.value.map((row) => [row.indexrelid, row.bytes]) : [])
  const indexes = rows.value.map((row) => ({ ...row, bytes: bytes.get(row.indexrelid) ?? null }))
  const value = { indexes, estimates, sizes }
  together.set(rows, { sizes, value })
  return ok(value)
}
