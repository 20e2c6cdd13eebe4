/** Every published course with enrolments: how many finish, how far and how long the others go. */
export const COURSE_STATISTICS = /* sql */ `
/* lms:course-statistics */
select c.id as course_id, c.title,
       count(*) as enrolled_students,
       count(*) filter (where p.completion_percentage = 100) as completed_students,
       round(100.0 * count(*) filter (where p.completion_percentage = 100) / count(*), 2) as completion_rate,
       round(avg(p.completion_percentage), 2) as avg_completion_percentage,
       round((avg(extract(epoch from p.total_time_spent)) / 3600)::numeric, 2) as avg_hours_spent
from courses c
join student_progress p on p.course_id = c.id
where c.published_at is not null
group by c.id, c.title
order by completion_rate desc, c.id`
