CREATE SCHEMA "analytics";
--> statement-breakpoint
CREATE MATERIALIZED VIEW "analytics"."course_statistics" AS (select c.id as course_id, c.title,
       count(*) as enrolled_students,
       count(*) filter (where p.completion_percentage = 100) as completed_students,
       round(100.0 * count(*) filter (where p.completion_percentage = 100) / count(*), 2) as completion_rate,
       round(avg(p.completion_percentage), 2) as avg_completion_percentage,
       round((avg(extract(epoch from p.total_time_spent)) / 3600)::numeric, 2) as avg_hours_spent
from public.courses c
join public.student_progress p on p.course_id = c.id
where c.published_at is not null
group by c.id, c.title) WITH NO DATA;--> statement-breakpoint
CREATE MATERIALIZED VIEW "analytics"."leaderboard" AS (with period as (
  select days, now() - days * interval '1 day' as since from unnest(array[30, 90, 365]) as days
), progress as (
  select days, user_id, count(*) as courses_enrolled,
         count(*) filter (where completion_percentage = 100) as courses_completed,
         avg(completion_percentage) as avg_completion,
         sum(extract(epoch from total_time_spent)) as seconds
  from period join public.student_progress on enrolled_at >= since
  group by days, user_id
), quizzes as (
  -- added up by itself: joined to progress row by row it would multiply the hours by the number of quizzes
  select days, user_id, count(*) as total_quizzes, avg(100.0 * score / nullif(max_score, 0)) as avg_quiz_score
  from period join public.quiz_results on created_at >= since
  group by days, user_id
), scored as (
  select p.days, u.id as user_id, u.name, p.courses_enrolled, p.courses_completed, p.avg_completion, p.seconds,
         coalesce(q.total_quizzes, 0) as total_quizzes, q.avg_quiz_score,
         p.courses_completed * 100 + coalesce(p.avg_completion, 0) * 0.5 + coalesce(q.avg_quiz_score, 0) * 0.3 as score
  from public.users u
  join progress p on p.user_id = u.id
  left join quizzes q on q.days = p.days and q.user_id = p.user_id
  where u.role = 'student'
)
select days as period_days, rank() over (partition by days order by score desc) as rank, user_id, name, courses_enrolled, courses_completed,
       round(avg_completion, 2) as avg_completion, round((seconds / 3600)::numeric, 2) as total_hours,
       total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score, round(score, 2) as total_score
from scored) WITH NO DATA;