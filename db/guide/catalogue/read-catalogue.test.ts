import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { migrateLms } from '../../lms/migrate'
import { forgetReads } from '../../server/run-read'
import { readGuide } from '../find-guide'
import { GUIDE_TABLES } from '../guide-shape'
import { CATALOGUE } from './entries'
import { readCatalogue } from './read-catalogue'
import type { State } from './state'

describe.each([14, 18] as const)('the catalogue of the guide on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const catalogue = async (schema?: string) => {
    forgetReads()
    const guide = orThrow(await readGuide(db.target, schema))
    if (!guide) throw new Error('no guide')
    return orThrow(await readCatalogue(db.target, guide, []))
  }
  const row = async (name: string, schema?: string) => {
    const found = (await catalogue(schema)).rows.find((one) => one.name === name)
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  const named = async (state: State, schema?: string) =>
    (await catalogue(schema)).rows.filter((one) => one.state === state).map(({ name }) => name)
  const query = (sql: string) => db.client.query(sql)

  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
  })
  afterAll(() => db.drop())

  it('has 35 indexes in print and two that are left out', () => {
    expect(CATALOGUE).toHaveLength(37)
    expect(CATALOGUE.filter(({ printed }) => printed)).toHaveLength(35)
    expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(37)
  })

  it('finds each in the sample: seven redundant by the rules for all indexes, two missing', async () => {
    expect(await named('redundant')).toEqual([
      'idx_users_email',
      'idx_lessons_course_id',
      'idx_sections_lesson_id',
      'idx_progress_user_course',
      'idx_progress_course_completion',
      'idx_progress_last_accessed',
      'idx_section_progress_user_section',
    ])
    expect(await named('missing')).toEqual(['idx_courses_created_by', 'idx_progress_current_section'])
    expect(await named('improved')).toEqual([
      'idx_users_last_active',
      'idx_lessons_course_order',
      'idx_sections_lesson_order',
      'idx_quiz_user_section',
      'idx_courses_search',
      'idx_user_name_search',
      'idx_active_students',
      'idx_struggling_students',
      'idx_progress_efficiency',
    ])
    expect(await named('present')).toHaveLength(37 - 7 - 2 - 9)
    expect(await row('idx_courses_created_by')).toMatchObject({
      create: { definition: 'CREATE INDEX idx_courses_created_by ON public.courses (created_by) WHERE created_by IS NOT NULL' },
    })
  })

  it('goes by the structure: another name is it, another definition under its name is not', async () => {
    await query(`
      alter index idx_users_role rename to by_role;
      drop index idx_courses_difficulty;
      create index idx_courses_difficulty on courses (difficulty_level desc);
      drop index idx_progress_efficiency, idx_user_name_search, idx_users_email, idx_learning_path;
      create index idx_progress_efficiency on student_progress ((completion_percentage / extract(epoch from total_time_spent) * 3600))
        where total_time_spent > interval '1 hour' and completion_percentage > 0;
      create index idx_user_name_search on users using gin (to_tsvector('english', name));
      create index longer on section_progress (user_id, completed_at, attempts)`)
    expect(await row('idx_users_role')).toMatchObject({ state: 'present', index: { indexrelname: 'by_role' } })
    expect(await row('idx_courses_difficulty')).toMatchObject({ state: 'missing', index: null, create: { refused: expect.any(String) } })
    expect(await row('idx_progress_efficiency')).toMatchObject({ state: 'present' })
    expect(await row('idx_user_name_search')).toMatchObject({ state: 'present' })
    // Not there and not needed: what serves the same is named, and nothing is offered.
    expect(await row('idx_users_email')).toMatchObject({ state: 'served', by: 'users_email_key', create: null })
    expect(await row('idx_learning_path')).toMatchObject({ state: 'served', by: 'longer', create: null })
  })

  it('tells a failed build, a column that nothing fills, and what a lock hides', async () => {
    await query(`
      drop index idx_course_title_search;
      update pg_index set indisvalid = false where indexrelid = 'idx_sections_type'::regclass`)
    expect(await row('idx_sections_type')).toMatchObject({ state: 'invalid', create: null })
    expect(await row('idx_course_title_search')).toMatchObject({ state: 'served', by: 'idx_courses_search' })
    await query('alter table courses alter search_vector drop expression')
    expect(await row('idx_courses_search')).toMatchObject({ state: 'present' })
    expect(await row('idx_course_title_search')).toMatchObject({ state: 'missing' })
    const locker = await db.connect()
    await locker.query('begin; lock table lessons')
    expect(await row('idx_lessons_course_order')).toMatchObject({ state: 'unread' })
    await locker.query('rollback')
  })

  it('offers all that can be created on bare tables under another schema, partitioned or not, and finds them afterwards', async () => {
    await query('create schema "School 1"')
    for (const table of GUIDE_TABLES)
      await query(
        `create table "School 1".${table} (like public.${table}) ${table === 'quiz_results' ? 'partition by range (created_at)' : ''}`,
      )
    await query('create table "School 1".quiz_rest partition of "School 1".quiz_results default')
    expect(await named('cannot', 'School 1')).toEqual(['idx_active_students', 'idx_struggling_students'])
    const bare = (await catalogue('School 1')).rows
    expect(bare.filter(({ create }) => create && 'refused' in create).map(({ name }) => name)).toEqual([
      'idx_lessons_course_order',
      'idx_sections_lesson_order',
    ])
    for (const { create } of bare) if (create && 'definition' in create) await query(create.definition)
    const { rows } = await catalogue('School 1')
    expect(rows.filter(({ state }) => state === 'missing').map(({ name }) => name)).toEqual([
      'idx_lessons_course_order',
      'idx_sections_lesson_order',
    ])
    expect(rows.find(({ name }) => name === 'idx_quiz_user_recent')).toMatchObject({ state: 'present', index: { partitioned: true } })
    expect(rows.find(({ name }) => name === 'idx_courses_created_by')).toMatchObject({ state: 'improved' })
    // In public nothing has changed.
    expect(await row('idx_courses_created_by', 'public')).toMatchObject({ state: 'missing' })
  })

  it('leaves out what its tables and columns are not here for', async () => {
    await query('drop table "School 1".quiz_results; alter table "School 1".courses drop created_by')
    expect(await named('absent', 'School 1')).toEqual([
      'idx_courses_created_by',
      'idx_quiz_user_section',
      'idx_quiz_section_scores',
      'idx_quiz_user_recent',
      'idx_quiz_performance',
    ])
  })
})
