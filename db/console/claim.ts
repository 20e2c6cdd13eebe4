import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { consoleDb } from './client'
import { heldBack, type Waiting } from './held-back'
import type { Run } from './run-types'
import { moveRun } from './runs'
import { maintenanceWindow, run } from './schema'
import type { ConsoleWriter } from './writer'

/** How many runs may be going on at a server at the same time, signals left out. */
const RUNS_PER_SERVER = 1

/** Commands that only send a signal. They must never queue behind a run: it may be waiting for the very session they end. */
const SIGNALS = ['cancel-backend', 'terminate-backend']

/** Jobs of one server that workers take at the same time: its runs, and a signal beside them. */
export const JOBS_PER_SERVER = RUNS_PER_SERVER + 1

type Open = Pick<typeof run.$inferSelect, 'id' | 'state' | 'database' | 'object' | 'command'> & Waiting

const isSignal = ({ command }: Open): boolean => SIGNALS.includes(command)

const tableOf = ({ database, object }: Open): string => JSON.stringify([database, object.relid])

/**
 * The oldest queued signal; else the oldest queued run whose table nobody works on. A run that is held back, by a window
 * that is closed or until its next try, is passed by. Undefined when there is none, or the server has enough going on.
 */
async function nextOf(serverId: string, db: ConsoleWriter, now: Date): Promise<Open | undefined> {
  const all: Open[] = await db
    .select({
      id: run.id,
      state: run.state,
      database: run.database,
      object: run.object,
      command: run.command,
      retry: run.retry,
      window: maintenanceWindow,
    })
    .from(run)
    .leftJoin(maintenanceWindow, eq(maintenanceWindow.id, run.windowId))
    .where(and(eq(run.serverId, serverId), inArray(run.state, ['queued', 'running', 'cancelling'])))
    .orderBy(asc(run.id))
  const open = all.filter((one) => one.state !== 'queued' || !heldBack(one, now))
  const signal = open.find((one) => one.state === 'queued' && isSignal(one))
  if (signal) return signal
  const going = open.filter((one) => one.state !== 'queued' && !isSignal(one))
  if (going.length >= RUNS_PER_SERVER) return undefined
  const busy = new Set(going.map(tableOf))
  return open.find((one) => one.state === 'queued' && !busy.has(tableOf(one)))
}

/** Which run of a server is due. It is still queued: its lock is taken first, so that nobody finds it going on unattended. */
export async function dueRun(serverId: string, now = new Date()): Promise<string | undefined> {
  const next = await nextOf(serverId, consoleDb(), now)
  return next && String(next.id)
}

/** Takes a run if it is (still) due. Two workers that ask at the same moment ask one after another. */
export const claimRun = (serverId: string, id: string, now = new Date()): Promise<Run | undefined> =>
  consoleDb().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor server ' || ${serverId}, 0))`)
    const next = await nextOf(serverId, tx, now)
    return next && String(next.id) === id ? moveRun(id, 'running', { startedAt: new Date() }, { db: tx }) : undefined
  })

/** Servers with runs that wait for their turn, and with runs that somebody should be looking after. */
export async function openServers(): Promise<string[]> {
  const rows = await consoleDb()
    .selectDistinct({ serverId: run.serverId })
    .from(run)
    .where(inArray(run.state, ['queued', 'running', 'cancelling']))
  return rows.map(({ serverId }) => serverId)
}
