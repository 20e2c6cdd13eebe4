import { AS_IN_PRINT, BARE } from '../../guide/queries/guide-query'
import { leaderboard } from '../../guide/queries/leaderboard'

/** $1 the beginning of the period: the fifty students with the highest scores among those who enrolled in it. */
export const LEADERBOARD = `/* lms:leaderboard */${leaderboard.corrected(BARE, AS_IN_PRINT)}`
