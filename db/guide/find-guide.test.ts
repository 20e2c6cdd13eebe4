import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { migrateLms } from '../lms/migrate'
import { forgetReads, runRead } from '../server/run-read'
import { findGuide, guideHas, guideName, readGuide } from './find-guide'
import { GUIDE_SHAPE, GUIDE_TABLES } from './guide-shape'
import { guideTables } from './reads/guide-tables'

describe.each([14, 18] as const)('the tables of the guide on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const found = async (schema?: string) => {
    forgetReads()
    return orThrow(await readGuide(db.target, schema))
  }
  const query = (sql: string) => db.client.query(sql)

  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
  })
  afterAll(() => db.drop())

  it('are those of the sample, with all 67 columns', async () => {
    expect(Object.values(GUIDE_SHAPE).flatMap((columns) => Object.keys(columns))).toHaveLength(67)
    const guide = await found()
    expect(guide).toMatchObject({ schema: 'public', missing: [], elsewhere: [] })
    expect(Object.keys(guide?.tables ?? {})).toEqual(GUIDE_TABLES)
    expect(guide && guideName(guide, 'student_progress')).toBe('public.student_progress')
  })

  it('are found by a role with pg_monitor alone', async () => {
    await query(`create role guide_reader_${major} login password 'x' in role pg_monitor`)
    forgetReads()
    expect(orThrow(await readGuide(db.as(`guide_reader_${major}`, 'x')))?.schema).toBe('public')
    await query(`drop role guide_reader_${major}`)
  })

  it('are found under another schema, with other enums, text, domains, extra columns and partitions', async () => {
    await query(`
      create schema "School 1";
      alter schema public rename to aside;
      create schema public;
      create domain "School 1".who as text check (value <> '');
      create table "School 1".users (like aside.users, nick text);
      alter table "School 1".users alter role drop default, alter role type "School 1".who using role::text;
      create table "School 1".courses (like aside.courses including generated);
      create type "School 1".level as enum ('a', 'b');
      alter table "School 1".courses drop difficulty_level;
      alter table "School 1".courses add difficulty_level "School 1".level not null;
      create table "School 1".lessons (like aside.lessons);
      create table "School 1".sections (like aside.sections);
      create table "School 1".student_progress (like aside.student_progress);
      create table "School 1".section_progress (like aside.section_progress);
      create table "School 1".quiz_results (like aside.quiz_results) partition by range (created_at);
      create schema parts;
      create table parts.quiz_results partition of "School 1".quiz_results default`)
    const guide = await found('School 1')
    expect(guide).toMatchObject({ schema: 'School 1', missing: [], elsewhere: ['aside'] })
    expect(guide?.tables.quiz_results?.partitioned).toBe(true)
    expect(guide && guideName(guide, 'quiz_results')).toBe('"School 1".quiz_results')
    // Where nobody names one, both are whole and empty: by name.
    expect(await found()).toMatchObject({ schema: 'School 1' })
    expect(await found('parts')).toMatchObject({ schema: 'School 1' })
    expect(orThrow(await runRead(db.target, guideTables, {})).map(({ schemaname }) => schemaname)).not.toContain('parts')
  })

  it('are told as missing where only part is there', async () => {
    await query(`
      drop schema aside cascade;
      drop schema parts cascade;
      drop table "School 1".quiz_results, "School 1".sections;
      alter table "School 1".courses drop search_vector, drop description;
      alter table "School 1".lessons alter lesson_order type text`)
    const guide = await found()
    expect(guide?.missing).toEqual([
      { table: 'courses', columns: ['description', 'search_vector'], absent: false },
      { table: 'lessons', columns: ['lesson_order'], absent: false },
      { table: 'sections', columns: Object.keys(GUIDE_SHAPE.sections), absent: true },
      { table: 'quiz_results', columns: Object.keys(GUIDE_SHAPE.quiz_results), absent: true },
    ])
    expect(Object.keys(guide?.tables ?? {})).toEqual(['users', 'courses', 'student_progress', 'section_progress'])
    if (!guide) return
    expect(guideHas(guide, 'courses', ['title'])).toBe(true)
    expect(guideHas(guide, 'courses', ['search_vector'])).toBe(false)
    expect(guideHas(guide, 'quiz_results')).toBe(false)
    expect(() => guideName(guide, 'quiz_results')).toThrow('quiz_results')
  })

  it('are not what only looks like them: names without the columns, a view, a foreign or temporary table', async () => {
    await query(`
      alter table "School 1".student_progress alter completion_percentage type float8;
      create table public.users (id bigint primary key, email text, name text, role text);
      create table public.courses (id bigint primary key, title text, published_at timestamptz);
      create view public.student_progress as select * from "School 1".student_progress;
      create temporary table student_progress (like "School 1".student_progress)`)
    expect(await found()).toBeNull()
    expect(findGuide([])).toBeNull()
  })
})
