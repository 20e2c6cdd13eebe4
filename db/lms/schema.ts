import { sql } from 'drizzle-orm'
import {
  check,
  customType,
  index,
  integer,
  interval,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'

/**
 * The reference schema of a learning management system: what a newcomer's console watches.
 *
 * Two things stand in custom migrations because Drizzle cannot say them: the extensions, and the two
 * order constraints (idx_lessons_course_order, idx_sections_lesson_order), which are UNIQUE … DEFERRABLE so that
 * one UPDATE can move a whole list along.
 *
 * Seven indexes repeat another one and two foreign keys (courses.created_by, student_progress.current_section_id)
 * have none. That is on purpose: a console that finds index trouble needs some to find.
 */

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const id = () => uuid('id').primaryKey().defaultRandom()
const percent = (name: string) => numeric(name, { precision: 5, scale: 2 })
const created = () => at('created_at').notNull().defaultNow()
const updated = () => at('updated_at').notNull().defaultNow()
const json = (name: string) => jsonb(name).$type<Record<string, unknown>>().notNull().default({})

export const userRole = pgEnum('user_role', ['student', 'instructor', 'admin'])
export const difficulty = pgEnum('difficulty_enum', ['beginner', 'intermediate', 'advanced'])
export const sectionType = pgEnum('section_type_enum', ['text', 'video', 'quiz', 'assignment'])

export const users = pgTable(
  'users',
  {
    id: id(),
    email: varchar('email', { length: 255 }).notNull().unique('users_email_key'),
    name: varchar('name', { length: 255 }).notNull(),
    role: userRole('role').notNull().default('student'),
    createdAt: created(),
    updatedAt: updated(),
    lastActiveAt: at('last_active_at'),
    profileData: json('profile_data'),
  },
  (t) => [
    index('idx_users_email').on(t.email), // repeats users_email_key
    index('idx_users_role').on(t.role),
    index('idx_users_last_active').on(t.lastActiveAt.desc().nullsLast()),
    index('idx_users_profile_gin').using('gin', t.profileData),
    // 'simple', since 'english' takes "Will" for a stop word and would never find him
    index('idx_user_name_search').using('gin', sql`to_tsvector('simple', ${t.name})`),
  ],
)

export const courses = pgTable(
  'courses',
  {
    id: id(),
    title: varchar('title', { length: 500 }).notNull(),
    description: text('description'),
    difficultyLevel: difficulty('difficulty_level').notNull(),
    estimatedDuration: interval('estimated_duration'),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }), // no index serves this foreign key
    createdAt: created(),
    updatedAt: updated(),
    publishedAt: at('published_at'),
    metadata: json('metadata'),
    // STORED: an index cannot stand on a virtual column, which is 18's default
    searchVector: tsvector('search_vector').generatedAlwaysAs(
      sql`setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(description, '')), 'B')`,
    ),
  },
  (t) => [
    index('idx_courses_title_trgm').using('gin', t.title.op('gin_trgm_ops')),
    index('idx_courses_difficulty').on(t.difficultyLevel),
    index('idx_courses_published').on(t.publishedAt.desc().nullsFirst()).where(sql`${t.publishedAt} is not null`),
    index('idx_courses_search').using('gin', t.searchVector),
    index('idx_courses_metadata_gin').using('gin', t.metadata),
    index('idx_courses_search_composite').on(t.difficultyLevel, t.publishedAt.desc().nullsFirst()).where(sql`${t.publishedAt} is not null`),
    // what search_vector made superfluous
    index('idx_course_title_search').using('gin', sql`to_tsvector('english', ${t.title} || ' ' || coalesce(${t.description}, ''))`),
  ],
)

export const lessons = pgTable(
  'lessons',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id, { onDelete: 'cascade' }),
    title: varchar('title', { length: 500 }).notNull(),
    content: text('content'),
    lessonOrder: integer('lesson_order').notNull(),
    estimatedTime: interval('estimated_time'),
    createdAt: created(),
    updatedAt: updated(),
    metadata: json('metadata'),
  },
  (t) => [index('idx_lessons_course_id').on(t.courseId)], // a prefix of idx_lessons_course_order
)

export const sections = pgTable(
  'sections',
  {
    id: id(),
    lessonId: uuid('lesson_id')
      .notNull()
      .references(() => lessons.id, { onDelete: 'cascade' }),
    title: varchar('title', { length: 500 }).notNull(),
    content: text('content'),
    sectionType: sectionType('section_type').notNull(),
    sectionOrder: integer('section_order').notNull(),
    createdAt: created(),
    updatedAt: updated(),
    metadata: json('metadata'),
  },
  (t) => [
    index('idx_sections_lesson_id').on(t.lessonId), // a prefix of idx_sections_lesson_order
    index('idx_sections_type').on(t.sectionType),
  ],
)

export const studentProgress = pgTable(
  'student_progress',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id, { onDelete: 'cascade' }),
    enrolledAt: at('enrolled_at').notNull().defaultNow(),
    lastAccessedAt: at('last_accessed_at').notNull().defaultNow(),
    completionPercentage: percent('completion_percentage').notNull().default('0.00'),
    totalTimeSpent: interval('total_time_spent').notNull().default('0 minutes'),
    totalLessons: integer('total_lessons').notNull().default(0),
    completedLessons: integer('completed_lessons').notNull().default(0),
    totalSections: integer('total_sections').notNull().default(0),
    completedSections: integer('completed_sections').notNull().default(0),
    currentLessonId: uuid('current_lesson_id').references(() => lessons.id, { onDelete: 'set null' }),
    currentSectionId: uuid('current_section_id').references(() => sections.id, { onDelete: 'set null' }), // no index serves this foreign key
  },
  (t) => [
    unique('student_progress_user_id_course_id_key').on(t.userId, t.courseId),
    check('student_progress_completion_percentage_check', sql`${t.completionPercentage} between 0 and 100`),
    check('student_progress_total_time_spent_check', sql`${t.totalTimeSpent} >= interval '0'`),
    check('student_progress_completed_lessons_check', sql`${t.completedLessons} >= 0`),
    check('student_progress_completed_sections_check', sql`${t.completedSections} >= 0`),
    index('idx_progress_user_course').on(t.userId, t.courseId), // repeats the unique key
    index('idx_progress_course_completion').on(t.courseId, t.completionPercentage.desc().nullsFirst()), // a prefix of idx_progress_analytics
    index('idx_progress_last_accessed').on(t.lastAccessedAt.desc().nullsFirst()), // a prefix of idx_active_students
    index('idx_progress_current_lesson').on(t.currentLessonId).where(sql`${t.currentLessonId} is not null`),
    index('idx_progress_tracking').on(t.userId, t.lastAccessedAt.desc().nullsFirst(), t.completionPercentage),
    index('idx_progress_analytics').on(t.courseId, t.completionPercentage.desc().nullsFirst(), t.totalTimeSpent),
    // time leads the key and stands in the query: a predicate cannot hold now()
    index('idx_active_students').on(t.lastAccessedAt.desc().nullsFirst(), t.userId, t.courseId),
    index('idx_struggling_students')
      .on(t.enrolledAt, t.userId, t.courseId, t.completionPercentage)
      .where(sql`${t.completionPercentage} < 50`),
    // nullif, since an interval above '1 hour' can still have an epoch of zero
    index('idx_progress_efficiency')
      .on(sql`(${t.completionPercentage} / nullif(extract(epoch from ${t.totalTimeSpent}), 0) * 3600)`)
      .where(sql`${t.totalTimeSpent} > interval '1 hour' and ${t.completionPercentage} > 0`),
  ],
)

export const sectionProgress = pgTable(
  'section_progress',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sectionId: uuid('section_id')
      .notNull()
      .references(() => sections.id, { onDelete: 'cascade' }),
    completedAt: at('completed_at'),
    timeSpent: interval('time_spent').notNull().default('0 minutes'),
    attempts: integer('attempts').notNull().default(0),
    score: percent('score'),
    createdAt: created(),
    updatedAt: updated(),
  },
  (t) => [
    unique('section_progress_user_id_section_id_key').on(t.userId, t.sectionId),
    index('idx_section_progress_user_section').on(t.userId, t.sectionId), // repeats the unique key
    index('idx_section_progress_section').on(t.sectionId),
    index('idx_section_progress_completed').on(t.completedAt.desc().nullsFirst()).where(sql`${t.completedAt} is not null`),
    index('idx_section_progress_user_recent').on(t.userId, t.updatedAt.desc().nullsFirst()),
    index('idx_learning_path').on(t.userId, t.completedAt).where(sql`${t.completedAt} is not null`),
  ],
)

export const quizResults = pgTable(
  'quiz_results',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sectionId: uuid('section_id')
      .notNull()
      .references(() => sections.id, { onDelete: 'cascade' }),
    score: percent('score').notNull(),
    maxScore: percent('max_score').notNull(),
    timeTaken: interval('time_taken'),
    answers: jsonb('answers').$type<QuizAnswer[]>().notNull(),
    createdAt: created(),
  },
  (t) => [
    check('quiz_results_max_score_check', sql`${t.maxScore} > 0`),
    check('quiz_results_score_check', sql`${t.score} between 0 and ${t.maxScore}`),
    index('idx_quiz_user_section').on(t.userId, t.sectionId, t.createdAt.desc().nullsFirst()),
    index('idx_quiz_section_scores').on(t.sectionId, t.score.desc().nullsFirst()),
    index('idx_quiz_user_recent').on(t.userId, t.createdAt.desc().nullsFirst()),
    index('idx_quiz_performance').on(t.sectionId, t.createdAt.desc().nullsFirst(), t.score.desc().nullsFirst()),
  ],
)

/** One question of a quiz as it was answered. */
export interface QuizAnswer {
  question: number
  choice: string
  correct: boolean
  seconds: number
}
