import { setTimeout as sleep } from 'node:timers/promises'
import type { Run, RunBlocker, RunProgress } from '../console/run-types'
import { logRun, noteProgress } from '../console/runs'
import type { Problem } from '../server/problem'
import { runRead } from '../server/run-read'
import { cancelSession, type Session } from '../server/session'
import type { Target } from '../server/target'
import { markerOf } from './marker'
import { patiently } from './patient'
import { lookOn, type Watch } from './progress'
import { runBackend, runProgress } from './run-sample'

const LOOK_EVERY_MS = 500
/** So many looks in a row without the backend before it is taken for gone. */
const LOOKS_UNTIL_GONE = 4

export interface Watcher {
  /** Resolves when the backend is gone, or stop() was called. */
  ended: Promise<'gone' | 'stopped'>
  /** Ends the watching; resolves with the last progress once nothing is written any more. */
  stop: () => Promise<RunProgress>
  /** Whether somebody asked for a cancel, as far as the last look knew. */
  cancelling: () => boolean
  /** Why the run was given up, if it was. */
  gaveUp: () => Problem | null
  /** Whom it waited for when it last waited. */
  heldUpBy: () => RunBlocker[]
}

/** When a run is given up: CONCURRENTLY has no lock_timeout that would do it (see commands/sql.ts). */
export const giveUpMsOf = ({ giveUpMinutes }: Run): number => Math.max(giveUpMinutes, 1) * 60_000

/**
 * Looks at a run's backend twice a second over the shared connections: phase, whom it waits for, who waits for it. Writes
 * that down, passes a cancel on, and gives up after too long a wait, which an earlier worker may have begun to count.
 */
export function watchRun(
  run: Run,
  target: Target,
  backend: Pick<Session, 'pid' | 'backendStart'>,
  first: RunProgress,
  giveUpMs = giveUpMsOf(run),
): Watcher {
  let watch: Watch = {
    progress: first,
    walStart: null,
    phase: null,
    indexRelid: null,
    waitingSince: first.waitingSince ? new Date(first.waitingSince) : null,
    blockingSince: null,
    saidWaiting: null,
  }
  let cancelling = run.state === 'cancelling'
  let gaveUp: Problem | null = null
  let heldUpBy: RunBlocker[] = []
  let missed = 0
  const stopping = new AbortController()

  const look = async (): Promise<void> => {
    const rows = await runRead(target, runBackend, { pid: backend.pid, backend_start: backend.backendStart })
    if (!rows.ok) return // unreachable for the moment, or slow; the session itself will tell if it is lost
    const [row] = rows.value
    missed = row ? 0 : missed + 1
    if (!row) return
    const samples = await runRead(target, runProgress, { pid: backend.pid })
    const prepared = row.prepared
      ? [
          {
            pid: 0,
            backendStart: '',
            usename: null,
            applicationName: null,
            clientAddr: null,
            state: 'prepared transaction',
            xactSeconds: null,
            query: null,
          },
        ]
      : []
    const next = lookOn(watch, run.plan.statements, {
      at: new Date(),
      wal: row.wal,
      waitingFor: [...row.waiting_for, ...prepared],
      blocking: row.blocking,
      sample: samples.ok ? samples.value[0] : undefined,
    })
    watch = next.watch
    if (watch.progress.waitingFor.length > 0) heldUpBy = watch.progress.waitingFor
    for (const { level, message } of next.lines) await patiently(() => logRun(run.id, level, message))
  }

  const giveUp = (): void => {
    const { waitingSince, progress } = watch
    if (!waitingSince || Date.parse(progress.at) - waitingSince.getTime() < giveUpMs) return
    const who = progress.waitingFor.map(({ pid }) => (pid === 0 ? 'a prepared transaction' : `pid ${pid}`)).join(', ')
    gaveUp = { kind: 'timeout', message: `Given up after ${Math.round(giveUpMs / 60_000)} min of waiting for ${who}` }
  }

  const loop = async (): Promise<'gone' | 'stopped'> => {
    while (!stopping.signal.aborted) {
      await look()
      const state = await patiently(() => noteProgress(run.id, watch.progress))
      cancelling = state === 'cancelling'
      giveUp()
      if (cancelling || gaveUp) await cancelSession(target, backend, markerOf(run.id))
      if (missed >= LOOKS_UNTIL_GONE) return 'gone'
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    return 'stopped'
  }

  const ended = loop()
  ended.catch(() => undefined) // whoever calls stop() learns of it
  return {
    ended,
    stop: async () => {
      stopping.abort()
      await ended
      return watch.progress
    },
    cancelling: () => cancelling,
    gaveUp: () => gaveUp,
    heldUpBy: () => heldUpBy,
  }
}
