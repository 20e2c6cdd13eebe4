import { and, asc, desc, eq, gt, ilike, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { COMMANDS } from '../commands/registry'
import { consoleDb } from '../console/client'
import { audit, maintenanceWindow, run, runLog, server } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import { HELD_BY, type HeldBack, heldBack } from './held-back'
import { statesBefore } from './run-states'
import type { Run, RunLogLine, RunState } from './run-types'

type RunRow = typeof run.$inferSelect

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** As the console database has it, to what a page shows. */
export const runOf = ({ id, confirmedAt, startedAt, endedAt, owner, taken, written, confirmation, ...row }: RunRow): Run => ({
  ...row,
  does: COMMANDS.get(row.command)?.face.does,
  id: String(id),
  confirmedAt: confirmedAt.toISOString(),
  startedAt: iso(startedAt),
  endedAt: iso(endedAt),
})

/** What a page may send for a run's id. */
const isId = (id: string): boolean => /^\d{1,18}$/.test(id)

/** One run; undefined when there is none. */
export async function findRun(id: string): Promise<Run | undefined> {
  if (!isId(id)) return undefined
  const [row] = await consoleDb()
    .select()
    .from(run)
    .where(eq(run.id, BigInt(id)))
  return row && runOf(row)
}

interface RunFilter {
  serverId?: string
  database?: string
  batchId?: string
  states?: RunState[]
  /** Part of a statement, an object's name or who confirmed it, in any case. */
  search?: string
  /** Runs before this one. */
  before?: string
}

/** Runs, newest first; the queue of a server when asked for its queued and running ones. */
export async function listRuns({ serverId, database, batchId, states, search, before }: RunFilter, limit = 100): Promise<Run[]> {
  const rows = await consoleDb()
    .select()
    .from(run)
    .where(
      and(
        serverId === undefined ? undefined : eq(run.serverId, serverId),
        database === undefined ? undefined : eq(run.database, database),
        batchId === undefined ? undefined : eq(run.batchId, batchId),
        states === undefined ? undefined : inArray(run.state, states),
        search === undefined ? undefined : containing(search),
        before === undefined || !isId(before) ? undefined : lt(run.id, BigInt(before)),
      ),
    )
    .orderBy(desc(run.id))
    .limit(limit)
  return rows.map(runOf)
}

function containing(search: string): SQL | undefined {
  const words = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return or(ilike(sql`${run.plan} ->> 'statements'`, words), ilike(run.confirmedBy, words))
}

/** Waits for longer than a moment, and for nobody's turn. */
const isResting = (held: HeldBack | null): boolean => held !== null && held.because !== 'retry'

/** How many runs are going on or queued, for the navigation; those that wait for a window to open, or that the server holds back, are not. */
export async function countOpenRuns(serverId?: string, now = new Date()): Promise<number> {
  const rows = await consoleDb()
    .select({ state: run.state, retry: run.retry, window: maintenanceWindow, ...HELD_BY })
    .from(run)
    .innerJoin(server, eq(server.id, run.serverId))
    .leftJoin(maintenanceWindow, eq(maintenanceWindow.id, run.windowId))
    .where(and(inArray(run.state, ['queued', 'running', 'cancelling']), serverId === undefined ? undefined : eq(run.serverId, serverId)))
  return rows.filter((row) => row.state !== 'queued' || !isResting(heldBack(row, now))).length
}

/** The log of a run in the order of writing, from after the line `after`. */
export async function readRunLog(id: string, after?: string): Promise<RunLogLine[]> {
  if (!isId(id)) return []
  const rows = await consoleDb()
    .select()
    .from(runLog)
    .where(and(eq(runLog.runId, BigInt(id)), after === undefined || !isId(after) ? undefined : gt(runLog.id, BigInt(after))))
    .orderBy(asc(runLog.id))
    .limit(5_000)
  return rows.map((row) => ({ id: String(row.id), at: row.at.toISOString(), level: row.level, message: row.message }))
}

/** The audit's line that says who confirmed a run. */
export async function auditOfRun(id: string): Promise<string | null> {
  if (!isId(id)) return null
  const [row] = await consoleDb()
    .select({ id: audit.id })
    .from(audit)
    .where(eq(audit.runId, BigInt(id)))
    .orderBy(asc(audit.id))
    .limit(1)
  return row ? String(row.id) : null
}

type NewRun = Pick<
  Run,
  | 'batchId'
  | 'serverId'
  | 'database'
  | 'systemIdentifier'
  | 'timeline'
  | 'onStandby'
  | 'command'
  | 'input'
  | 'object'
  | 'plan'
  | 'preflight'
  | 'giveUpMinutes'
  | 'windowId'
  | 'confirmedBy'
> & { confirmation?: string; nightId?: number }

/** Writes a confirmed run down, queued. */
export async function insertRun(entry: NewRun, db: ConsoleWriter): Promise<Run> {
  const [row] = await db
    .insert(run)
    .values({ ...entry, state: 'queued', confirmedAt: new Date() })
    .returning()
  if (!row) throw new Error('INSERT … RETURNING gave no row')
  return runOf(row)
}

export type RunPatch = Partial<
  Pick<RunRow, 'startedAt' | 'endedAt' | 'backendPid' | 'receipt' | 'problem' | 'progress' | 'retry' | 'owner'>
>

/**
 * Moves a run to a state that may follow its own; undefined when its state (by now) is another. `from` narrows what
 * it may be moved from.
 */
export async function moveRun(
  id: string,
  state: RunState,
  patch: RunPatch = {},
  { from, db = consoleDb() }: { from?: RunState; db?: ConsoleWriter } = {},
): Promise<Run | undefined> {
  const states = statesBefore(state).filter((one) => from === undefined || one === from)
  const [row] = await db
    .update(run)
    .set({ ...patch, state })
    .where(and(eq(run.id, BigInt(id)), inArray(run.state, states)))
    .returning()
  return row && runOf(row)
}

/** Adds a line to a run's log; inside the caller's transaction where one is given. */
export async function logRun(id: string, level: RunLogLine['level'], message: string, db: ConsoleWriter = consoleDb()): Promise<void> {
  await db.insert(runLog).values({ runId: BigInt(id), level, message, at: new Date() })
}
