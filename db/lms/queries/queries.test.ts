import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { migrateLms } from '../migrate'
import { COURSE_STATISTICS } from './course-statistics'
import { LEADERBOARD } from './leaderboard'
import { SIMILAR_COURSES } from './similar-courses'
import { SIMILAR_STUDENTS } from './similar-students'
import { STUDENT_DASHBOARD } from './student-dashboard'

/** A readable id: of('a', 7) is the seventh thing of kind a. */
const of = (kind: 'a' | 'c' | 'd' | 'e', n: number): string => `${kind.repeat(8)}-0000-0000-0000-${String(n).padStart(12, '0')}`

/**
 * Two students and fourteen courses. Ada took courses 1 … 10 to 60 %, course 1 to the end; Ben 1, 2, 11, 12 to 90 %;
 * Cy began course 1. They share two of twelve courses: Jaccard 2 / 12.
 */
const FIXTURE = /* sql */ `
  insert into users (id, email, name)
  values ('${of('a', 1)}', 'ada@lms.example', 'Ada'), ('${of('a', 2)}', 'ben@lms.example', 'Ben'), ('${of('a', 3)}', 'cy@lms.example', 'Cy');
  insert into courses (id, title, difficulty_level, published_at, metadata)
  select ('cccccccc-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'Course ' || n,
         (case when n % 2 = 0 then 'advanced' else 'beginner' end)::difficulty_enum, case when n <> 12 then now() end,
         jsonb_build_object('tags', case when n in (1, 11, 13) then '["sql", "lab"]'::jsonb else '["art"]'::jsonb end)
  from generate_series(1, 14) n;
  insert into lessons (id, course_id, title, lesson_order)
  select ('dddddddd-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, '${of('c', 1)}', 'Lesson ' || n, n * 10 from generate_series(1, 3) n;
  insert into sections (id, lesson_id, title, section_type, section_order)
  values ('${of('e', 1)}', '${of('d', 1)}', 'Quiz', 'quiz', 1);
  insert into student_progress (user_id, course_id, completion_percentage, total_time_spent, last_accessed_at, current_lesson_id)
  select '${of('a', 1)}'::uuid, ('cccccccc-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, case n when 1 then 100 else 60 end, interval '1 hour',
         now() - n * interval '1 day', case n when 1 then '${of('d', 1)}'::uuid end
  from generate_series(1, 10) n
  union all
  select '${of('a', 2)}', ('cccccccc-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 90, interval '2 hours', now() - interval '40 days',
         case n when 1 then '${of('d', 3)}'::uuid end
  from unnest('{1,2,11,12}'::int[]) n
  union all
  select '${of('a', 3)}', '${of('c', 1)}', 0, interval '0', now(), null;
  insert into quiz_results (user_id, section_id, score, max_score, answers)
  select '${of('a', 1)}', '${of('e', 1)}', 10, 20, '[]' from generate_series(1, 7)`

describe.each(MAJORS)('the analytics queries on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const rows = async (sql: string, values: unknown[] = []) => (await db.client.query(sql, values)).rows
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    await db.client.query(FIXTURE)
  })
  afterAll(() => db.drop())

  it('course statistics: shares of those who enrolled', async () => {
    const found = await rows(COURSE_STATISTICS)
    expect(found).toHaveLength(11) // 12 is not published, 13 and 14 have nobody
    expect(found[0]).toMatchObject({
      title: 'Course 1',
      enrolled_students: '3',
      completed_students: '1',
      completion_rate: '33.33',
      avg_completion_percentage: '63.33',
      avg_hours_spent: '1.00',
    })
  })

  it('dashboard: the next lesson over a gap, the first for a beginner, none after the last', async () => {
    const next = async (student: number) =>
      (await rows(STUDENT_DASHBOARD, [of('a', student)])).find((row) => row.course_title === 'Course 1')?.next_lesson_title
    expect([await next(1), await next(2), await next(3)]).toEqual(['Lesson 2', null, 'Lesson 1'])
    const ada = await rows(STUDENT_DASHBOARD, [of('a', 1)])
    expect(ada.map((row) => row.status)).toEqual(['completed', ...Array(5).fill('active'), ...Array(4).fill('inactive')])
    expect((await rows(STUDENT_DASHBOARD, [of('a', 2)]))[0].status).toBe('dormant')
  })

  it('leaderboard: hours are not multiplied by quizzes, and nobody without a quiz comes first', async () => {
    const found = await rows(LEADERBOARD, [new Date(Date.now() - 86_400_000)])
    expect(
      found.map(({ rank, name, total_hours, total_quizzes, avg_quiz_score, total_score }) => [
        rank,
        name,
        total_hours,
        total_quizzes,
        avg_quiz_score,
        total_score,
      ]),
    ).toEqual([
      ['1', 'Ada', '10.00', '7', '50.00', '147.00'], // 100 + 64 · 0.5 + 50 · 0.3
      ['2', 'Ben', '8.00', '0', null, '45.00'],
      ['3', 'Cy', '0.00', '0', null, '0.00'],
    ])
    expect(await rows(LEADERBOARD, [new Date(Date.now() + 86_400_000)])).toEqual([])
  })

  it('similar students: Jaccard over the union, published courses only', async () => {
    expect(await rows(SIMILAR_STUDENTS, [of('a', 1)])).toEqual([
      { course_id: of('c', 11), title: 'Course 11', difficulty_level: 'beginner', score: '90.000', avg_similarity: '0.167', peers: '1' },
    ])
    expect((await rows(SIMILAR_STUDENTS, [of('a', 2)])).map((row) => row.title)).toEqual([]) // Ada finished only what Ben has
  })

  it('similar courses: each once, tags and difficulty counted', async () => {
    const found = await rows(SIMILAR_COURSES, [of('a', 1)])
    // liked: Course 1 (beginner, 100 %): 60 + 30 for the difficulty + 10 a shared tag
    expect(found.map(({ title, score }) => [title, score])).toEqual([
      ['Course 11', '110.00'],
      ['Course 13', '110.00'],
      ['Course 14', '60.00'],
    ])
    expect(await rows(SIMILAR_COURSES, [of('a', 3)])).toEqual([])
  })
})
