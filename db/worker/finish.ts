import type { Before } from '../commands/define-command'
import type { ListedCommand } from '../commands/registry'
import { sayBytes } from '../commands/say'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { PROCTOR } from '../console/roles'
import { noteRebuilt } from '../console/run-known'
import type { Run, RunProgress, RunReceipt } from '../console/run-types'
import { logRun, moveRun } from '../console/runs'
import type { Problem } from '../server/problem'
import { forgetReads } from '../server/run-read'
import type { Target } from '../server/target'
import { patiently } from './patient'
import { allDone } from './phases'
import { keepNotices, measureAfter } from './receipt'

/** How a run ended. */
export type Outcome =
  | { state: 'succeeded' }
  | { state: 'cancelled' }
  /** refused: whoever confirmed it may not any more. */
  | { state: 'failed' | 'lost'; problem: Problem; refused?: boolean }

/** Ends a run of which nothing was sent to the server. */
export async function endBeforeWork(run: Run, outcome: Outcome): Promise<void> {
  await write(run, outcome, null, run.progress)
}

/** Ends a run whose work was begun: looks at what there is now, and writes the receipt. */
export async function endAfterWork(
  run: Run,
  outcome: Outcome,
  work: { target: Target; command: ListedCommand; before: Before; progress: RunProgress; notices: string[]; dropped?: string[] },
): Promise<void> {
  forgetReads()
  const { target, command, before, progress, notices, dropped = [] } = work
  const { index, notices: said = [], undo, ...measured } = await measureAfter(run, target, command, before)
  const receipt: RunReceipt = {
    ...measured,
    durationMs: Date.now() - Date.parse(run.startedAt ?? run.confirmedAt),
    walBytes: progress.walBytes,
    longestWaitMs: progress.longestWaitMs,
    waitedMs: progress.waitedMs,
    notices: keepNotices([...notices, ...said]),
    // Of a run that succeeded its plan says it.
    ...(undo && outcome.state !== 'succeeded' ? { undo } : {}),
    ...(dropped.length > 0 ? { dropped } : {}),
  }
  const at = new Date().toISOString()
  const succeeded = outcome.state === 'succeeded'
  const phases = succeeded ? allDone(progress.phases, at) : progress.phases
  const bars = succeeded ? progress.bars.map((bar) => ({ ...bar, done: bar.total })) : progress.bars
  if (succeeded && run.command === 'reindex-index' && index && receipt.bytesAfter) {
    const { serverId, database } = run
    const rebuilt = { serverId, database, indexrelid: index.oid, relfilenode: index.relfilenode, bytes: receipt.bytesAfter }
    await patiently(() => noteRebuilt(rebuilt)) // before the end: whoever sees the run ended reads the list again
  }
  await write(run, outcome, receipt, { ...progress, at, phases, bars, waitingFor: [], blocking: 0 })
}

/** The run's state, its last lines and the audit's: all of it, or nothing. */
async function write(run: Run, outcome: Outcome, receipt: RunReceipt | null, progress: RunProgress | null): Promise<void> {
  const { problem, refused } = 'problem' in outcome ? outcome : { problem: null }
  const left = receipt?.leftovers.map(({ relname }) => relname) ?? []
  const { serverId, database, id: runId } = run
  const detail = {
    command: run.command,
    object: `${run.object.schemaname}.${run.object.relname}`,
    bytesBefore: receipt?.bytesBefore ?? null,
    bytesAfter: receipt?.bytesAfter ?? null,
    leftovers: left,
    ...(refused ? { confirmedBy: run.confirmedBy } : {}),
    ...(receipt?.dropped ? { dropped: receipt.dropped } : {}),
    ...(receipt?.restart ? { restart: receipt.restart } : {}),
    ...(problem ? { problem } : {}),
  }
  await patiently(() =>
    consoleDb().transaction(async (db) => {
      const ended = await moveRun(run.id, outcome.state, { endedAt: new Date(), receipt, problem, progress }, { db })
      if (!ended) return // somebody else has ended it meanwhile
      await logRun(run.id, problem ? 'error' : 'info', sayEnd(outcome, receipt), db)
      if (left.length > 0) await logRun(run.id, 'info', `left behind: ${left.join(', ')}`, db)
      await writeAudit({ by: PROCTOR, action: refused ? 'run.refused' : `run.${outcome.state}`, serverId, database, runId, detail }, db)
    }),
  )
}

function sayEnd(outcome: Outcome, receipt: RunReceipt | null): string {
  if ('problem' in outcome) return `${outcome.state}: ${outcome.problem.message}`
  if (outcome.state === 'cancelled') return 'cancelled'
  const { bytesBefore, bytesAfter } = receipt ?? {}
  return bytesBefore != null && bytesAfter != null && bytesBefore !== bytesAfter
    ? `done: ${sayBytes(bytesBefore)} → ${sayBytes(bytesAfter)}`
    : 'done'
}
