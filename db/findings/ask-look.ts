import { and, asc, eq, lte, sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { checkAsk } from '../console/schema-findings'
import type { ConsoleWriter } from '../console/writer'

export interface Ask {
  serverId: string
  database: string
  askedAt: Date
  all: boolean
}

/**
 * Asks whichever worker looks after a server to look at a database, and at the server as a whole, now. However often it is asked, it is one
 * look. `all`: every check; else those whose time has come. Errors: throws what the console database says.
 */
export async function askLook(
  of: { serverId: string; database: string },
  { all }: { all: boolean },
  db: Pick<ConsoleWriter, 'insert'> = consoleDb(),
): Promise<void> {
  await db
    .insert(checkAsk)
    .values({ ...of, askedAt: sql`clock_timestamp()`, all })
    .onConflictDoUpdate({
      target: [checkAsk.serverId, checkAsk.database],
      set: { all: true, askedAt: sql`excluded.asked_at` },
      // Whoever only wants what is due waits with the first who asked; something that has changed since a look began wants another.
      setWhere: sql`excluded.all_checks`,
    })
}

/** What is asked of a server, or of all; the longest-waiting first. */
export const openAsks = (serverId?: string): Promise<Ask[]> =>
  consoleDb()
    .select()
    .from(checkAsk)
    .where(serverId === undefined ? undefined : eq(checkAsk.serverId, serverId))
    .orderBy(asc(checkAsk.askedAt))

/** An ask is done, unless somebody has asked again since. */
export async function answerAsk({ serverId, database, askedAt }: Ask): Promise<void> {
  await consoleDb()
    .delete(checkAsk)
    .where(
      and(
        eq(checkAsk.serverId, serverId),
        eq(checkAsk.database, database),
        lte(checkAsk.askedAt, sql`${askedAt.toISOString()}::timestamptz + interval '1 ms'`),
      ),
    )
}
