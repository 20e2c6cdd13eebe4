import { collaborative } from './collaborative'
import { contentBased } from './content-based'
import { courseStats } from './course-stats'
import { dashboard } from './dashboard'
import type { GuideQuery, GuideQueryName } from './guide-query'
import { leaderboard } from './leaderboard'

/** The guide's five queries, in its order. */
export const GUIDE_QUERIES: Record<GuideQueryName, GuideQuery> = {
  course_stats: courseStats,
  dashboard,
  leaderboard,
  collaborative,
  content_based: contentBased,
}
