import { randomUUID } from 'node:crypto'
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import type { By } from '../console/roles'
import { maintenanceWindow, run, runLog } from '../console/schema'
import { findServer } from '../console/servers'
import type { ConsoleWriter } from '../console/writer'
import { failed, ok, type Result } from '../server/problem'
import { policiesOfWindow } from './policies'
import { nextOpenings, openingAt, readWindowTimes, type WindowTimes, windowWords } from './window-times'

/** A window as somebody writes it. */
interface WindowInput extends WindowTimes {
  name: string
}

/** A window with what it means at this moment. Moments are ISO 8601. */
export interface MaintenanceWindow extends WindowInput {
  id: string
  words: string
  /** Whether it is open now; opensAt and closesAt are then those of this opening, else of the next. */
  open: boolean
  opensAt: string
  closesAt: string
  /** The next three openings after now. */
  next: string[]
  /** Runs that wait for it. */
  waiting: number
}

type Row = typeof maintenanceWindow.$inferSelect

const ofServer = (serverId: string) => and(eq(maintenanceWindow.serverId, serverId), isNull(maintenanceWindow.removedAt))

/** The windows of a server by name. */
export async function listWindows(serverId: string, now = new Date()): Promise<MaintenanceWindow[]> {
  const rows = await consoleDb().select().from(maintenanceWindow).where(ofServer(serverId)).orderBy(asc(maintenanceWindow.name))
  const waiting = await waitingFor(
    rows.map(({ id }) => id),
    consoleDb(),
  )
  return rows.map((row) => ({ ...shown(row, now), waiting: waiting.get(row.id) ?? 0 }))
}

function shown({ id, name, cron, timeZone, minutes }: Row, now: Date): Omit<MaintenanceWindow, 'waiting'> {
  const times = { cron, timeZone, minutes }
  const { opensAt, closesAt, open } = openingAt(times, now)
  const next = nextOpenings(times, now, 3).map((one) => one.toISOString())
  const words = windowWords(times)
  return { id, name, ...times, words, open, opensAt: opensAt.toISOString(), closesAt: closesAt.toISOString(), next }
}

/** What a window would mean, before it is kept. Errors: invalid_input. */
export function describeWindow(times: WindowTimes, now = new Date()): Result<{ words: string; next: string[] }> {
  const read = readWindowTimes(times)
  if (!read.ok) return read
  return ok({ words: windowWords(read.value), next: nextOpenings(read.value, now, 3).map((one) => one.toISOString()) })
}

/** A window as it is now, removed or not; null when there was none of that id. */
export async function timesOfWindow(id: string): Promise<WindowInput | null> {
  const [row] = await consoleDb().select().from(maintenanceWindow).where(eq(maintenanceWindow.id, id))
  return row ?? null
}

/**
 * The window that a confirmation names, locked against changes until the transaction ends: it may not be removed under a
 * run that is being queued. Errors: conflict when it was changed or removed since it was shown.
 */
export async function windowAsShown(serverId: string, wanted: { id: string } & WindowTimes, db: ConsoleWriter): Promise<Result<Row>> {
  const [row] = await db
    .select()
    .from(maintenanceWindow)
    .where(and(ofServer(serverId), eq(maintenanceWindow.id, wanted.id)))
    .for('share')
  if (!row) return failed('conflict', 'The maintenance window is gone. Choose another, or run it now.')
  const same = row.cron === wanted.cron && row.timeZone === wanted.timeZone && row.minutes === wanted.minutes
  return same ? ok(row) : failed('conflict', `The maintenance window "${row.name}" was changed since: it is ${windowWords(row)} now.`)
}

/**
 * Keeps a window: a new one, or under `id` one that is there; runs that wait for it move with it, which their logs say.
 * Errors: invalid_input (no such server or window, what readWindowTimes refuses), conflict (the name is taken).
 */
export async function saveWindow(serverId: string, id: string | null, input: WindowInput, by: By): Promise<Result<{ id: string }>> {
  const read = readWindowTimes(input)
  if (!read.ok) return read
  const name = input.name.trim()
  if (name === '' || name.length > 60) return failed('invalid_input', 'A window needs a name of at most 60 characters')
  if (!(await findServer(serverId))) return failed('invalid_input', `There is no server "${serverId}"`)
  const after = { name, ...read.value }
  return consoleDb().transaction(async (tx) => {
    // One change of a server's windows at a time: two that are saved at once cannot take the same name.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor windows ' || ${serverId}, 0))`)
    const windows = await tx.select().from(maintenanceWindow).where(ofServer(serverId)).for('update')
    const before = windows.find((one) => one.id === id)
    if (id !== null && !before) return failed('invalid_input', 'There is no such maintenance window')
    if (windows.some((one) => one.id !== id && one.name.toLowerCase() === name.toLowerCase()))
      return failed('conflict', 'Another window of this server has this name already.')
    const kept = id ?? randomUUID()
    if (before) await tx.update(maintenanceWindow).set(after).where(eq(maintenanceWindow.id, kept))
    else await tx.insert(maintenanceWindow).values({ id: kept, serverId, ...after })
    if (before) await tellRuns(kept, `the window was changed by ${by.email}: ${name}, ${windowWords(after)}`, tx)
    const detail = { ...(before && { before: described(before) }), after: described(after) }
    await writeAudit({ by, action: before ? 'change-window' : 'add-window', serverId, detail }, tx)
    return ok({ id: kept })
  })
}

/** Removes a window. Errors: invalid_input when there is none, conflict while runs wait for it or policies use it. */
export async function removeWindow(serverId: string, id: string, by: By): Promise<Result<{ id: string }>> {
  return consoleDb().transaction(async (tx) => {
    const wanted = and(ofServer(serverId), eq(maintenanceWindow.id, id))
    const [before] = await tx.select().from(maintenanceWindow).where(wanted).for('update')
    if (!before) return failed('invalid_input', 'There is no such maintenance window')
    const waiting = (await waitingFor([id], tx)).get(id) ?? 0
    if (waiting > 0)
      return failed('conflict', `${waiting === 1 ? 'A run waits' : `${waiting} runs wait`} for this window`, {
        hint: 'Cancel them first, or give the window other times.',
      })
    const policies = await policiesOfWindow(id, tx)
    if (policies > 0)
      return failed('conflict', `${policies === 1 ? 'A policy uses' : `${policies} policies use`} this window`, {
        hint: 'Remove them on the Maintenance pages of their databases first.',
      })
    await tx.update(maintenanceWindow).set({ removedAt: sql`clock_timestamp()` }).where(wanted)
    await writeAudit({ by, action: 'remove-window', serverId, detail: { before: described(before) } }, tx)
    return ok({ id })
  })
}

const described = ({ name, cron, timeZone, minutes }: WindowInput) => ({ name, cron, timeZone, minutes })

/** How many queued runs each window has. */
async function waitingFor(ids: string[], db: ConsoleWriter): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: run.windowId, runs: count() })
    .from(run)
    .where(and(inArray(run.windowId, ids), eq(run.state, 'queued')))
    .groupBy(run.windowId)
  return new Map(rows.flatMap(({ id, runs }) => (id === null ? [] : [[id, runs] as const])))
}

async function tellRuns(windowId: string, message: string, db: ConsoleWriter): Promise<void> {
  const runs = await db
    .select({ id: run.id })
    .from(run)
    .where(and(eq(run.windowId, windowId), eq(run.state, 'queued')))
  if (runs.length > 0)
    await db.insert(runLog).values(runs.map(({ id }) => ({ runId: id, level: 'info' as const, message, at: new Date() })))
}
