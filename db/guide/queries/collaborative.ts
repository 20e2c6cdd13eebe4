import { type GuideQuery, numberOf, type TableNames } from './guide-query'

/** Without its last line, so that a comparison ranks all courses. */
const ranking = (t: TableNames) => /* sql */ `
with engaged as (
  select user_id, course_id from ${t.student_progress} where completion_percentage > 50
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
join ${t.student_progress} p on p.user_id = x.peer and p.completion_percentage >= 80
join ${t.courses} c on c.id = p.course_id and c.published_at is not null
where x.similarity >= 0.1
  and not exists (select from ${t.student_progress} taken where taken.user_id = $1 and taken.course_id = p.course_id)
group by p.course_id, c.title, c.difficulty_level
order by sum(x.similarity * p.completion_percentage) desc, p.course_id`

/**
 * The same for every student: ten courses each. Millions of pairs: each is counted once, for the student of the smaller number, and students
 * and courses stand as integers, as a uuid takes four times the memory of a hash.
 */
const forAll = (t: TableNames) => /* sql */ `
with engaged as materialized (
  select user_id, course_id, completion_percentage,
         dense_rank() over (order by user_id)::int as student, dense_rank() over (order by course_id)::int as course
  from ${t.student_progress}
  where completion_percentage > 50
), students as materialized (
  select student, user_id, count(*)::int as courses from engaged group by student, user_id
), shared as materialized (
  select mine.student, theirs.student as peer, count(*)::int as courses
  from engaged mine
  join engaged theirs on theirs.course = mine.course and theirs.student > mine.student
  group by mine.student, theirs.student
  having count(*) >= 2
), alike as materialized (
  select s.student, s.peer, s.courses::numeric / (a.courses + b.courses - s.courses) as similarity
  from shared s
  join students a on a.student = s.student
  join students b on b.student = s.peer
  where s.courses::numeric / (a.courses + b.courses - s.courses) >= 0.1
), peers as (
  select student, peer, similarity from alike
  union all
  select peer, student, similarity from alike
), scored as (
  select x.student, f.course,
         sum(x.similarity * f.completion_percentage) as weight, sum(x.similarity) as similarities, count(*) as peers
  from peers x
  join engaged f on f.student = x.peer and f.completion_percentage >= 80
  group by x.student, f.course
), placed as (
  select u.user_id, c.id as course_id, c.title, c.difficulty_level, s.weight / s.similarities as score,
         s.similarities / s.peers as similarity, s.peers,
         row_number() over (partition by u.user_id order by s.weight desc, c.id) as place
  from scored s
  join students u on u.student = s.student
  join (select distinct course, course_id from engaged) n on n.course = s.course
  join ${t.courses} c on c.id = n.course_id and c.published_at is not null
  where not exists (select from ${t.student_progress} taken where taken.user_id = u.user_id and taken.course_id = c.id)
)
select user_id as target_user, course_id, title, difficulty_level, round(score, 3) as score, round(similarity, 3) as avg_similarity, peers
from placed
where place <= 10
order by user_id, place`

const similarities = (t: TableNames, more = '') => /* sql */ `
  SELECT
    sp1.user_id as user1,
    sp2.user_id as user2,
    -- Jaccard similarity coefficient
    COUNT(CASE WHEN sp1.course_id = sp2.course_id THEN 1 END)::DECIMAL /
    COUNT(DISTINCT COALESCE(sp1.course_id, sp2.course_id)) as similarity
  FROM ${t.student_progress} sp1
  CROSS JOIN ${t.student_progress} sp2
  WHERE sp1.user_id != sp2.user_id
    AND sp1.completion_percentage > 50  -- Only consider seriously engaged users
    AND sp2.completion_percentage > 50${more}
  GROUP BY sp1.user_id, sp2.user_id
  HAVING COUNT(CASE WHEN sp1.course_id = sp2.course_id THEN 1 END) >= 2  -- At least 2 common courses`

/** Up to its WHERE, which names the student. */
const recommendations = (t: TableNames) => /* sql */ `
WITH user_similarities AS (${similarities(t)}
),
recommendations AS (
  SELECT
    us.user1 as target_user,
    sp.course_id as recommended_course,
    c.title,
    c.difficulty_level,
    AVG(us.similarity * sp.completion_percentage) as recommendation_score
  FROM user_similarities us
  JOIN ${t.student_progress} sp ON us.user2 = sp.user_id
  JOIN ${t.courses} c ON sp.course_id = c.id
  WHERE sp.completion_percentage >= 80  -- Only recommend courses similar users completed well
    AND sp.course_id NOT IN (
      SELECT course_id
      FROM ${t.student_progress}
      WHERE user_id = us.user1
    )  -- Exclude courses user is already enrolled in
  GROUP BY us.user1, sp.course_id, c.title, c.difficulty_level
  HAVING AVG(us.similarity) > 0.3  -- Minimum similarity threshold
)
SELECT
  target_user,
  recommended_course,
  title,
  difficulty_level,
  ROUND(recommendation_score, 3) as score
FROM recommendations`

const forOne = (t: TableNames) => `${recommendations(t)}
WHERE target_user = $1  -- Target user parameter
ORDER BY recommendation_score DESC`

/** $1 a student: ten courses that similar students finished. Similar: a Jaccard index of at least 0.1, two courses or more in common. */
export const collaborative: GuideQuery = {
  name: 'collaborative',
  title: 'Collaborative recommendations',
  needs: ['courses', 'student_progress'],
  takes: 'student',
  ranks: false,
  corrected: (t) => `${ranking(t)}
limit 10`,
  printed: (t) => `${forOne(t)}
LIMIT 10`,
  inPrint: [
    'Not a Jaccard index: it divides what two students share by the courses of the first alone, not by those of both.',
    'NOT IN gives no row once course_id holds a NULL, and courses that are not published are recommended.',
    'The mean of similarity × completion ranks few similar students above many; the corrected form weighs by similarity.',
  ],
  columns: [
    { key: 'title', label: 'Course', kind: 'text' },
    { key: 'difficulty_level', label: 'Difficulty', kind: 'text' },
    { key: 'peers', label: 'Similar students', kind: 'number' },
    { key: 'avg_similarity', label: 'Similarity', kind: 'number' },
    { key: 'score', label: 'Score', kind: 'points' },
  ],
  picture: { label: 'Score', parts: [{ key: 'score', factor: 1, label: 'completion of similar students, %' }], most: 100 },
  comparison: {
    sql: (t) => /* sql */ `
with printed as (${forOne(t)}
), corrected as (${ranking(t)}
), ratios as (${similarities(t, `\n    AND sp1.user_id = $1`)}
), sizes as (
  select user_id, count(*) as courses from ${t.student_progress} where completion_percentage > 50 group by user_id
), pairs as (
  select round(r.similarity, 6) as printed_ratio, round(s.shared / (a.courses + b.courses - s.shared), 6) as jaccard
  from ratios r
  join sizes a on a.user_id = r.user1
  join sizes b on b.user_id = r.user2
  cross join lateral (
    select count(*)::numeric as shared
    from ${t.student_progress} x
    join ${t.student_progress} y on y.course_id = x.course_id and y.user_id = r.user2 and y.completion_percentage > 50
    where x.user_id = r.user1 and x.completion_percentage > 50
  ) s
), placed as (
  select course_id, title, score, row_number() over () as place from corrected
), told as (
  select (select count(*) from printed) as printed_rows, (select count(*) from placed) as right_rows,
         count(*) as pairs, count(*) filter (where printed_ratio = jaccard) as right_pairs,
         round(avg(printed_ratio), 3) as printed_similarity, round(avg(jaccard), 3) as right_similarity
  from pairs
), compared as (
  select p.recommended_course, p.title, p.score, c.score as right_score, c.place as right_place,
         row_number() over (order by p.score desc) as place
  from printed p
  left join placed c on c.course_id = p.recommended_course
)
select compared.*, told.*
from told
left join compared on true
order by place
limit 10`,
    columns: [
      { key: 'place', label: '#', kind: 'number', right: 'right_place' },
      { key: 'title', label: 'Course', kind: 'text' },
      { key: 'score', label: 'Score', kind: 'points', right: 'right_score' },
      { key: 'right_score', label: 'True score', kind: 'points' },
      { key: 'right_place', label: 'True #', kind: 'number' },
    ],
    figures: ([row]) => [
      {
        name: 'Similarity',
        printed: numberOf(row, 'printed_similarity'),
        right: numberOf(row, 'right_similarity'),
        unit: 'ratio',
        why: 'What two students share is divided by the courses of one of them.',
      },
      {
        name: 'Courses found',
        printed: numberOf(row, 'printed_rows'),
        right: numberOf(row, 'right_rows'),
        unit: 'rows',
        why: 'Before LIMIT. The threshold of 0.3 was chosen for the wrong ratio; the corrected form takes 0.1 of the true one.',
      },
    ],
    same: ([row]) => ({ rows: numberOf(row, 'pairs') ?? 0, same: numberOf(row, 'right_pairs') ?? 0 }),
  },
  forAll: { corrected: forAll, printed: recommendations },
}
