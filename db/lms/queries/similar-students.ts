/**
 * $1 a student: ten courses that similar students finished. Similar means a Jaccard index, common courses over all
 * courses of the two, of at least 0.1 with two or more in common; a course counts from 50 % completion on.
 */
export const SIMILAR_STUDENTS = /* sql */ `
/* lms:similar-students */
with engaged as (
  select user_id, course_id from student_progress where completion_percentage > 50
), courses_of as (
  select user_id, count(*) as courses from engaged group by user_id
), shared as (
  select theirs.user_id as peer, count(*) as courses
  from engaged mine
  join engaged theirs on theirs.course_id = mine.course_id and theirs.user_id <> mine.user_id
  where mine.user_id = $1
  group by theirs.user_id
  having count(*) >= 2
), peers as (
  select s.peer, s.courses::numeric / (a.courses + b.courses - s.courses) as similarity
  from shared s
  join courses_of a on a.user_id = $1
  join courses_of b on b.user_id = s.peer
)
select p.course_id, c.title, c.difficulty_level,
       round(sum(x.similarity * p.completion_percentage) / sum(x.similarity), 3) as score,
       round(avg(x.similarity), 3) as avg_similarity, count(*) as peers
from peers x
join student_progress p on p.user_id = x.peer and p.completion_percentage >= 80
join courses c on c.id = p.course_id and c.published_at is not null
where x.similarity >= 0.1
  and not exists (select from student_progress taken where taken.user_id = $1 and taken.course_id = p.course_id)
group by p.course_id, c.title, c.difficulty_level
order by sum(x.similarity * p.completion_percentage) desc, p.course_id
limit 10`
