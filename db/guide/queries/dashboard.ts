import { type GuideQuery, numberOf, type TableNames } from './guide-query'

const corrected = (t: TableNames) => /* sql */ `
select p.course_id, c.title as course_title, p.completion_percentage, p.last_accessed_at,
       here.title as current_lesson_title, p.total_time_spent,
       next.id as next_lesson_id, next.title as next_lesson_title,
       case when p.completion_percentage = 100 then 'completed'
            when p.last_accessed_at > now() - interval '7 days' then 'active'
            when p.last_accessed_at > now() - interval '30 days' then 'inactive'
            else 'dormant' end as status
from ${t.student_progress} p
join ${t.courses} c on c.id = p.course_id
left join ${t.lessons} here on here.id = p.current_lesson_id
left join lateral (
  -- lesson_order may have gaps, so the next is the least one above and not order + 1
  select l.id, l.title
  from ${t.lessons} l
  where l.course_id = p.course_id and (here.id is null or l.lesson_order > here.lesson_order)
  order by l.lesson_order
  limit 1
) next on true
where p.user_id = $1
order by p.last_accessed_at desc nulls last`

const printed = (t: TableNames) => /* sql */ `
WITH student_courses AS (
  SELECT
    sp.user_id,
    sp.course_id,
    c.title as course_title,
    sp.completion_percentage,
    sp.last_accessed_at,
    sp.current_lesson_id,
    l.title as current_lesson_title,
    sp.total_time_spent,
    -- Next lesson information
    LEAD(l2.id) OVER (
      PARTITION BY sp.course_id
      ORDER BY l2.lesson_order
    ) as next_lesson_id
  FROM ${t.student_progress} sp
  JOIN ${t.courses} c ON sp.course_id = c.id
  LEFT JOIN ${t.lessons} l ON sp.current_lesson_id = l.id
  LEFT JOIN ${t.lessons} l2 ON c.id = l2.course_id AND l2.lesson_order = (
    SELECT lesson_order + 1
    FROM ${t.lessons}
    WHERE id = sp.current_lesson_id
  )
  WHERE sp.user_id = $1  -- Parameter for specific user
)
SELECT
  course_id,
  course_title,
  completion_percentage,
  last_accessed_at,
  current_lesson_title,
  total_time_spent,
  next_lesson_id,
  CASE
    WHEN completion_percentage = 100 THEN 'completed'
    WHEN last_accessed_at > NOW() - INTERVAL '7 days' THEN 'active'
    WHEN last_accessed_at > NOW() - INTERVAL '30 days' THEN 'inactive'
    ELSE 'dormant'
  END as status
FROM student_courses
ORDER BY last_accessed_at DESC`

/** A student's courses, where each stands, and the lesson after the current one: the first where none was begun. */
export const dashboard: GuideQuery = {
  name: 'dashboard',
  title: 'Progress dashboard',
  needs: ['courses', 'lessons', 'student_progress'],
  takes: 'student',
  ranks: false,
  corrected,
  printed,
  inPrint: [
    'LEAD() looks one row ahead within a course, and the join leaves one row for each: next_lesson_id is always NULL.',
    'lesson_order + 1 finds no lesson where the numbers have gaps, and none for a course that was not begun.',
  ],
  columns: [
    { key: 'course_title', label: 'Course', kind: 'text' },
    { key: 'status', label: 'Status', kind: 'text' },
    { key: 'current_lesson_title', label: 'Current lesson', kind: 'text' },
    { key: 'next_lesson_title', label: 'Next lesson', kind: 'text' },
    { key: 'total_time_spent', label: 'Time spent', kind: 'interval' },
    { key: 'completion_percentage', label: 'Completion', kind: 'percent' },
  ],
  picture: { label: 'Completion', parts: [{ key: 'completion_percentage', factor: 1, label: 'completed, %' }], most: 100 },
  comparison: {
    sql: (t) => /* sql */ `
with printed as (${printed(t)}
), corrected as (${corrected(t)}
), compared as (
  select c.course_title, c.status, p.next_lesson_id, c.next_lesson_id as right_next_lesson_id, c.next_lesson_title,
         count(*) over () as all_rows, count(p.next_lesson_id) over () as printed_next, count(c.next_lesson_id) over () as right_next,
         count(*) filter (where p.next_lesson_id is not distinct from c.next_lesson_id) over () as same_rows, c.last_accessed_at
  from corrected c
  left join printed p on p.course_id = c.course_id
)
select * from compared order by last_accessed_at desc nulls last limit 50`,
    columns: [
      { key: 'course_title', label: 'Course', kind: 'text' },
      { key: 'status', label: 'Status', kind: 'text' },
      { key: 'next_lesson_id', label: 'next_lesson_id', kind: 'text', right: 'right_next_lesson_id' },
      { key: 'next_lesson_title', label: 'True next lesson', kind: 'text' },
    ],
    figures: ([row]) => [
      {
        name: 'Courses with a next lesson',
        printed: numberOf(row, 'printed_next'),
        right: numberOf(row, 'right_next'),
        unit: 'rows',
        why: 'LEAD() over a window of one row is NULL.',
      },
    ],
    same: ([row]) => ({ rows: numberOf(row, 'all_rows') ?? 0, same: numberOf(row, 'same_rows') ?? 0 }),
  },
}
