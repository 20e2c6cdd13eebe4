import { dashboard } from '../../guide/queries/dashboard'
import { AS_IN_PRINT, BARE } from '../../guide/queries/guide-query'

/** $1 a student: the courses, where each stands, and the lesson after the current one (the first, when none was begun). */
export const STUDENT_DASHBOARD = `/* lms:student-dashboard */${dashboard.corrected(BARE, AS_IN_PRINT)}`
