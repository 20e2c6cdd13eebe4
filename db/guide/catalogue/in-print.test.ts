import { DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { CATALOGUE } from './entries'
import { correctedSql, printedSql } from './entry'

/** The guide's tables as printed, as far as its indexes need them, with the enums that it leaves out. */
const TABLES = /* sql */ `
  create type user_role as enum ('student', 'instructor', 'admin');
  create type difficulty_enum as enum ('beginner', 'advanced');
  create type section_type_enum as enum ('text', 'quiz');
  create table users (id uuid primary key, email varchar(255) unique not null, name varchar(255), role user_role, last_active_at timestamptz, profile_data jsonb);
  create table courses (id uuid primary key, title varchar(500), description text, difficulty_level difficulty_enum, created_by uuid, published_at timestamptz,
                        metadata jsonb, search_vector tsvector);
  create table lessons (id uuid primary key default gen_random_uuid(), course_id uuid, lesson_order integer not null);
  create table sections (id uuid primary key default gen_random_uuid(), lesson_id uuid, section_type section_type_enum, section_order integer not null);
  create table student_progress (user_id uuid, course_id uuid, enrolled_at timestamptz, last_accessed_at timestamptz, completion_percentage decimal(5,2),
                                 total_time_spent interval, current_lesson_id uuid, current_section_id uuid, unique (user_id, course_id));
  create table section_progress (user_id uuid, section_id uuid, completed_at timestamptz, updated_at timestamptz, unique (user_id, section_id));`
const QUIZ_COLUMNS = 'user_id UUID, section_id UUID, score DECIMAL(5,2) NOT NULL, created_at TIMESTAMPTZ,'
const ODD = "insert into student_progress (completion_percentage, total_time_spent) values (50, '-1 year 365 days 6 hours')"
/** What meets the fault of those that are taken and refuse later. */
const WRITES: Record<string, string[]> = {
  idx_lessons_course_order: [
    "insert into lessons (course_id, lesson_order) select 'cccccccc-0000-0000-0000-000000000001', n from generate_series(1, 3) n",
    'update lessons set lesson_order = lesson_order + 1',
  ],
  idx_sections_lesson_order: [
    "insert into sections (lesson_id, section_order) select 'dddddddd-0000-0000-0000-000000000001', n from generate_series(1, 3) n",
    'update sections set section_order = section_order + 1',
  ],
  idx_progress_efficiency: [ODD],
}

describe.each(MAJORS)('the indexes of the guide on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const answer = async (...statements: string[]) => {
    for (const statement of statements) {
      const error: unknown = await db.client.query(statement).then(
        () => null,
        (refused: unknown) => refused,
      )
      if (error instanceof DatabaseError) return { sqlstate: error.code, message: error.message }
    }
    return null
  }
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(TABLES)
  })
  afterAll(() => db.drop())

  it('fail as the catalogue says when they are sent as printed, and all others are taken', async () => {
    const quiz = CATALOGUE.find(({ printedText }) => printedText)
    expect(await answer(quiz?.printedText?.replace('…', QUIZ_COLUMNS) ?? '')).toEqual(told(quiz?.error))
    await db.client.query(`create table quiz_results (${QUIZ_COLUMNS.slice(0, -1)})`)
    for (const entry of CATALOGUE) {
      const printed = printedSql(entry)
      if (printed === null || entry.printedText) continue
      const expected = entry.error?.when === 'create' ? told(entry.error) : null
      expect([entry.name, await answer(printed)]).toEqual([entry.name, expected])
      const writes = WRITES[entry.name]
      expect([entry.name, writes !== undefined]).toEqual([entry.name, entry.error?.when === 'write'])
      if (writes) expect(await answer(...writes)).toEqual(told(entry.error))
    }
  })

  it('work as corrected', async () => {
    await db.client.query(
      'drop schema public cascade; create schema public; create schema lms; set search_path = lms, public; create extension pg_trgm schema public',
    )
    await db.client.query(`${TABLES} create table quiz_results (${QUIZ_COLUMNS.slice(0, -1)})`)
    for (const entry of CATALOGUE) expect([entry.name, await answer(correctedSql(entry, 'lms'))]).toEqual([entry.name, null])
    for (const writes of Object.values(WRITES)) expect(await answer(...writes)).toBeNull()
  })
})

const told = (error: (typeof CATALOGUE)[number]['error']) => error && { sqlstate: error.sqlstate, message: error.message }
