import { sql } from 'drizzle-orm'
import { consoleDb } from './client'

/** What the sessions are called by which a worker listens for jobs; the console database knows them as long as it lives. */
export const WORKER_SESSIONS = 'proctor queue'

/** Whether a worker is there, on whichever machine: without one, nothing that is queued begins. */
export async function isAttended(): Promise<boolean> {
  const { rows } = await consoleDb().execute<{ there: boolean }>(sql`
    select /* proctor:workers */ exists (
      select from pg_stat_activity where datname = current_database() and application_name = ${WORKER_SESSIONS}) as there`)
  return rows[0]?.there ?? false
}
