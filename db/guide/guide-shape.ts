/** What a column of the guide is for, and the types that serve it as well as the printed one. */
type Kind = 'uuid' | 'text' | 'choice' | 'time' | 'json' | 'whole' | 'number' | 'interval' | 'search'

export const SERVES: Record<Kind, readonly string[]> = {
  uuid: ['uuid'],
  text: ['text', 'varchar', 'bpchar'],
  // The guide uses three enums and defines none, so any name will do, and so will text with a CHECK.
  choice: ['enum', 'text', 'varchar', 'bpchar'],
  time: ['timestamptz', 'timestamp'],
  // Its GIN indexes and operators are those of jsonb; json has neither.
  json: ['jsonb'],
  whole: ['int2', 'int4', 'int8'],
  // round(numeric, 2), which its queries end with, is not there for float8.
  number: ['numeric'],
  interval: ['interval'],
  search: ['tsvector'],
}

export interface GuideColumn {
  kind: Kind
  /** One of the guide's five queries cannot run without it. */
  needed: boolean
}

const needed = (kind: Kind): GuideColumn => ({ kind, needed: true })
const also = (kind: Kind): GuideColumn => ({ kind, needed: false })

/** The seven tables of the guide with all of their 67 columns. Source: the guide, "Database Architecture Overview". */
export const GUIDE_SHAPE = {
  users: {
    id: needed('uuid'),
    email: also('text'),
    name: needed('text'),
    role: needed('choice'),
    created_at: also('time'),
    updated_at: also('time'),
    last_active_at: also('time'),
    profile_data: also('json'),
  },
  courses: {
    id: needed('uuid'),
    title: needed('text'),
    description: also('text'),
    difficulty_level: needed('choice'),
    estimated_duration: also('interval'),
    created_by: also('uuid'),
    created_at: also('time'),
    updated_at: also('time'),
    published_at: needed('time'),
    metadata: needed('json'),
    search_vector: also('search'),
  },
  lessons: {
    id: needed('uuid'),
    course_id: needed('uuid'),
    title: needed('text'),
    content: also('text'),
    lesson_order: needed('whole'),
    estimated_time: also('interval'),
    created_at: also('time'),
    updated_at: also('time'),
    metadata: also('json'),
  },
  sections: {
    id: needed('uuid'),
    lesson_id: needed('uuid'),
    title: also('text'),
    content: also('text'),
    section_type: also('choice'),
    section_order: needed('whole'),
    created_at: also('time'),
    updated_at: also('time'),
    metadata: also('json'),
  },
  student_progress: {
    id: also('uuid'),
    user_id: needed('uuid'),
    course_id: needed('uuid'),
    enrolled_at: needed('time'),
    last_accessed_at: needed('time'),
    completion_percentage: needed('number'),
    total_time_spent: needed('interval'),
    total_lessons: also('whole'),
    completed_lessons: also('whole'),
    total_sections: also('whole'),
    completed_sections: also('whole'),
    current_lesson_id: needed('uuid'),
    current_section_id: also('uuid'),
  },
  section_progress: {
    id: also('uuid'),
    user_id: needed('uuid'),
    section_id: needed('uuid'),
    completed_at: needed('time'),
    time_spent: also('interval'),
    attempts: also('whole'),
    score: also('number'),
    created_at: also('time'),
    updated_at: also('time'),
  },
  quiz_results: {
    id: needed('uuid'),
    user_id: needed('uuid'),
    section_id: needed('uuid'),
    score: needed('number'),
    max_score: needed('number'),
    time_taken: also('interval'),
    answers: also('json'),
    created_at: needed('time'),
  },
} as const satisfies Record<string, Record<string, GuideColumn>>

export type GuideTable = keyof typeof GUIDE_SHAPE
export const GUIDE_TABLES = Object.keys(GUIDE_SHAPE) as GuideTable[]

/** Without these three none of the five queries says anything. */
export const LEAST_TABLES = ['users', 'courses', 'student_progress'] as const satisfies GuideTable[]
