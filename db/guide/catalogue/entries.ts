import { type Entry, GROUPS } from './entry'
import { LEARNING } from './learning'
import { PEOPLE_AND_COURSES } from './people-and-courses'

/** The 35 indexes that the guide prints, and the two foreign keys' that it leaves out, by what they are for. */
export const CATALOGUE: readonly Entry[] = [...PEOPLE_AND_COURSES, ...LEARNING].sort(
  (one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group),
)
