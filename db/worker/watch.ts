import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '../console/log'
import { cancelRunSession } from '../runs/marker'
import { runBackend, runProgress } from '../runs/run-sample'
import type { Backend, Run, RunBlocker, RunProgress } from '../runs/run-types'
import { findRun } from '../runs/runs'
import type { Problem } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type Clock, monotonic } from './clock'
import { firstWatch, lookOn } from './progress'
import type { LogEntry, RunHold } from './run-hold'

const LOOK_EVERY_MS = 500
/** So many looks in a row without the backend before it is taken for gone. */
const LOOKS_UNTIL_GONE = 4

export interface Watcher {
  /** Resolves when the backend is gone or deaf, or stop() was called. */
  ended: Promise<'gone' | 'stopped'>
  /** Ends the watching; resolves with the last progress once nothing is written any more. */
  stop: () => Promise<RunProgress>
  /** Tells where a plan of several steps is. */
  atStep: (step: RunProgress['step']) => void
  /** Whether somebody asked for a cancel, as far as the last look knew. */
  cancelling: () => boolean
  /** Why the run was given up, if it was. */
  gaveUp: () => Problem | null
  /** Whom it waited for when it last waited. */
  heldUpBy: () => RunBlocker[]
}

/** When a run is given up: CONCURRENTLY has no lock_timeout that would do it (see commands/sql.ts). */
export const giveUpMsOf = ({ giveUpMinutes }: Run): number => Math.max(giveUpMinutes, 1) * 60_000

interface WatchOptions {
  backend: Backend
  first: RunProgress
  giveUpMs?: number
  /** Whether an answer of the session should be on its way: a backend that is idle then for `idleLooks` in a row has given it to nobody. */
  isSending: () => boolean
  idleLooks: number
  /** So long without an answer the watching ends, for whoever has no session that would tell. */
  blindMs?: number
  clock?: Clock
}

/** A prepared transaction in the way has no session. */
const PREPARED: RunBlocker = {
  pid: 0,
  backendStart: '',
  usename: null,
  applicationName: null,
  clientAddr: null,
  state: 'prepared transaction',
  xactSeconds: null,
  query: null,
}

/**
 * Looks at a run's backend twice a second over the shared connections: phase, whom it waits for, who waits for it. Writes
 * that down, passes a cancel on, and gives up after too long a wait, which an earlier worker may have begun to count. A fault
 * of a look, or of what is written of it, ends nothing: the next one goes on.
 */
export function watchRun(run: Run, hold: RunHold, target: Target, options: WatchOptions): Watcher {
  const {
    backend,
    first,
    giveUpMs = giveUpMsOf(run),
    isSending,
    idleLooks,
    blindMs = Number.POSITIVE_INFINITY,
    clock = monotonic,
  } = options
  let watch = firstWatch(first)
  let cancelling = run.state === 'cancelling'
  let gaveUp: Problem | null = null
  let heldUpBy: RunBlocker[] = []
  let [missed, idle] = [0, 0]
  let blindSince: number | null = null
  let toldFault = false
  const stopping = new AbortController()
  const over = AbortSignal.any([stopping.signal, hold.left])

  /** Lines for the log. */
  const look = async (): Promise<LogEntry[]> => {
    const rows = await runRead(target, runBackend, { pid: backend.pid, backend_start: backend.backendStart })
    blindSince = rows.ok ? null : (blindSince ?? clock())
    if (!rows.ok) return [] // unreachable for the moment, or slow; the session itself will tell if it is lost
    const [row] = rows.value
    missed = row ? 0 : missed + 1
    idle = row?.state === 'idle' && isSending() ? idle + 1 : 0
    if (!row) return []
    const samples = await runRead(target, runProgress, { pid: backend.pid })
    const next = lookOn(watch, run.plan.phases ?? [], {
      at: new Date(),
      ms: clock(),
      wal: row.wal,
      waitingFor: [...row.waiting_for, ...(row.prepared ? [PREPARED] : [])],
      blocking: row.blocking,
      sample: samples.ok ? samples.value[0] : undefined,
    })
    watch = next.watch
    if (watch.progress.waitingFor.length > 0) heldUpBy = watch.progress.waitingFor
    return next.lines
  }

  const giveUp = (): void => {
    const { waitingMs, progress } = watch
    if (waitingMs === null || waitingMs < giveUpMs) return
    const who = progress.waitingFor.map(({ pid }) => (pid === 0 ? 'a prepared transaction' : `pid ${pid}`)).join(', ')
    gaveUp = { kind: 'timeout', message: `Given up after ${Math.round(giveUpMs / 60_000)} min of waiting for ${who}` }
  }

  const step = async (): Promise<void> => {
    const lines = await look()
    cancelling = (await hold.write({ patch: { progress: watch.progress, backendPid: backend.pid }, lines })) === 'cancelling'
    giveUp()
    if (cancelling || gaveUp) await cancelRunSession(target, run.id, backend)
  }

  const loop = async (): Promise<'gone' | 'stopped'> => {
    while (!over.aborted) {
      try {
        await step()
      } catch (error) {
        if (over.aborted) break
        if (!toldFault) log().error({ err: error, run: run.id }, 'watching a run')
        toldFault = true
        cancelling = (await hold.patiently(() => findRun(run.id)).catch(() => undefined))?.state === 'cancelling'
      }
      if (missed >= LOOKS_UNTIL_GONE || idle >= idleLooks) return 'gone'
      if (blindSince !== null && clock() - blindSince > blindMs) return 'gone'
      await sleep(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
    }
    return 'stopped'
  }

  const ended = loop()
  return {
    ended,
    stop: async () => {
      stopping.abort()
      await ended
      return watch.progress
    },
    atStep: (step) => {
      watch = { ...watch, progress: { ...watch.progress, step } }
    },
    cancelling: () => cancelling,
    gaveUp: () => gaveUp,
    heldUpBy: () => heldUpBy,
  }
}
