/** $1 the beginning of the period: the fifty students with the highest scores among those who enrolled in it. */
export const LEADERBOARD = /* sql */ `
/* lms:leaderboard */
with progress as (
  select user_id, count(*) as courses_enrolled,
         count(*) filter (where completion_percentage = 100) as courses_completed,
         avg(completion_percentage) as avg_completion,
         sum(extract(epoch from total_time_spent)) as seconds
  from student_progress
  where enrolled_at >= $1
  group by user_id
), quizzes as (
  -- added up by itself: joined to progress row by row it would multiply the hours by the number of quizzes
  select user_id, count(*) as total_quizzes, avg(100.0 * score / max_score) as avg_quiz_score
  from quiz_results
  where created_at >= $1
  group by user_id
), scored as (
  select u.id as user_id, u.name, p.courses_enrolled, p.courses_completed, p.avg_completion, p.seconds,
         coalesce(q.total_quizzes, 0) as total_quizzes, q.avg_quiz_score,
         p.courses_completed * 100 + p.avg_completion * 0.5 + coalesce(q.avg_quiz_score, 0) * 0.3 as score
  from users u
  join progress p on p.user_id = u.id
  left join quizzes q on q.user_id = u.id
  where u.role = 'student'
)
select rank() over (order by score desc) as rank, user_id, name, courses_enrolled, courses_completed,
       round(avg_completion, 2) as avg_completion, round((seconds / 3600)::numeric, 2) as total_hours,
       total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score, round(score, 2) as total_score
from scored
order by score desc, user_id
limit 50`
