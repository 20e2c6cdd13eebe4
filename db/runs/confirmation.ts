import { asc, eq, sql } from 'drizzle-orm'
import { run } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import type { Run } from './run-types'
import { runOf } from './runs'

/** Two that send one confirmation at the same moment go one after another, to the end of the transaction. */
export const lockConfirmation = (key: string, db: ConsoleWriter): Promise<unknown> =>
  db.execute(sql`select /* proctor:confirmation */ pg_advisory_xact_lock(hashtextextended('proctor confirmation ' || ${key}, 0))`)

/** The runs that a confirmation has queued already, in their order: its answer was lost, or somebody clicked once more. */
export async function runsOfConfirmation(key: string, db: ConsoleWriter): Promise<Run[]> {
  const rows = await db.select().from(run).where(eq(run.confirmation, key)).orderBy(asc(run.id))
  return rows.map(runOf)
}
