import { Client } from 'pg'
import { REFRESH_VIEWS } from './analytics'
import { CHURN } from './sample/churn'
import { failUniqueBuild } from './sample/failed-build'
import { GROUND } from './sample/ground'
import { ENROLMENTS, QUIZZES, SECTION_PROGRESS } from './sample/learning'
import { PARTITIONS } from './sample/partitioned'
import { COURSES, PEOPLE } from './sample/people-and-courses'
import type { Step } from './sample/step'

interface SampleOptions {
  /** 1 is 5,000 users and 46,000 enrolments; everything but the courses' least number of 40 goes with it. */
  scale?: number
  /** quiz_results and section_progress by month. A database that was made so stays so. */
  partitions?: boolean
  /** The name of each step as it begins. */
  onStep?: (name: string) => void
}

const VIEWS: Step = { name: 'Materialised views', statements: REFRESH_VIEWS }
const stepsOf = (partitions: boolean): Step[] => [
  GROUND,
  ...(partitions ? [PARTITIONS] : []),
  PEOPLE,
  COURSES,
  ENROLMENTS,
  SECTION_PROGRESS,
  QUIZZES,
  ...CHURN,
  VIEWS,
]
const DONE = 'Sample of a learning management system, made by Proctor'

/**
 * Fills a migrated LMS database: rows, then what a busy year does to indexes, then one failed unique build. What was in
 * its tables is lost. The same scale makes the same rows; dates count back from the day. Needs a superuser.
 * Throws what the server answers; begun anew, it starts from nothing.
 */
export async function makeSample(url: string, { scale = 1, partitions = false, onStep }: SampleOptions = {}): Promise<void> {
  if (!(scale > 0)) throw new Error('The scale of the sample is a number above 0')
  const sessions = { builder: session(url), earlier: session(url), doubleClick: session(url), watcher: session(url) }
  const { builder } = sessions
  try {
    await Promise.all(Object.values(sessions).map((client) => client.connect()))
    await builder.query(`
      set client_min_messages = warning;
      set synchronous_commit = off;
      set timezone = 'UTC';
      set work_mem = '64MB';
      set maintenance_work_mem = '256MB';
      set jit = off;
      -- the rows are right by construction (a test looks for orphans); a million foreign key checks would double the time
      set session_replication_role = replica;
      set statement_timeout = 0;
      select set_config('sample.scale', '${scale}', false), set_config('sample.today', date_trunc('day', now())::text, false)`)
    await comment(builder, null)
    for (const step of stepsOf(partitions)) {
      onStep?.(step.name)
      for (const statement of step.statements) await builder.query(statement)
    }
    onStep?.('A unique index that cannot be built')
    await failUniqueBuild(sessions)
    await comment(builder, `${DONE} (scale ${scale})`)
  } finally {
    await Promise.all(Object.values(sessions).map((client) => client.end()))
  }
}

/** True when a whole sample is there. One that was interrupted does not count. The mark is the database's comment. */
export async function sampleExists(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ made: boolean }>(
    /* sql */ `
    select coalesce(shobj_description(oid, 'pg_database') like $1 || '%', false) as made
    from pg_database where datname = current_database()`,
    [DONE],
  )
  return rows[0]?.made === true
}

/** One whose server goes away fails its query, or the next one. */
const session = (url: string): Client => new Client({ connectionString: url, application_name: 'lms-sample' }).on('error', () => undefined)

async function comment(client: Client, text: string | null): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('comment on database %I is %L', current_database(), $1::text) as statement`,
    [text],
  )
  if (rows[0]) await client.query(rows[0].statement)
}
