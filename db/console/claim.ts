import { asc, eq, inArray, sql } from 'drizzle-orm'
import { consoleDb } from './client'
import { openRuns } from './queue'
import type { Run } from './run-types'
import { moveRun } from './runs'
import { run } from './schema'
import { turnsOf } from './turns'
import type { ConsoleWriter } from './writer'

async function dueOf(serverId: string, db: ConsoleWriter, now: Date): Promise<string[]> {
  const open = await openRuns(now, eq(run.serverId, serverId), db)
  return [...turnsOf(open)].flatMap(([id, waitsFor]) => (waitsFor === null ? [id] : []))
}

/** The runs of a server that are due, oldest first. They are still queued: a run's lock is taken first, so that nobody finds it going on unattended. */
export const dueRuns = (serverId: string, now = new Date()): Promise<string[]> => dueOf(serverId, consoleDb(), now)

/** Takes a run if it is (still) due. Two workers that ask at the same moment ask one after another. */
export const claimRun = (serverId: string, id: string, now = new Date()): Promise<Run | undefined> =>
  consoleDb().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor server ' || ${serverId}, 0))`)
    const due = await dueOf(serverId, tx, now)
    return due.includes(id) ? moveRun(id, 'running', { startedAt: new Date() }, { db: tx }) : undefined
  })

/** Servers with runs that wait for their turn, and with runs that somebody should be looking after. */
export async function openServers(): Promise<string[]> {
  const rows = await consoleDb()
    .selectDistinct({ serverId: run.serverId })
    .from(run)
    .where(inArray(run.state, ['queued', 'running', 'cancelling']))
    .orderBy(asc(run.serverId))
  return rows.map(({ serverId }) => serverId)
}
