/** $1 a student: ten courses not taken yet that resemble, by difficulty and tags, those which went well (70 % or more). */
export const SIMILAR_COURSES = /* sql */ `
/* lms:similar-courses */
with liked as (
  select c.difficulty_level, c.metadata, p.completion_percentage
  from student_progress p
  join courses c on c.id = p.course_id
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
  from courses c
  cross join overall o
  left join by_difficulty d on d.difficulty_level = c.difficulty_level
  where c.published_at is not null
    and not exists (select from student_progress taken where taken.user_id = $1 and taken.course_id = c.id)
)
select course_id, title, difficulty_level, score
from scored
where score > 50
order by score desc, course_id
limit 10`
