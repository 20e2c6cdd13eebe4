import { createLoader, parseAsStringLiteral } from 'nuqs/server'
import type { GuideQueryName } from '@/db/guide/queries/guide-query'

const NAMES = ['course_stats', 'dashboard', 'leaderboard', 'collaborative', 'content_based'] as const satisfies GuideQueryName[]

/** The state of the page, all of it in the address: the query that is open, and whether its plan is. */
export const workloadParams = {
  query: parseAsStringLiteral(NAMES).withDefault('leaderboard'),
  plan: parseAsStringLiteral(['open'] as const),
}

export const loadWorkloadParams = createLoader(workloadParams)
