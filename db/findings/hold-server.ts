import { and, eq, sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { checkHold } from '../console/schema-findings'

/** So long another worker leaves a server alone after the last word of the one that looks: a look says it before each check. */
const HOLD = sql`clock_timestamp() + interval '2 minutes'`

/** Takes a server for looking, or keeps it; false: another worker looks. By the clock of the console database, which all share. */
export async function holdServer(serverId: string, holder: string): Promise<boolean> {
  const rows = await consoleDb()
    .insert(checkHold)
    .values({ serverId, holder, until: HOLD })
    .onConflictDoUpdate({
      target: checkHold.serverId,
      set: { holder, until: HOLD },
      setWhere: sql`${checkHold.holder} = ${holder} or ${checkHold.until} < clock_timestamp()`,
    })
    .returning({ holder: checkHold.holder })
  return rows.length > 0
}

export async function leaveServer(serverId: string, holder: string): Promise<void> {
  await consoleDb()
    .delete(checkHold)
    .where(and(eq(checkHold.serverId, serverId), eq(checkHold.holder, holder)))
}
