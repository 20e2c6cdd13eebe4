import { asc, eq, inArray } from 'drizzle-orm'
import { consoleDb } from './client'
import { type HeldBack, heldBack } from './held-back'
import { maintenanceWindow, run } from './schema'

/** Where a queued run stands; one that is held back has no place yet, and others pass it. */
export type QueuePlace = Turn | HeldBack

/** Its place, and what has to end before it starts. */
export interface Turn {
  /** 1 is the next of its server. */
  place: number
  /** How many are queued at its server. */
  of: number
  /** Null: nothing; a worker takes it within a second or two. */
  waitsFor: { runId: string; because: 'table' | 'server'; going: boolean } | null
}

export interface OpenRun {
  id: string
  queued: boolean
  serverId: string
  /** Database and OID of the table, in one. */
  table: string
  /** What keeps a queued one from its turn. */
  held?: HeldBack | null
}

/**
 * The queue in words' reach: runs of a server go in the order of their confirmation, one at a time and never two on one
 * table (claim.ts). `open` holds all runs that are not over, oldest first.
 */
export function placesOf(open: OpenRun[]): Map<string, QueuePlace> {
  const places = new Map<string, QueuePlace>()
  for (const [serverId, runs] of Map.groupBy(open, (one) => one.serverId)) {
    const going = runs.filter(({ queued }) => !queued)
    const queue = runs.filter(({ queued, held }) => queued && !held)
    for (const { id, queued, held } of runs) if (queued && held) places.set(id, held)
    for (const [at, { id, table }] of queue.entries()) {
      const before = going.find((one) => one.table === table) ?? going[0] ?? queue[at - 1]
      const because = before?.table === table && before.serverId === serverId ? 'table' : 'server'
      places.set(id, { place: at + 1, of: queue.length, waitsFor: before ? { runId: before.id, because, going: !before.queued } : null })
    }
  }
  return places
}

/** The places of all queued runs, by the run's id. */
export async function readQueue(now = new Date()): Promise<Map<string, QueuePlace>> {
  const rows = await consoleDb()
    .select({
      id: run.id,
      state: run.state,
      serverId: run.serverId,
      database: run.database,
      object: run.object,
      retry: run.retry,
      window: maintenanceWindow,
    })
    .from(run)
    .leftJoin(maintenanceWindow, eq(maintenanceWindow.id, run.windowId))
    .where(inArray(run.state, ['queued', 'running', 'cancelling']))
    .orderBy(asc(run.id))
  return placesOf(
    rows.map(({ id, state, serverId, database, object, ...waiting }) => ({
      id: String(id),
      queued: state === 'queued',
      serverId,
      table: JSON.stringify([database, object.relid]),
      held: heldBack(waiting, now),
    })),
  )
}
