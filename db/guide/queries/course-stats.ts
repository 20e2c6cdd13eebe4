import { courseStatistics } from '../../domain/guide-views'
import { type GuideQuery, numberOf, type TableNames } from './guide-query'

const corrected = (t: TableNames) => /* sql */ `${courseStatistics(t)}
order by completion_rate desc, c.id`

const printed = (t: TableNames) => /* sql */ `
WITH course_stats AS (
  SELECT
    c.id as course_id,
    c.title,
    COUNT(DISTINCT sp.user_id) as enrolled_students,
    COUNT(DISTINCT CASE WHEN sp.completion_percentage = 100 THEN sp.user_id END) as completed_students,
    AVG(sp.completion_percentage) as avg_completion,
    AVG(EXTRACT(EPOCH FROM sp.total_time_spent)/3600) as avg_hours_spent
  FROM ${t.courses} c
  LEFT JOIN ${t.student_progress} sp ON c.id = sp.course_id
  WHERE c.published_at IS NOT NULL
  GROUP BY c.id, c.title
)
SELECT
  course_id,
  title,
  enrolled_students,
  completed_students,
  ROUND((completed_students::DECIMAL / NULLIF(enrolled_students, 0) * 100), 2) as completion_rate,
  ROUND(avg_completion, 2) as avg_completion_percentage,
  ROUND(avg_hours_spent, 2) as avg_hours_spent
FROM course_stats
WHERE enrolled_students > 0
ORDER BY completion_rate DESC`

const VALUES = ['enrolled_students', 'completed_students', 'completion_rate', 'avg_completion_percentage', 'avg_hours_spent']

/** Every published course with enrolments: how many finish, how far and how long the others go. */
export const courseStats: GuideQuery = {
  name: 'course_stats',
  title: 'Course statistics',
  needs: ['courses', 'student_progress'],
  takes: null,
  ranks: false,
  corrected,
  printed,
  inPrint: ['Nothing is wrong in it. COUNT(DISTINCT …) sorts what the unique key on (user_id, course_id) already holds apart.'],
  columns: [
    { key: 'title', label: 'Course', kind: 'text' },
    { key: 'completed_students', label: 'Completed', kind: 'number', of: 'enrolled_students' },
    { key: 'avg_completion_percentage', label: 'Completion', kind: 'percent' },
    { key: 'avg_hours_spent', label: 'Hours', kind: 'hours' },
    { key: 'completion_rate', label: 'Completed, %', kind: 'percent' },
  ],
  picture: { label: 'Completed', parts: [{ key: 'completion_rate', factor: 1, label: 'completed, % of enrolled' }], most: 100 },
  comparison: {
    sql: (t) => /* sql */ `
with printed as (${printed(t)}
), corrected as (${corrected(t)}
), compared as (
  select coalesce(c.title, p.title) as title,
         p.enrolled_students, p.completed_students, p.completion_rate, p.avg_completion_percentage, p.avg_hours_spent,
         ${VALUES.map((value) => `c.${value} as right_${value}`).join(', ')},
         ${VALUES.map((value) => `p.${value} is not distinct from c.${value}`).join(' and ')} as same
  from corrected c
  full join printed p on p.course_id = c.course_id
), counted as (
  select compared.*, count(*) over () as all_rows, count(*) filter (where same) over () as same_rows from compared
)
select * from counted order by same, right_completion_rate desc, title limit 12`,
    columns: [
      { key: 'title', label: 'Course', kind: 'text' },
      { key: 'enrolled_students', label: 'Enrolled', kind: 'number', right: 'right_enrolled_students' },
      { key: 'completed_students', label: 'Completed', kind: 'number', right: 'right_completed_students' },
      { key: 'avg_completion_percentage', label: 'Completion', kind: 'percent', right: 'right_avg_completion_percentage' },
      { key: 'avg_hours_spent', label: 'Hours', kind: 'hours', right: 'right_avg_hours_spent' },
    ],
    figures: () => [],
    same: ([row]) => ({ rows: numberOf(row, 'all_rows') ?? 0, same: numberOf(row, 'same_rows') ?? 0 }),
  },
}
