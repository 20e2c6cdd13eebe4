import { asc, eq, inArray, sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { consoleDoubt } from '../console/console-id'
import { run } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import { openRuns } from './queue'
import { type TakenRun, takeRun } from './take-run'
import { turnsOf } from './turns'

async function dueOf(serverId: string, db: ConsoleWriter, now: Date): Promise<string[]> {
  const open = await openRuns(now, eq(run.serverId, serverId), db)
  return [...turnsOf(open)].flatMap(([id, waitsFor]) => (waitsFor === null ? [id] : []))
}

/** The runs of a server that are due, oldest first. They are still queued: a run's lock is taken first, so that nobody finds it going on unattended. */
export const dueRuns = (serverId: string, now = new Date()): Promise<string[]> => dueOf(serverId, consoleDb(), now)

interface Claim {
  /** The worker's id. */
  owner: string
  /** How often the run had been taken when the worker looked; see takeRun. */
  seen: number
  now?: Date
}

/** Takes a run if it is (still) due. Two workers that ask at the same moment ask one after another. Safe to repeat. */
export const claimRun = (serverId: string, id: string, { owner, seen, now = new Date() }: Claim): Promise<TakenRun | undefined> =>
  consoleDb().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor server ' || ${serverId}, 0))`)
    if (await consoleDoubt(tx)) return undefined
    const due = await dueOf(serverId, tx, now)
    const from = due.includes(id) ? (['queued'] as const) : [] // none: only the answer to an earlier claim is looked for
    return takeRun({ id, owner, seen, from: [...from], to: { state: 'running', startedAt: new Date() } }, tx)
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
