/**
 * The small statements of a learning platform's day. Between them they use primary keys, order constraints, a GIN, an
 * expression, two partial indexes. What no screen asks for stays unused: idx_struggling_students,
 * idx_section_progress_completed, idx_quiz_section_scores, idx_users_profile_gin, idx_course_title_search and others.
 */

export const SIGN_IN = /* sql */ `/* lms:sign-in */ select id, name, role from users where email = $1`

export const USER_SEARCH = /* sql */ `
/* lms:user-search */
select id, name, email from users where to_tsvector('simple', name) @@ plainto_tsquery('simple', $1) order by name limit 20`

export const COURSE_SEARCH = /* sql */ `
/* lms:course-search */
select id, title, ts_rank(search_vector, query) as rank
from courses, websearch_to_tsquery('english', $1) query
where search_vector @@ query and published_at is not null
order by rank desc limit 20`

export const COURSE_OUTLINE = /* sql */ `
/* lms:course-outline */
select l.lesson_order, l.title, s.section_order, s.title as section, s.section_type
from lessons l join sections s on s.lesson_id = l.id
where l.course_id = $1
order by l.lesson_order, s.section_order`

export const RECENT_SECTIONS = /* sql */ `
/* lms:recent-sections */
select section_id, updated_at, score from section_progress where user_id = $1 order by updated_at desc limit 10`

export const LEARNING_PATH = /* sql */ `
/* lms:learning-path */
select section_id, completed_at from section_progress where user_id = $1 and completed_at is not null order by completed_at`

export const QUIZ_HISTORY = /* sql */ `
/* lms:quiz-history */
select section_id, score, max_score, created_at from quiz_results where user_id = $1 order by created_at desc limit 10`

export const COURSE_RANKING = /* sql */ `
/* lms:course-ranking */
select user_id, completion_percentage, total_time_spent
from student_progress where course_id = $1 order by completion_percentage desc limit 25`

export const ACTIVE_STUDENTS = /* sql */ `
/* lms:active-students */
select count(distinct user_id) from student_progress where last_accessed_at > now() - interval '3 days'`

/** Repeats the expression and the predicate of idx_progress_efficiency, without which no plan may use it. */
export const QUICK_LEARNERS = /* sql */ `
/* lms:quick-learners */
select user_id, course_id, completion_percentage / nullif(extract(epoch from total_time_spent), 0) * 3600 as percent_an_hour
from student_progress
where total_time_spent > interval '1 hour' and completion_percentage > 0
order by completion_percentage / nullif(extract(epoch from total_time_spent), 0) * 3600 desc
limit 20`

/** Changes index keys: no HOT update. The course goes round, so that the table keeps its shape for ever. */
export const ADVANCE = /* sql */ `
/* lms:advance */
update student_progress
set completed_sections = (completed_sections + 1) % (total_sections + 1),
    completion_percentage = round(100.0 * ((completed_sections + 1) % (total_sections + 1)) / total_sections, 2),
    total_time_spent = total_time_spent + interval '1 minute', last_accessed_at = now()
where id = (select id from student_progress where user_id = $1 order by last_accessed_at desc limit 1) and total_sections > 0`

/** No index holds attempts or time_spent: a HOT update. */
export const PRACTISE = /* sql */ `
/* lms:practise */
update section_progress set attempts = attempts + 1, time_spent = time_spent + interval '20 seconds'
where id = (select id from section_progress where user_id = $1 order by updated_at desc limit 1)`

export const SEEN = /* sql */ `/* lms:seen */ update users set last_active_at = now() where id = $1`
