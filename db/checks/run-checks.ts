import type { Target } from '../server/target'
import type { Check, CheckOutcome, Past } from './define-check'
import { CHECKS } from './registry'

/** A list that nobody reads to its end does not travel whole. */
const MOST_FINDINGS = 50

/** Runs every check on one database of a server. A check that cannot look says so; the others stand. */
export const runChecks = (target: Target, past?: Past, checks: readonly Check[] = CHECKS): Promise<CheckOutcome[]> =>
  Promise.all(
    checks.map(async ({ name, about, look }) => {
      const result = await look(target, past)
      if (!result.ok) return { name, about, findings: [], total: 0, problem: result.problem }
      return { name, about, findings: result.value.slice(0, MOST_FINDINGS), total: result.value.length, problem: null }
    }),
  )
