import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { COURSE_STATISTICS } from './queries/course-statistics'
import * as daily from './queries/daily-life'
import { LEADERBOARD } from './queries/leaderboard'
import { SIMILAR_COURSES } from './queries/similar-courses'
import { SIMILAR_STUDENTS } from './queries/similar-students'
import { STUDENT_DASHBOARD } from './queries/student-dashboard'

/** Between two statements; about three a second. */
const PAUSE_MS = { least: 150, more: 350 }
const STATEMENT_TIMEOUT_MS = 2_000
const LOCK_TIMEOUT_MS = 1_000
const BACK_OFF_MS = { first: 1_000, most: 30_000 }

const ROLE = 'lms_app'

/** What the statements are about; a few hundred are enough. */
interface Cast {
  students: { id: string; email: string; name: string }[]
  courses: { id: string; title: string }[]
}

type Activity = (cast: Cast) => [sql: string, values?: unknown[]]

const any = <T>(of: T[]): T => of[Math.floor(Math.random() * of.length)] as T
const student =
  (sql: string): Activity =>
  (cast) => [sql, [any(cast.students).id]]
const course =
  (sql: string): Activity =>
  (cast) => [sql, [any(cast.courses).id]]

/** How often of forty-odd statements each one comes: reads of one student mostly, reports seldom. */
const DAY: [times: number, activity: Activity][] = [
  [6, student(STUDENT_DASHBOARD)],
  [4, (cast) => [daily.SIGN_IN, [any(cast.students).email]]],
  [4, student(daily.ADVANCE)],
  [4, student(daily.PRACTISE)],
  [3, student(daily.RECENT_SECTIONS)],
  [3, course(daily.COURSE_OUTLINE)],
  [2, student(daily.SEEN)],
  [2, student(daily.QUIZ_HISTORY)],
  [2, student(daily.LEARNING_PATH)],
  [2, course(daily.COURSE_RANKING)],
  [2, (cast) => [daily.COURSE_SEARCH, [any(cast.courses).title.split(' ').at(-1)]]],
  [2, (cast) => [daily.USER_SEARCH, [any(cast.students).name]]],
  [1, student(SIMILAR_STUDENTS)],
  [1, student(SIMILAR_COURSES)],
  [1, () => [daily.ACTIVE_STUDENTS]],
  [1, () => [daily.QUICK_LEARNERS]],
  [1, () => [LEADERBOARD, [new Date(Date.now() - 60 * 86_400_000)]]],
  [1, () => [COURSE_STATISTICS]],
]
const DECK = DAY.flatMap(([times, activity]) => Array.from({ length: times }, () => activity))

/**
 * Lives a little on the LMS database, so that its usage numbers move: one connection (application_name lms-app, role lms_app), about
 * three statements a second, each with a time-out, in transactions of their own. Nothing is inserted, so nothing grows
 * without end. A statement that fails is forgotten; a server that went away is tried again after 1 s, later 30 s.
 */
export function startWorkload(url: string): { stop: () => Promise<void> } {
  const over = new AbortController()
  const done = live(url, over.signal)
  return {
    stop: async () => {
      over.abort()
      await done
    },
  }
}

async function live(url: string, signal: AbortSignal): Promise<void> {
  let backOff = BACK_OFF_MS.first
  while (!signal.aborted) {
    const address = await asApplication(url).catch(() => null)
    if (address !== null && (await liveAt(address, signal))) backOff = BACK_OFF_MS.first
    await pause(backOff, signal)
    backOff = Math.min(backOff * 2, BACK_OFF_MS.most)
  }
}

/** One connection, until it is lost. False: there was nothing to live on. */
async function liveAt(address: string, signal: AbortSignal): Promise<boolean> {
  const client = new Client({
    connectionString: address,
    application_name: 'lms-app',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    connectionTimeoutMillis: 5_000,
  })
  let lost = false
  client.on('error', () => (lost = true)).on('end', () => (lost = true))
  const cast = await client.connect().then(
    () => readCast(client),
    () => null,
  )
  while (cast && !lost && !signal.aborted) {
    await client.query(...any(DECK)(cast)).catch(() => undefined)
    await pause(PAUSE_MS.least + Math.random() * PAUSE_MS.more, signal)
  }
  await client.end().catch(() => undefined)
  return cast !== null
}

/**
 * The address for a role of the application's own, which reads and writes rows and owns nothing: a superuser would be bad practice,
 * and a finding. Its password is another one at each connection.
 */
async function asApplication(url: string): Promise<string> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
  client.on('error', () => undefined) // what goes wrong is told by the query
  const application = new URL(url)
  application.username = ROLE
  application.password = randomBytes(18).toString('base64url')
  try {
    await client.connect()
    await client.query(`do $$ begin create role ${ROLE} login; exception when duplicate_object then null; end $$`)
    await client.query(`alter role ${ROLE} password '${application.password}'`)
    await client.query(`grant select, insert, update, delete on all tables in schema public to ${ROLE}`)
    await client.query(`grant usage on all sequences in schema public to ${ROLE}`)
    return application.href
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Null while there is nobody to play: no sample yet, or a server that went away again. */
async function readCast(client: Client): Promise<Cast | null> {
  const rows = <T extends object>(sql: string): Promise<T[]> =>
    client.query<T>(sql).then(
      (result) => result.rows,
      () => [],
    )
  const students = await rows<Cast['students'][number]>(
    `select id, email, split_part(name, ' ', 1) as name from users where role::text = 'student' order by random() limit 400`,
  )
  const courses = await rows<Cast['courses'][number]>(
    'select id, title from courses where published_at is not null order by random() limit 60',
  )
  return students.length > 0 && courses.length > 0 ? { students, courses } : null
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
