import { collaborative } from '../../guide/queries/collaborative'
import { AS_IN_PRINT, BARE } from '../../guide/queries/guide-query'

/**
 * $1 a student: ten courses that similar students finished. Similar means a Jaccard index, common courses over all
 * courses of the two, of at least 0.1 with two or more in common; a course counts from 50 % completion on.
 */
export const SIMILAR_STUDENTS = `/* lms:similar-students */${collaborative.corrected(BARE, AS_IN_PRINT)}`
