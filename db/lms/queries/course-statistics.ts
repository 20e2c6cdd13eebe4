import { courseStats } from '../../guide/queries/course-stats'
import { AS_IN_PRINT, BARE } from '../../guide/queries/guide-query'

/** Every published course with enrolments: how many finish, how far and how long the others go. */
export const COURSE_STATISTICS = `/* lms:course-statistics */${courseStats.corrected(BARE, AS_IN_PRINT)}`
