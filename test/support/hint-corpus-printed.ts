/** The leaderboard as the guide prints it, but for a join that LMS databases of whole numbers need as well. */
export const PRINTED_LEADERBOARD = /* sql */ `
with user_scores as (
  select u.id as user_id, u.name,
    count(distinct sp.course_id) as courses_enrolled,
    count(distinct case when sp.completion_percentage = 100 then sp.course_id end) as courses_completed,
    avg(sp.completion_percentage) as avg_completion,
    sum(extract(epoch from sp.total_time_spent)) as total_seconds_spent,
    count(distinct qr.id) as total_quizzes,
    avg(qr.score) as avg_quiz_score
  from users u
  left join student_progress sp on u.id = sp.user_id
  left join quiz_results qr on u.id = qr.user_id
  where u.role = 'student' and sp.enrolled_at >= $1
  group by u.id, u.name
  having count(distinct sp.course_id) > 0
), ranked_users as (
  select user_id, name, courses_enrolled, courses_completed, round(avg_completion, 2) as avg_completion,
    round(total_seconds_spent / 3600, 2) as total_hours, total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score,
    (courses_completed * 100 + avg_completion * 0.5 + (avg_quiz_score * 0.3)) as score
  from user_scores)
select row_number() over (order by score desc) as rank, user_id, name, courses_enrolled, courses_completed, avg_completion, total_hours,
  total_quizzes, avg_quiz_score, round(score, 2) as total_score
from ranked_users order by score desc, user_id limit 50`

/** The collaborative recommendations as printed. */
export const PRINTED_COLLABORATIVE = /* sql */ `
with user_similarities as (
  select sp1.user_id as user1, sp2.user_id as user2,
    count(case when sp1.course_id = sp2.course_id then 1 end)::decimal / count(distinct coalesce(sp1.course_id, sp2.course_id)) as similarity
  from student_progress sp1 cross join student_progress sp2
  where sp1.user_id != sp2.user_id and sp1.completion_percentage > 50 and sp2.completion_percentage > 50
  group by sp1.user_id, sp2.user_id
  having count(case when sp1.course_id = sp2.course_id then 1 end) >= 2
), recommendations as (
  select us.user1 as target_user, sp.course_id as recommended_course, c.title, c.difficulty_level,
    avg(us.similarity * sp.completion_percentage) as recommendation_score
  from user_similarities us
  join student_progress sp on us.user2 = sp.user_id
  join courses c on sp.course_id = c.id
  where sp.completion_percentage >= 80
    and sp.course_id not in (select course_id from student_progress where user_id = us.user1)
  group by us.user1, sp.course_id, c.title, c.difficulty_level
  having avg(us.similarity) > 0.3)
select target_user, recommended_course, title, difficulty_level, round(recommendation_score, 3) as score
from recommendations where target_user = $1 order by recommendation_score desc limit 10`
