import type { Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Estimate } from './bloat'
import { type IndexEstimate, indexEstimates } from './index-estimates'
import type { StoredMeasurement } from './index-measurement'
import { indexGrowth } from './reads/index-growth'
import { type Growth, grownEstimate } from './size-baseline'

/**
 * The estimates by OID, those of indexes that are no b-tree by the baseline that the newest measurement of each gives.
 * `growth`: the rows of index-growth.
 */
export function withGrown(estimates: IndexEstimate[], growth: Growth[], measurements: StoredMeasurement[]): Map<number, Estimate> {
  const measured = new Map(measurements.map((one) => [one.indexrelid, one]))
  const known = new Map<number, Estimate>(estimates.map((row) => [row.indexrelid, row]))
  for (const index of growth) known.set(index.indexrelid, grownEstimate(index, measured.get(index.indexrelid)))
  return known
}

/** The estimate of every index. Errors: as indexEstimates; without the rows of index-growth what is no b-tree stays withheld. */
export async function allEstimates(target: Target, measurements: StoredMeasurement[]): Promise<Result<Map<number, Estimate>>> {
  const [estimates, growth] = await Promise.all([indexEstimates(target), runRead(target, indexGrowth, {})])
  return estimates.ok ? { ok: true, value: withGrown(estimates.value, growth.ok ? growth.value : [], measurements) } : estimates
}
