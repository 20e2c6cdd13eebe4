import { and, eq } from 'drizzle-orm'
import type { Check } from '../checks/define-check'
import { consoleDb } from '../console/client'
import { checkLook } from '../console/schema-findings'
import { CADENCE_MS } from './life'

export type LookRow = typeof checkLook.$inferSelect

/** The last looks at a cluster: all of it, its databases together. */
export const lastLooks = (serverId: string, cluster: string): Promise<LookRow[]> =>
  consoleDb()
    .select()
    .from(checkLook)
    .where(and(eq(checkLook.serverId, serverId), eq(checkLook.cluster, cluster)))

export const cadenceOf = ({ cadence = 'hour' }: Check) => cadence
export const isOfServer = ({ scope }: Check): boolean => scope === 'server'

/** What a check's looks stand under: '' for the server as a whole. */
export const placeOfCheck = (check: Check, database: string): string => (isOfServer(check) ? '' : database)

/**
 * When a check is to look again, in ms since the epoch; 0: it never has. Where the server did not answer, a minute later: nothing was asked
 * of it. What was looked at in a time that is yet to come was so by a clock that has been set back since.
 */
export function dueAt(check: Check, row: Pick<LookRow, 'triedAt' | 'problem'> | undefined, now: number): number {
  if (!row || row.triedAt.getTime() > now) return 0
  const cadence = row.problem?.kind === 'unreachable' ? 'minute' : cadenceOf(check)
  return row.triedAt.getTime() + CADENCE_MS[cadence]
}

/** The checks of one database (or, for '', of the server as a whole) whose time has come. */
export function dueChecks(checks: readonly Check[], database: string, rows: readonly LookRow[], now: number): Check[] {
  const here = new Map(rows.filter((row) => row.database === database).map((row) => [row.check, row]))
  return checks.filter((check) => isOfServer(check) === (database === '') && dueAt(check, here.get(check.name), now) <= now)
}
