import { literal } from '../../server/identifiers'
import { AS_IN_PRINT, type Choices, type GuideQuery, numberOf, type TableNames, type TextRow } from './guide-query'

/** Without its last line, so that a comparison ranks everybody. */
const ranking = (t: TableNames, { role }: Choices) => /* sql */ `
with progress as (
  select user_id, count(*) as courses_enrolled,
         count(*) filter (where completion_percentage = 100) as courses_completed,
         avg(completion_percentage) as avg_completion,
         sum(extract(epoch from total_time_spent)) as seconds
  from ${t.student_progress}
  where enrolled_at >= $1
  group by user_id
), quizzes as (
  -- added up by itself: joined to progress row by row it would multiply the hours by the number of quizzes
  select user_id, count(*) as total_quizzes, avg(100.0 * score / nullif(max_score, 0)) as avg_quiz_score
  from ${t.quiz_results}
  where created_at >= $1
  group by user_id
), scored as (
  select u.id as user_id, u.name, p.courses_enrolled, p.courses_completed, p.avg_completion, p.seconds,
         coalesce(q.total_quizzes, 0) as total_quizzes, q.avg_quiz_score,
         p.courses_completed * 100 + coalesce(p.avg_completion, 0) * 0.5 + coalesce(q.avg_quiz_score, 0) * 0.3 as score
  from ${t.users} u
  join progress p on p.user_id = u.id
  left join quizzes q on q.user_id = u.id
  where u.role = ${literal(role)}
)
select rank() over (order by score desc) as rank, user_id, name, courses_enrolled, courses_completed,
       round(avg_completion, 2) as avg_completion, round((seconds / 3600)::numeric, 2) as total_hours,
       total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score, round(score, 2) as total_score
from scored
order by score desc, user_id`

const printedRanking = (t: TableNames) => /* sql */ `
WITH user_scores AS (
  SELECT
    u.id as user_id,
    u.name,
    COUNT(DISTINCT sp.course_id) as courses_enrolled,
    COUNT(DISTINCT CASE WHEN sp.completion_percentage = 100 THEN sp.course_id END) as courses_completed,
    AVG(sp.completion_percentage) as avg_completion,
    SUM(EXTRACT(EPOCH FROM sp.total_time_spent)) as total_seconds_spent,
    COUNT(DISTINCT qr.id) as total_quizzes,
    AVG(qr.score) as avg_quiz_score
  FROM ${t.users} u
  LEFT JOIN ${t.student_progress} sp ON u.id = sp.user_id
  LEFT JOIN ${t.quiz_results} qr ON u.id = qr.user_id
  WHERE u.role = 'student'
    AND sp.enrolled_at >= $1  -- Date parameter for period
  GROUP BY u.id, u.name
  HAVING COUNT(DISTINCT sp.course_id) > 0  -- Only users with enrollments
),
ranked_users AS (
  SELECT
    user_id,
    name,
    courses_enrolled,
    courses_completed,
    ROUND(avg_completion, 2) as avg_completion,
    ROUND(total_seconds_spent / 3600, 2) as total_hours,
    total_quizzes,
    ROUND(avg_quiz_score, 2) as avg_quiz_score,
    -- Composite score calculation
    (courses_completed * 100 + avg_completion * 0.5 + (avg_quiz_score * 0.3)) as score
  FROM user_scores
)
SELECT
  ROW_NUMBER() OVER (ORDER BY score DESC) as rank,
  user_id,
  name,
  courses_enrolled,
  courses_completed,
  avg_completion,
  total_hours,
  total_quizzes,
  avg_quiz_score,
  ROUND(score, 2) as total_score
FROM ranked_users
ORDER BY score DESC`

/** As many rows as printed first, and as many of the best of the true ranking: what a page shows of either. */
const SHOWN = 4

const figures = ([row]: TextRow[]) => [
  {
    name: 'Hours × quizzes',
    printed: numberOf(row, 'printed_mean_hours'),
    right: numberOf(row, 'right_mean_hours'),
    unit: 'h' as const,
    why: 'The join repeats each course once for every quiz of the student, and adds its hours up each time.',
  },
  {
    name: 'NULL first',
    printed: numberOf(row, 'first_place'),
    right: 1,
    unit: 'place' as const,
    why: 'A student without a quiz has the score NULL, and DESC sorts NULL first.',
  },
  {
    name: 'Points, not percent',
    printed: numberOf(row, 'printed_mean_quiz'),
    right: numberOf(row, 'right_mean_quiz'),
    unit: '%' as const,
    why: 'The mean of score ignores max_score, and quizzes ignore the period.',
  },
]

/** $1 the beginning of the period: those with the highest scores among the students who enrolled in it. */
export const leaderboard: GuideQuery = {
  name: 'leaderboard',
  title: 'Leaderboard',
  needs: ['users', 'student_progress', 'quiz_results'],
  takes: 'since',
  ranks: true,
  corrected: (t, choices) => `${ranking(t, choices)}
limit ${choices.rows}`,
  printed: (t) => `${printedRanking(t)}
LIMIT 50`,
  inPrint: figures([]).map(({ name, why }) => `${name}: ${why}`),
  columns: [
    { key: 'rank', label: '#', kind: 'number' },
    { key: 'name', label: 'Student', kind: 'text' },
    { key: 'courses_completed', label: 'Completed', kind: 'number', of: 'courses_enrolled' },
    { key: 'avg_completion', label: 'Completion', kind: 'percent' },
    { key: 'total_hours', label: 'Hours', kind: 'hours' },
    { key: 'total_quizzes', label: 'Quizzes', kind: 'number' },
    { key: 'avg_quiz_score', label: 'Quiz mean', kind: 'percent' },
    { key: 'total_score', label: 'Score', kind: 'points' },
  ],
  picture: {
    label: 'Score',
    parts: [
      { key: 'courses_completed', factor: 100, label: 'completed × 100' },
      { key: 'avg_completion', factor: 0.5, label: 'completion × 0.5' },
      { key: 'avg_quiz_score', factor: 0.3, label: 'quizzes × 0.3' },
    ],
    most: null,
  },
  comparison: {
    sql: (t) => /* sql */ `
with printed as (${printedRanking(t)}
), corrected as (${ranking(t, AS_IN_PRINT)}
), compared as (
  select p.rank, p.name, p.total_hours, p.total_quizzes, p.avg_quiz_score, p.total_score,
         c.rank as right_rank, c.total_hours as right_hours, c.total_quizzes as right_quizzes,
         c.avg_quiz_score as right_quiz_score, c.total_score as right_score,
         round(avg(p.total_hours) over (), 1) as printed_mean_hours, round(avg(c.total_hours) over (), 1) as right_mean_hours,
         round(avg(p.avg_quiz_score) over (), 2) as printed_mean_quiz, round(avg(c.avg_quiz_score) over (), 2) as right_mean_quiz,
         min(p.rank) filter (where c.rank = 1) over () as first_place,
         count(*) filter (where p.total_score is null) over () as without_score,
         count(*) over () as all_rows,
         count(*) filter (where p.total_hours is not distinct from c.total_hours and p.total_score is not distinct from c.total_score
                            and p.rank = c.rank) over () as same_rows,
         row_number() over (order by c.rank, p.rank) as place
  from printed p
  join corrected c on c.user_id = p.user_id
)
select * from compared where rank <= ${SHOWN} or place <= ${SHOWN} order by rank`,
    columns: [
      { key: 'rank', label: '#', kind: 'number', right: 'right_rank' },
      { key: 'name', label: 'Student', kind: 'text' },
      { key: 'total_hours', label: 'Hours', kind: 'hours', right: 'right_hours' },
      { key: 'total_quizzes', label: 'Quizzes', kind: 'number', right: 'right_quizzes' },
      { key: 'avg_quiz_score', label: 'Quiz mean', kind: 'points', right: 'right_quiz_score' },
      { key: 'total_score', label: 'Score', kind: 'points', right: 'right_score' },
      { key: 'right_rank', label: 'True #', kind: 'number' },
    ],
    figures,
    same: ([row]) => ({ rows: numberOf(row, 'all_rows') ?? 0, same: numberOf(row, 'same_rows') ?? 0 }),
  },
}
