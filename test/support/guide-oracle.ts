/** The guide's five queries as somebody else corrected them, by hand and apart from Proctor's: what its results are compared with. */
export const GUIDE_ORACLE = {
  course_stats: /* sql */ `
SELECT c.id AS course_id, c.title, count(*) AS enrolled_students,
       count(*) FILTER (WHERE sp.completion_percentage = 100) AS completed_students,
       round(100.0 * count(*) FILTER (WHERE sp.completion_percentage = 100) / count(*), 2) AS completion_rate,
       round(avg(sp.completion_percentage), 2) AS avg_completion_percentage,
       round((avg(extract(epoch FROM sp.total_time_spent)) / 3600)::numeric, 2) AS avg_hours_spent  -- ::numeric: PG<=13
FROM courses c JOIN student_progress sp ON sp.course_id = c.id
WHERE c.published_at IS NOT NULL
GROUP BY c.id, c.title ORDER BY completion_rate DESC, c.id`,
  dashboard: /* sql */ `
SELECT sp.course_id, c.title AS course_title, sp.completion_percentage, sp.last_accessed_at,
       l.title AS current_lesson_title, sp.total_time_spent, nl.id AS next_lesson_id, nl.title AS next_lesson_title,
       CASE WHEN sp.completion_percentage = 100 THEN 'completed'
            WHEN sp.last_accessed_at > now() - INTERVAL '7 days' THEN 'active'
            WHEN sp.last_accessed_at > now() - INTERVAL '30 days' THEN 'inactive'
            ELSE 'dormant' END AS status
FROM student_progress sp
JOIN courses c ON c.id = sp.course_id
LEFT JOIN lessons l ON l.id = sp.current_lesson_id
LEFT JOIN LATERAL (
  SELECT n.id, n.title FROM lessons n
  WHERE n.course_id = sp.course_id AND (l.id IS NULL OR n.lesson_order > l.lesson_order)
  ORDER BY n.lesson_order LIMIT 1) nl ON true
WHERE sp.user_id = $1
ORDER BY sp.last_accessed_at DESC NULLS LAST`,
  leaderboard: /* sql */ `
WITH p AS (
  SELECT user_id, count(*) AS courses_enrolled,
         count(*) FILTER (WHERE completion_percentage = 100) AS courses_completed,
         avg(completion_percentage) AS avg_completion,
         sum(extract(epoch FROM total_time_spent)) AS total_seconds
  FROM student_progress WHERE enrolled_at >= $1 GROUP BY user_id
), q AS (   -- aggregated separately: no fan-out; same period; percent of max_score
  SELECT user_id, count(*) AS total_quizzes, avg(100.0 * score / NULLIF(max_score, 0)) AS avg_quiz_score
  FROM quiz_results WHERE created_at >= $1 GROUP BY user_id
), s AS (
  SELECT u.id AS user_id, u.name, p.courses_enrolled, p.courses_completed, p.avg_completion, p.total_seconds,
         COALESCE(q.total_quizzes, 0) AS total_quizzes, q.avg_quiz_score,
         p.courses_completed * 100 + COALESCE(p.avg_completion, 0) * 0.5 + COALESCE(q.avg_quiz_score, 0) * 0.3 AS score
  FROM users u JOIN p ON p.user_id = u.id LEFT JOIN q ON q.user_id = u.id
  WHERE u.role = 'student')
SELECT rank() OVER (ORDER BY score DESC) AS rank, user_id, name, courses_enrolled, courses_completed,
       round(avg_completion, 2) AS avg_completion, round((total_seconds / 3600)::numeric, 2) AS total_hours,
       total_quizzes, round(avg_quiz_score, 2) AS avg_quiz_score, round(score, 2) AS total_score
FROM s ORDER BY score DESC, user_id LIMIT 50`,
  collaborative: /* sql */ `
WITH engaged AS (SELECT user_id, course_id FROM student_progress WHERE completion_percentage > 50),
sizes AS (SELECT user_id, count(*) AS n FROM engaged GROUP BY user_id),
common AS (
  SELECT e2.user_id AS peer, count(*) AS common
  FROM engaged e1 JOIN engaged e2 ON e2.course_id = e1.course_id AND e2.user_id <> e1.user_id
  WHERE e1.user_id = $1 GROUP BY e2.user_id HAVING count(*) >= 2),
sim AS (  -- Jaccard = |A∩B| / (|A| + |B| - |A∩B|)
  SELECT c.peer, c.common::numeric / (a.n + b.n - c.common) AS similarity
  FROM common c JOIN sizes a ON a.user_id = $1 JOIN sizes b ON b.user_id = c.peer)
SELECT $1 AS target_user, sp.course_id AS recommended_course, co.title, co.difficulty_level,
       round(sum(s.similarity * sp.completion_percentage) / sum(s.similarity), 3) AS score,  -- similarity-weighted mean
       round(avg(s.similarity), 3) AS avg_similarity, count(*) AS peers
FROM sim s JOIN student_progress sp ON sp.user_id = s.peer AND sp.completion_percentage >= 80
JOIN courses co ON co.id = sp.course_id AND co.published_at IS NOT NULL
WHERE s.similarity >= 0.1     -- the guide's 0.3 was tuned to its wrong ratio
  AND NOT EXISTS (SELECT 1 FROM student_progress m WHERE m.user_id = $1 AND m.course_id = sp.course_id)
GROUP BY sp.course_id, co.title, co.difficulty_level
ORDER BY sum(s.similarity * sp.completion_percentage) DESC LIMIT 10`,
  content_based: /* sql */ `
WITH liked AS (
  SELECT c.id, c.difficulty_level, c.metadata, sp.completion_percentage
  FROM student_progress sp JOIN courses c ON c.id = sp.course_id
  WHERE sp.user_id = $1 AND sp.completion_percentage >= 70),
pref_tags AS (
  SELECT DISTINCT t.tag FROM liked,
  LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(liked.metadata->'tags') = 'array' THEN liked.metadata->'tags' ELSE '[]' END) t(tag)),
pref_diff AS (SELECT difficulty_level, avg(completion_percentage) AS avg_completion FROM liked GROUP BY 1),
base AS (SELECT avg(completion_percentage) AS avg_completion FROM liked)
SELECT * FROM (
  SELECT c.id AS course_id, c.title, c.difficulty_level,
         round(COALESCE(d.avg_completion, b.avg_completion) * 0.6
               + CASE WHEN d.difficulty_level IS NOT NULL THEN 30 ELSE 0 END
               + 10 * (SELECT count(*) FROM pref_tags p WHERE c.metadata->'tags' ? p.tag), 2) AS score
  FROM courses c CROSS JOIN base b LEFT JOIN pref_diff d ON d.difficulty_level = c.difficulty_level
  WHERE c.published_at IS NOT NULL AND b.avg_completion IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM student_progress m WHERE m.user_id = $1 AND m.course_id = c.id)) x
WHERE score > 50 ORDER BY score DESC, course_id LIMIT 10`,
}
