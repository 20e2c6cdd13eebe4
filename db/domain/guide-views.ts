/**
 * The materialized views that pay for the tables of the LMS guide, which has a chapter "Analytics Database Design" without text. One truth for
 * three sides: the LMS schema declares them, a command creates them over tables of any schema, a page measures them. What does not pay is no view: all
 * pairs of similar students are 1.65 million rows for 5,000 users, and take 24 s, where one student's question takes 30 ms.
 */

/** The schema that holds them. */
export const ANALYTICS_SCHEMA = 'analytics'

export const GUIDE_VIEW_NAMES = ['course_statistics', 'leaderboard', 'activity_days'] as const
export type GuideViewName = (typeof GUIDE_VIEW_NAMES)[number]

/** How the tables stand in a statement, schema included. */
export type ViewTables = Record<
  'users' | 'courses' | 'lessons' | 'sections' | 'student_progress' | 'section_progress' | 'quiz_results',
  string
>

export interface GuideView {
  name: GuideViewName
  /** What it answers, as a heading. */
  title: string
  /** Which of the guide's five queries it answers; null: none. */
  answers: 'course_stats' | 'leaderboard' | null
  needs: (keyof ViewTables)[]
  /** The columns of its unique index, without which REFRESH … CONCURRENTLY is refused (manual, REFRESH MATERIALIZED VIEW). */
  key: string[]
  /** Columns of one more index, for those who read it. */
  readBy: string[] | null
  definition: (t: ViewTables) => string
  /** The same question, asked of the tables and of the view. */
  live: (t: ViewTables) => string
  read: string
}

/** Days that the leaderboard counts back. A view has no parameters: $1 of the guide becomes these. */
const PERIODS = [30, 90, 365]
/** The one that is measured. */
const PERIOD = 90

/** Also the corrected text of the guide's query, which only puts it in order. */
export const courseStatistics = (t: ViewTables) => /* sql */ `
select c.id as course_id, c.title,
       count(*) as enrolled_students,
       count(*) filter (where p.completion_percentage = 100) as completed_students,
       round(100.0 * count(*) filter (where p.completion_percentage = 100) / count(*), 2) as completion_rate,
       round(avg(p.completion_percentage), 2) as avg_completion_percentage,
       round((avg(extract(epoch from p.total_time_spent)) / 3600)::numeric, 2) as avg_hours_spent
from ${t.courses} c
join ${t.student_progress} p on p.course_id = c.id
where c.published_at is not null
group by c.id, c.title`

const leaderboard = (t: ViewTables, periods: number[]) => /* sql */ `
with period as (
  select days, now() - days * interval '1 day' as since from unnest(array[${periods.join(', ')}]) as days
), progress as (
  select days, user_id, count(*) as courses_enrolled,
         count(*) filter (where completion_percentage = 100) as courses_completed,
         avg(completion_percentage) as avg_completion,
         sum(extract(epoch from total_time_spent)) as seconds
  from period join ${t.student_progress} on enrolled_at >= since
  group by days, user_id
), quizzes as (
  -- added up by itself: joined to progress row by row it would multiply the hours by the number of quizzes
  select days, user_id, count(*) as total_quizzes, avg(100.0 * score / nullif(max_score, 0)) as avg_quiz_score
  from period join ${t.quiz_results} on created_at >= since
  group by days, user_id
), scored as (
  select p.days, u.id as user_id, u.name, p.courses_enrolled, p.courses_completed, p.avg_completion, p.seconds,
         coalesce(q.total_quizzes, 0) as total_quizzes, q.avg_quiz_score,
         p.courses_completed * 100 + coalesce(p.avg_completion, 0) * 0.5 + coalesce(q.avg_quiz_score, 0) * 0.3 as score
  from ${t.users} u
  join progress p on p.user_id = u.id
  left join quizzes q on q.days = p.days and q.user_id = p.user_id
  where u.role = 'student'
)
select days as period_days, rank() over (partition by days order by score desc) as rank, user_id, name, courses_enrolled, courses_completed,
       round(avg_completion, 2) as avg_completion, round((seconds / 3600)::numeric, 2) as total_hours,
       total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score, round(score, 2) as total_score
from scored`

const activityDays = (t: ViewTables) => /* sql */ `
select (p.completed_at at time zone 'UTC')::date as day, l.course_id,
       count(distinct p.user_id) as students, count(*) as sections
from ${t.section_progress} p
join ${t.sections} s on s.id = p.section_id
join ${t.lessons} l on l.id = s.lesson_id
where p.completed_at is not null
group by 1, 2`

const LAST_MONTH = `day >= (now() at time zone 'UTC')::date - 30`
const ofView = (name: GuideViewName) => `${ANALYTICS_SCHEMA}.${name}`

export const GUIDE_VIEWS: Record<GuideViewName, GuideView> = {
  course_statistics: {
    name: 'course_statistics',
    title: 'Course statistics',
    answers: 'course_stats',
    needs: ['courses', 'student_progress'],
    key: ['course_id'],
    readBy: null,
    definition: courseStatistics,
    live: (t) => `${courseStatistics(t)}\norder by completion_rate desc, c.id`,
    read: `select * from ${ofView('course_statistics')} order by completion_rate desc, course_id`,
  },
  leaderboard: {
    name: 'leaderboard',
    title: 'Leaderboard',
    answers: 'leaderboard',
    needs: ['users', 'student_progress', 'quiz_results'],
    key: ['period_days', 'user_id'],
    readBy: ['period_days', 'rank'],
    definition: (t) => leaderboard(t, PERIODS),
    live: (t) => `${leaderboard(t, [PERIOD])}\norder by rank, user_id limit 50`,
    read: `select * from ${ofView('leaderboard')} where period_days = ${PERIOD} order by rank, user_id limit 50`,
  },
  activity_days: {
    name: 'activity_days',
    title: 'Activity by day and course',
    answers: null,
    needs: ['section_progress', 'sections', 'lessons'],
    key: ['day', 'course_id'],
    readBy: null,
    definition: activityDays,
    live: (t) => `select * from (${activityDays(t)}) as activity where ${LAST_MONTH} order by day, course_id`,
    read: `select * from ${ofView('activity_days')} where ${LAST_MONTH} order by day, course_id`,
  },
}

/** What makes a view, in order: empty, then its indexes, which cost nothing then. Until its first refresh reading it is an error (55000). */
export function viewStatements(name: GuideViewName, tables: ViewTables): string[] {
  const { definition, key, readBy } = GUIDE_VIEWS[name]
  const view = ofView(name)
  return [
    `CREATE MATERIALIZED VIEW ${view} AS${definition(tables)}\nWITH NO DATA`,
    `CREATE UNIQUE INDEX ${name}_key ON ${view} (${key.join(', ')})`,
    ...(readBy ? [`CREATE INDEX ${name}_readers ON ${view} (${readBy.join(', ')})`] : []),
  ]
}
