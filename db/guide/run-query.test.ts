import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GUIDE_ORACLE } from '../../test/support/guide-oracle'
import { orThrow } from '../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { migrateLms } from '../lms/migrate'
import { makeSample } from '../lms/sample'
import { forgetReads } from '../server/run-read'
import { type Guide, readGuide } from './find-guide'
import { collaborative } from './queries/collaborative'
import { AS_IN_PRINT, inSchema, type TextRow } from './queries/guide-query'
import { runGuideQuery } from './run-query'
import { findStudents, studentOf } from './students'

/** What each of ours calls a column of the oracle's. */
const COMPARED = {
  course_stats: ['course_id', 'enrolled_students', 'completed_students', 'completion_rate', 'avg_completion_percentage', 'avg_hours_spent'],
  dashboard: ['course_id', 'completion_percentage', 'current_lesson_title', 'next_lesson_id', 'next_lesson_title', 'status'],
  leaderboard: [
    'rank',
    'user_id',
    'courses_enrolled',
    'courses_completed',
    'avg_completion',
    'total_hours',
    'total_quizzes',
    'avg_quiz_score',
    'total_score',
  ],
  collaborative: ['course_id', 'title', 'score', 'avg_similarity', 'peers'],
  content_based: ['course_id', 'title', 'score'],
} as const
const AS_TEXT = { getTypeParser: () => (value: unknown) => value }

describe.each([
  [14, 0.3],
  [18, 1],
] as const)("the guide's queries on PostgreSQL %i, in a schema of another name", (major, scale) => {
  let db: TestDatabase
  let guide: Guide
  let students: string[]
  const oracle: Partial<Record<string, TextRow[]>> = {}
  const asked = async (text: string, values: unknown[]): Promise<TextRow[]> =>
    (await db.client.query({ text, values, types: AS_TEXT as never })).rows

  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    await makeSample(db.url, { scale })
    students = (await asked('select user_id from student_progress group by 1 order by count(*) desc, 1 limit 1', []))
      .concat(await asked('select user_id from student_progress group by 1 order by md5(user_id::text) limit 4', []))
      .map(({ user_id: id }) => String(id))
    oracle.course_stats = await asked(GUIDE_ORACLE.course_stats, [])
    for (const since of ['-infinity', '90 days']) oracle[since] = await asked(GUIDE_ORACLE.leaderboard, [await begin(since)])
    for (const student of students) {
      for (const name of ['dashboard', 'collaborative', 'content_based'] as const) {
        const text = GUIDE_ORACLE[name]
          .replaceAll('recommended_course,', 'course_id,')
          .replaceAll('$1 AS', '$1::uuid AS')
          .replace('completion_percentage) DESC LIMIT', 'completion_percentage) DESC, sp.course_id LIMIT') // which it leaves to chance

        oracle[`${name} ${student}`] = (await asked(text, [student])).map((row) => ({ course_id: row.recommended_course ?? null, ...row }))
      }
    }
    await db.client.query('alter schema public rename to "Campus 1"; create schema public')
    forgetReads()
    guide = orThrow(await readGuide(db.target)) as Guide
  })
  afterAll(() => db.drop())

  const begin = async (since: string): Promise<string> =>
    since === '-infinity' ? since : String((await asked(`select date_trunc('day', now()) - $1::interval as at`, [since]))[0]?.at)
  const run = async (query: keyof typeof COMPARED, form: 'corrected' | 'printed', value: string | null = null, budgetMs?: number) =>
    orThrow(
      await runGuideQuery(db.target, guide, { query, form, scope: 'one', value, choices: AS_IN_PRINT, ...(budgetMs && { budgetMs }) }),
    )
  const only = (rows: TextRow[] | null | undefined, query: keyof typeof COMPARED) =>
    rows?.map((row) => COMPARED[query].map((key) => row[key] ?? null))

  it('gives the rows of the oracle, with time, blocks and plan', async () => {
    expect(guide.schema).toBe('Campus 1')
    const courses = await run('course_stats', 'corrected')
    expect(only(courses.rows, 'course_stats')).toEqual(only(oracle.course_stats, 'course_stats'))
    expect(courses.rows?.length).toBeGreaterThan(30)
    for (const since of ['-infinity', '90 days']) {
      const found = await run('leaderboard', 'corrected', await begin(since))
      expect(only(found.rows, 'leaderboard')).toEqual(only(oracle[since], 'leaderboard'))
      expect(found).toMatchObject({ given: 50, problem: null, more: false })
      expect(found.executionMs).toBeGreaterThan(0)
      expect((found.hit ?? 0) + (found.read ?? 0)).toBeGreaterThan(100)
      expect(found.timed).not.toContain('Actual Total Time')
      expect(found.nodes).toContain('Actual Total Time')
    }
    for (const student of students) {
      for (const query of ['dashboard', 'collaborative', 'content_based'] as const) {
        const found = await run(query, 'corrected', student)
        expect(only(found.rows, query), `${query} ${student}`).toEqual(only(oracle[`${query} ${student}`], query))
      }
    }
    expect(oracle[`collaborative ${students[0]}`]?.length).toBeGreaterThan(0)
    expect(oracle[`content_based ${students[0]}`]?.length).toBeGreaterThan(0)
  })

  it('tells what each of them does as printed, computed on the same rows', async () => {
    const [student = ''] = students
    const courses = await run('course_stats', 'printed')
    expect(courses.comparison?.compared).toEqual({ rows: oracle.course_stats?.length, same: oracle.course_stats?.length })
    const next = (await run('dashboard', 'printed', student)).comparison
    expect(next?.figures[0]).toMatchObject({
      printed: 0,
      right: oracle[`dashboard ${student}`]?.filter((row) => row.next_lesson_id).length,
    })
    const failing = await run('content_based', 'printed', student)
    expect(failing.problem).toMatchObject({ kind: 'sql_error', sqlstate: '0A000' })
    const alike = (await run('collaborative', 'printed', student)).comparison
    expect(alike?.compared.rows).toBeGreaterThan(alike?.compared.same ?? 0)
    expect(alike?.figures[0]?.printed).toBeGreaterThan(alike?.figures[0]?.right ?? 1)
    expect(alike?.figures[1]?.right).toBeGreaterThanOrEqual(oracle[`collaborative ${student}`]?.length ?? 0)
    const { comparison } = await run('leaderboard', 'printed', '-infinity')
    const [hours, place] = comparison?.figures ?? []
    const [mean] = await asked(
      `select round(avg(h), 1)::text as hours
       from (select sum(extract(epoch from total_time_spent)) / 3600 as h from "Campus 1".student_progress group by user_id) one`,
      [],
    )
    expect(hours?.right).toBe(Number(mean?.hours))
    expect(hours?.printed).toBeGreaterThan((hours?.right ?? 0) * 5)
    const [nobody] = await asked(
      `select count(*)::text as students from (select user_id from "Campus 1".student_progress except select user_id from "Campus 1".quiz_results) one`,
      [],
    )
    expect(place?.printed).toBeGreaterThan(Number(nobody?.students))
    const best = comparison?.rows.find((row) => row.right_rank === '1')
    expect(best).toMatchObject({ name: oracle['-infinity']?.[0]?.name, right_score: oracle['-infinity']?.[0]?.total_score })
    expect(comparison?.rows[0]?.total_score).toBeNull()
  })

  // Of 5,000 students it takes ten seconds, of 1,500 one.
  const few = scale < 1 ? it : null
  few?.('recommends for all students at once, where the printed form is stopped', async () => {
    const all = { query: 'collaborative', scope: 'all', value: null, choices: AS_IN_PRINT } as const
    const right = orThrow(await runGuideQuery(db.target, guide, { ...all, form: 'corrected' }))
    expect(right.problem).toBeNull()
    expect(right.given).toBeGreaterThan(100)
    const rows = await asked(`select * from (${collaborative.forAll?.corrected(inSchema(guide.schema))}) x where target_user = any ($1)`, [
      students,
    ])
    for (const student of students) {
      const his = rows.filter((row) => row.target_user === student)
      expect(only(his, 'collaborative')).toEqual(only(oracle[`collaborative ${student}`], 'collaborative'))
    }
    const printed = orThrow(await runGuideQuery(db.target, guide, { ...all, form: 'printed', budgetMs: 1_000 }))
    expect(printed.problem).toMatchObject({ kind: 'timeout', sqlstate: '57014' })
  })

  it('finds students by name, and says which table is missing', async () => {
    const [first] = orThrow(await findStudents(db.target, guide, ''))
    expect(first?.id).toBe(students[0])
    const named = orThrow(await findStudents(db.target, guide, 'MARIA s'))
    expect(named.length).toBeGreaterThan(0)
    expect(named.every(({ name }) => name.includes('Maria S'))).toBe(true)
    expect(orThrow(await studentOf(db.target, guide, students[0] ?? ''))).toMatchObject({ name: first?.name })
    const { quiz_results: _, ...tables } = guide.tables
    const order = { query: 'leaderboard', form: 'corrected', scope: 'one', value: '-infinity', choices: AS_IN_PRINT } as const
    expect(await runGuideQuery(db.target, { ...guide, tables }, order)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
