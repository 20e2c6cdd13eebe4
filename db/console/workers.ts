import { sql } from 'drizzle-orm'
import { consoleDb } from './client'

/** What the sessions are called by which a worker listens for jobs; the console database knows them as long as it lives. */
export const WORKER_SESSIONS = 'proctor queue'

/** It asks for jobs every five seconds; one that has said nothing for longer sleeps or hangs. */
const SILENT_SECONDS = 30

/** Whether a worker is there and awake, on whichever machine: without one, nothing that is queued begins. */
export async function isAttended(silentSeconds = SILENT_SECONDS): Promise<boolean> {
  // Both moments are the database's, and the next question makes good what somebody did to its clock.
  const { rows } = await consoleDb().execute<{ there: boolean }>(sql`
    select /* proctor:workers */ exists (
      select from pg_stat_activity where datname = current_database() and application_name = ${WORKER_SESSIONS}
         and (state_change is null or state_change > clock_timestamp() - make_interval(secs => ${silentSeconds}))) as there`)
  return rows[0]?.there ?? false
}
