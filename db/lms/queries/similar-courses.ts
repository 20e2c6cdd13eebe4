import { contentBased } from '../../guide/queries/content-based'
import { AS_IN_PRINT, BARE } from '../../guide/queries/guide-query'

/** $1 a student: ten courses not taken yet that resemble, by difficulty and tags, those which went well (70 % or more). */
export const SIMILAR_COURSES = `/* lms:similar-courses */${contentBased.corrected(BARE, AS_IN_PRINT)}`
