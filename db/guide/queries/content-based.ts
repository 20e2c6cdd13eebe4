import type { GuideQuery, TableNames } from './guide-query'

const corrected = (t: TableNames) => /* sql */ `
with liked as (
  select c.difficulty_level, c.metadata, p.completion_percentage
  from ${t.student_progress} p
  join ${t.courses} c on c.id = p.course_id
  where p.user_id = $1 and p.completion_percentage >= 70
), liked_tags as (
  select distinct tag
  from liked
  cross join lateral jsonb_array_elements_text(case when jsonb_typeof(metadata->'tags') = 'array' then metadata->'tags' else '[]' end) tag
), by_difficulty as (
  select difficulty_level, avg(completion_percentage) as completion from liked group by difficulty_level
), overall as (
  select avg(completion_percentage) as completion from liked having count(*) > 0
), scored as (
  select c.id as course_id, c.title, c.difficulty_level,
         round(coalesce(d.completion, o.completion) * 0.6
               + case when d.completion is not null then 30 else 0 end
               + 10 * (select count(*) from liked_tags t where c.metadata->'tags' ? t.tag), 2) as score
  from ${t.courses} c
  cross join overall o
  left join by_difficulty d on d.difficulty_level = c.difficulty_level
  where c.published_at is not null
    and not exists (select from ${t.student_progress} taken where taken.user_id = $1 and taken.course_id = c.id)
)
select course_id, title, difficulty_level, score
from scored
where score > 50
order by score desc, course_id
limit 10`

const printed = (t: TableNames) => /* sql */ `
WITH user_preferences AS (
  SELECT
    sp.user_id,
    c.difficulty_level,
    COUNT(*) as course_count,
    AVG(sp.completion_percentage) as avg_completion,
    ARRAY_AGG(DISTINCT jsonb_object_keys(c.metadata->'tags')) as preferred_tags
  FROM ${t.student_progress} sp
  JOIN ${t.courses} c ON sp.course_id = c.id
  WHERE sp.completion_percentage >= 70
  GROUP BY sp.user_id, c.difficulty_level
),
course_scores AS (
  SELECT
    up.user_id,
    c.id as course_id,
    c.title,
    c.difficulty_level,
    -- Score based on difficulty preference and tag overlap
    (up.avg_completion * 0.6 +
     (CASE WHEN c.difficulty_level = up.difficulty_level THEN 30 ELSE 0 END) +
     (ARRAY_LENGTH(ARRAY(
       SELECT UNNEST(up.preferred_tags)
       INTERSECT
       SELECT jsonb_object_keys(c.metadata->'tags')
     ), 1) * 10)) as content_score
  FROM user_preferences up
  CROSS JOIN ${t.courses} c
  WHERE c.published_at IS NOT NULL
    AND c.id NOT IN (
      SELECT course_id
      FROM ${t.student_progress}
      WHERE user_id = up.user_id
    )
)
SELECT
  course_id,
  title,
  difficulty_level,
  ROUND(content_score, 2) as score
FROM course_scores
WHERE user_id = $1
  AND content_score > 50  -- Minimum relevance threshold
ORDER BY content_score DESC
LIMIT 10`

/** $1 a student: ten courses not taken yet that resemble, by difficulty and tags, those which went well (70 % or more). */
export const contentBased: GuideQuery = {
  name: 'content_based',
  title: 'Content-based recommendations',
  needs: ['courses', 'student_progress'],
  takes: 'student',
  ranks: false,
  corrected,
  printed,
  inPrint: [
    'A set-returning function stands inside an aggregate, which PostgreSQL takes in no version.',
    'jsonb_object_keys() fails on tags that are an array; ARRAY_LENGTH() of no common tag is NULL, and so is the score.',
    'A row for each difficulty that the student liked: every course is recommended up to three times.',
  ],
  columns: [
    { key: 'title', label: 'Course', kind: 'text' },
    { key: 'difficulty_level', label: 'Difficulty', kind: 'text' },
    { key: 'score', label: 'Score', kind: 'points' },
  ],
  picture: {
    label: 'Score',
    parts: [{ key: 'score', factor: 1, label: 'completion × 0.6, + 30 for the difficulty, + 10 for each tag' }],
    most: null,
  },
  comparison: null,
}
