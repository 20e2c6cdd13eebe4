import { sql } from 'drizzle-orm'
import { pgSchema } from 'drizzle-orm/pg-core'
import { ANALYTICS_SCHEMA, GUIDE_VIEWS, type ViewTables, viewStatements } from '../domain/guide-views'

/**
 * Materialized views of the sample. Drizzle has no index on a view: their unique indexes stand in a custom migration. WITH NO DATA, since a migration
 * comes before the rows; until the first refresh, which cannot be CONCURRENTLY, reading them is an error (55000). makeSample refreshes them.
 */
export const analytics = pgSchema(ANALYTICS_SCHEMA)

const TABLES: ViewTables = {
  users: 'public.users',
  courses: 'public.courses',
  lessons: 'public.lessons',
  sections: 'public.sections',
  student_progress: 'public.student_progress',
  section_progress: 'public.section_progress',
  quiz_results: 'public.quiz_results',
}
/** Raw: text of our own with the names above, and no value of anybody's. */
const of = (name: 'course_statistics' | 'leaderboard') => sql.raw(GUIDE_VIEWS[name].definition(TABLES).trim())

export const courseStatisticsView = analytics.materializedView('course_statistics', {}).withNoData().as(of('course_statistics'))
export const leaderboardView = analytics.materializedView('leaderboard', {}).withNoData().as(of('leaderboard'))

/** Those that the schema has from the start. */
const SAMPLE_VIEWS = ['course_statistics', 'leaderboard'] as const

export const REFRESH_VIEWS = SAMPLE_VIEWS.map((name) => `refresh materialized view ${ANALYTICS_SCHEMA}.${name}`)

/** A view holds on to its tables: one that is made anew by month is made without it. */
export const DROP_VIEWS = SAMPLE_VIEWS.map((name) => `drop materialized view if exists ${ANALYTICS_SCHEMA}.${name}`)
export const MAKE_VIEWS = SAMPLE_VIEWS.flatMap((name) => viewStatements(name, TABLES))
