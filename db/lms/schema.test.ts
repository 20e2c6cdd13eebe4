import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { monitorIndexHealth } from '../indexes/reads/monitor-index-health'
import { runRead } from '../server/run-read'
import { migrateLms } from './migrate'

const COUNTS = /* sql */ `
  select (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r') as tables,
         (select count(*)::int from information_schema.columns c join pg_class t on t.oid = c.table_name::regclass and t.relkind = 'r'
          where table_schema = 'public') as columns,
         (select count(*)::int from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e') as enums,
         (select count(*)::int from pg_index i join pg_class c on c.oid = i.indexrelid
          where c.relname like 'idx\\_%' and i.indisvalid) as indexes,
         (select count(*)::int from pg_constraint where contype = 'f') as foreign_keys,
         (select count(*)::int from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace) as checks`

describe.each(MAJORS)('the LMS schema on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const sql = (text: string) => db.client.query(text)
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    await migrateLms(db.url) // the second time there is nothing to do
    await sql(`
      insert into users (id, email, name) values ('00000000-0000-0000-0000-000000000001', 'w@lms.example', 'Will May');
      insert into courses (id, title, description, difficulty_level, created_by)
      values ('00000000-0000-0000-0000-00000000000c', 'Databases', 'Trees and locks', 'beginner', '00000000-0000-0000-0000-000000000001');
      insert into lessons (course_id, title, lesson_order)
      select '00000000-0000-0000-0000-00000000000c', 'Lesson ' || n, n from generate_series(1, 5) n`)
  })
  afterAll(() => db.drop())

  it('has what the guide lists', async () => {
    expect((await sql(COUNTS)).rows[0]).toEqual({ tables: 7, columns: 67, enums: 3, indexes: 35, foreign_keys: 11, checks: 6 })
  })

  it('repeats seven indexes, six of them as the guide does', async () => {
    const result = await runRead(db.target, monitorIndexHealth, { schema: 'public' })
    const rows = result.ok ? result.value : []
    const redundant = rows.filter((row) => row.recommendation.startsWith('REDUNDANT'))
    expect(Object.fromEntries(redundant.map((row) => [row.index_name, row.recommendation.replace('REDUNDANT - ', '')]))).toEqual({
      idx_users_email: 'duplicate of users_email_key',
      idx_progress_user_course: 'duplicate of student_progress_user_id_course_id_key',
      idx_section_progress_user_section: 'duplicate of section_progress_user_id_section_id_key',
      idx_lessons_course_id: 'prefix of idx_lessons_course_order',
      idx_sections_lesson_id: 'prefix of idx_sections_lesson_order',
      idx_progress_course_completion: 'prefix of idx_progress_analytics',
      // the corrected idx_active_students leads with the same column
      idx_progress_last_accessed: 'prefix of idx_active_students',
    })
    expect(rows.find((row) => row.index_name === 'users_email_key')?.recommendation).toBe('CONSTRAINT - Keep')
  })

  it('has the health functions', async () => {
    const { rows } = await sql(`select recommendation from check_index_bloat() where index_name = 'users_pkey'`)
    expect(rows).toEqual([{ recommendation: 'HEALTHY' }])
  })

  it('moves a whole list of lessons in one statement', async () => {
    await sql('update lessons set lesson_order = lesson_order + 1')
    const { rows } = await sql('select array_agg(lesson_order order by lesson_order) as orders from lessons')
    expect(rows[0].orders).toEqual([2, 3, 4, 5, 6])
  })

  it('keeps the search vector by itself', async () => {
    const { rows } = await sql(`select title from courses where search_vector @@ websearch_to_tsquery('english', 'lock')`)
    expect(rows).toEqual([{ title: 'Databases' }])
  })

  it('finds a name that is a stop word in English', async () => {
    const { rows } = await sql(`select name from users where to_tsvector('simple', name) @@ plainto_tsquery('simple', 'Will')`)
    expect(rows).toEqual([{ name: 'Will May' }])
  })

  it('takes an interval whose epoch is zero', async () => {
    await sql(`insert into student_progress (user_id, course_id, completion_percentage, total_time_spent)
      select u.id, c.id, 50, '-1 year 365 days 6 hours' from users u, courses c`)
    expect((await sql('delete from student_progress')).rowCount).toBe(1)
  })

  it.each([
    ['a percentage above 100', `(user_id, course_id, completion_percentage) select u.id, c.id, 999.99 from users u, courses c`],
    ['fewer than no lessons', `(user_id, course_id, completed_lessons) select u.id, c.id, -5 from users u, courses c`],
    ['time that runs backwards', `(user_id, course_id, total_time_spent) select u.id, c.id, '-1 hour' from users u, courses c`],
  ])('refuses %s', async (_, values) => {
    await expect(sql(`insert into student_progress ${values}`)).rejects.toMatchObject({ code: '23514' })
  })

  it('lets a lesson in use and an author go', async () => {
    await sql(`insert into student_progress (user_id, course_id, current_lesson_id)
      select u.id, l.course_id, l.id from users u, lessons l where l.lesson_order = 3`)
    await sql('delete from lessons where lesson_order = 3')
    expect((await sql('select current_lesson_id from student_progress')).rows).toEqual([{ current_lesson_id: null }])
    await sql('delete from users')
    expect((await sql('select created_by from courses')).rows).toEqual([{ created_by: null }])
  })
})
