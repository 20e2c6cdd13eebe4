import type { Row } from '../server/define-read'
import type { Result } from '../server/problem'
import { forgetRead, runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { indexBloatByHelper, indexBloatEstimate } from './reads/index-bloat-estimate'
import { statisticsHelperState } from './reads/statistics-helper-state'

export type IndexEstimate = Row<typeof indexBloatEstimate>

/**
 * The estimate of every index; where this role does not see the columns' statistics, from those that the helper hands out,
 * if it is installed. Errors: as index-bloat-estimate.
 */
export async function indexEstimates(target: Target): Promise<Result<IndexEstimate[]>> {
  const own = await runRead(target, indexBloatEstimate, {})
  if (!own.ok || !own.value.some(({ withheld }) => withheld === 'column statistics not visible')) return own
  const state = await runRead(target, statisticsHelperState, {})
  if (!state.ok || !state.value[0]?.callable) return own
  const helped = await runRead(target, indexBloatByHelper, {})
  return helped.ok ? helped : own
}

/** Makes the next who asks get a new estimate. */
export function forgetEstimates(target: Target): void {
  forgetRead(target, indexBloatEstimate, {})
  forgetRead(target, indexBloatByHelper, {})
}
