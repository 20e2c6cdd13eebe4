import { and, asc, eq, inArray, type SQL } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { maintenanceWindow, run, server } from '../console/schema'
import { isAttended } from '../console/workers'
import type { ConsoleWriter } from '../console/writer'
import { HELD_BY, type HeldBack, heldBack } from './held-back'
import { type OpenRun, turnsOf, type WaitsFor } from './turns'

/** Where a queued run stands; one that is held back has no place yet, and others pass it. */
export type QueuePlace = Turn | HeldBack

/** Its place, and what has to end before it starts. */
export interface Turn {
  /** 1 is the oldest of its server. */
  place: number
  /** How many are queued at its server. */
  of: number
  /** Null: nothing; a worker takes it within a second or two. */
  waitsFor: WaitsFor | null
  /** Whether a worker is there at all. */
  attended: boolean
}

/** The places of the queued runs of one server, by the run's id. `open`: as turnsOf. */
export function placesOf(open: OpenRun[], attended: boolean): Map<string, QueuePlace> {
  const places = new Map<string, QueuePlace>()
  for (const { id, queued, held } of open) if (queued && held) places.set(id, held)
  const turns = [...turnsOf(open)]
  for (const [at, [id, waitsFor]] of turns.entries()) places.set(id, { place: at + 1, of: turns.length, waitsFor, attended })
  return places
}

/** The places of all queued runs, by the run's id. */
export async function readQueue(now = new Date()): Promise<Map<string, QueuePlace>> {
  const [open, attended] = await Promise.all([openRuns(now), isAttended()])
  const servers = Map.groupBy(open, ({ serverId }) => serverId)
  return new Map([...servers.values()].flatMap((runs) => [...placesOf(runs, attended)]))
}

/** All runs that are not over, or those that `where` names, oldest first, with what holds them back at the moment `now`. */
export async function openRuns(now: Date, where?: SQL, db: ConsoleWriter = consoleDb()): Promise<(OpenRun & { serverId: string })[]> {
  const rows = await db
    .select({
      id: run.id,
      state: run.state,
      serverId: run.serverId,
      database: run.database,
      object: run.object,
      command: run.command,
      retry: run.retry,
      window: maintenanceWindow,
      ...HELD_BY,
    })
    .from(run)
    .innerJoin(server, eq(server.id, run.serverId))
    .leftJoin(maintenanceWindow, eq(maintenanceWindow.id, run.windowId))
    .where(and(inArray(run.state, ['queued', 'running', 'cancelling']), where))
    .orderBy(asc(run.id))
  return rows.map(({ id, state, serverId, database, object, command, ...waiting }) => ({
    id: String(id),
    queued: state === 'queued',
    serverId,
    command,
    table: object.relid === 0 ? null : JSON.stringify([database, object.relid]),
    held: heldBack(waiting, now),
  }))
}
