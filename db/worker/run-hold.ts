import { and, eq, inArray } from 'drizzle-orm'
import { type AuditInsert, writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import { patiently } from '../runs/patient'
import { statesBefore } from '../runs/run-states'
import type { RunLogLine, RunState } from '../runs/run-types'
import { logRun, type RunPatch } from '../runs/runs'

export type LogEntry = Pick<RunLogLine, 'level' | 'message'>

/** What is written of a run at one moment: all of it or nothing, and once. */
interface Moment {
  /** Left out: as it is. */
  state?: RunState
  patch?: RunPatch
  lines?: LogEntry[]
  audit?: AuditInsert
  /** What belongs to it in other tables. */
  also?: (db: ConsoleWriter) => Promise<unknown>
}

/** A run in the hands of this worker. */
export interface RunHold {
  /**
   * Writes a moment down, however long the console database is away, and returns the run's state, which a cancel may have
   * changed. Null: its state may not follow the one that the run has by now; nothing was written. Errors: NotOurs.
   */
  write: (moment: Moment) => Promise<RunState | null>
  log: (level: LogEntry['level'], message: string) => Promise<void>
  /** Reads in the console database, however long that is away. */
  patiently: <T>(work: () => Promise<T>) => Promise<T>
  /** Fires when the worker stops, or somebody else has the run: it is left as it is. */
  left: AbortSignal
  /** Somebody else has it. */
  lose: () => void
}

/** Another worker has taken the run: this one writes nothing of it and sends nothing for it any more. */
export class NotOurs extends Error {}

/** Holds a run that was taken. Every write is conditional on that: one that comes too late changes nothing. */
export function holdRun({ id, taken }: { id: string; taken: number }, stopping: AbortSignal): RunHold {
  const losing = new AbortController()
  const left = AbortSignal.any([stopping, losing.signal])
  let written = 0
  let last: Promise<unknown> = Promise.resolve()

  const writeOnce = (moment: Moment): Promise<RunState | null> => {
    const { state, patch, lines = [], audit, also } = moment
    return consoleDb().transaction(async (tx) => {
      const its = eq(run.id, BigInt(id))
      const [row] = await tx
        .update(run)
        .set({ ...patch, ...(state && { state }), written: written + 1 })
        .where(and(its, eq(run.taken, taken), eq(run.written, written), state && inArray(run.state, statesBefore(state))))
        .returning({ state: run.state })
      if (!row) {
        const [now] = await tx.select({ state: run.state, taken: run.taken, written: run.written }).from(run).where(its)
        if (now?.taken !== taken) throw new NotOurs(`Run ${id} was taken over`)
        // An earlier try was committed, and only its answer was lost.
        return now.written === written + 1 ? now.state : null
      }
      for (const { level, message } of lines) await logRun(id, level, message, tx)
      await also?.(tx)
      if (audit) await writeAudit(audit, tx) // last: its chain is locked from here to the end
      return row.state
    })
  }

  const write = (moment: Moment): Promise<RunState | null> => {
    const turn = last.then(async () => {
      const state = await patiently(() => writeOnce(moment), left)
      if (state !== null) written += 1
      return state
    })
    last = turn.catch((error) => {
      if (error instanceof NotOurs) losing.abort()
    })
    return turn
  }

  return {
    write,
    log: async (level, message) => void (await write({ lines: [{ level, message }] })),
    patiently: (work) => patiently(work, left),
    left,
    lose: () => losing.abort(),
  }
}
