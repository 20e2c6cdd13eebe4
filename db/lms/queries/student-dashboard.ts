/** $1 a student: the courses, where each stands, and the lesson after the current one (the first, when none was begun). */
export const STUDENT_DASHBOARD = /* sql */ `
/* lms:student-dashboard */
select p.course_id, c.title as course_title, p.completion_percentage, p.last_accessed_at,
       here.title as current_lesson_title, p.total_time_spent,
       next.id as next_lesson_id, next.title as next_lesson_title,
       case when p.completion_percentage = 100 then 'completed'
            when p.last_accessed_at > now() - interval '7 days' then 'active'
            when p.last_accessed_at > now() - interval '30 days' then 'inactive'
            else 'dormant' end as status
from student_progress p
join courses c on c.id = p.course_id
left join lessons here on here.id = p.current_lesson_id
left join lateral (
  -- lesson_order may have gaps, so the next is the least one above and not order + 1
  select l.id, l.title
  from lessons l
  where l.course_id = p.course_id and (here.id is null or l.lesson_order > here.lesson_order)
  order by l.lesson_order
  limit 1
) next on true
where p.user_id = $1
order by p.last_accessed_at desc`
