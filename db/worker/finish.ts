import type { Before } from '../commands/define-command'
import type { ListedCommand } from '../commands/registry'
import { PROCTOR } from '../console/roles'
import { formatBytes } from '../domain/format'
import { askLook } from '../findings/ask-look'
import { chainSeen, type Replaced } from '../history/chain-seen'
import { keepNotices, measureAfter } from '../runs/receipt'
import { noteRebuilt, type RebuiltIndex } from '../runs/run-known'
import type { Run, RunProgress, RunReceipt } from '../runs/run-types'
import type { Problem } from '../server/problem'
import { forgetReads } from '../server/run-read'
import type { Target } from '../server/target'
import { builtIndexes } from './built-indexes'
import { filesLeft } from './left-files'
import { allDone } from './phases'
import { replacedBy, type Swapped } from './replaced'
import type { LogEntry, RunHold } from './run-hold'

/** How a run ended. */
export type Outcome =
  | { state: 'succeeded' }
  | { state: 'cancelled' }
  /** refused: whoever confirmed it may not any more. */
  | { state: 'failed' | 'lost'; problem: Problem; refused?: boolean }

/** Ends a run of which nothing was sent to the server. */
export async function endBeforeWork(run: Run, hold: RunHold, outcome: Outcome): Promise<void> {
  await write(run, hold, outcome, { receipt: null, progress: run.progress })
}

/** Ends a run whose work was begun: looks at what there is now, and writes the receipt. */
export async function endAfterWork(
  run: Run,
  hold: RunHold,
  outcome: Outcome,
  work: {
    target: Target
    command: ListedCommand
    before: Before
    progress: RunProgress
    notices: string[]
    dropped?: string[]
    /** What its own statements were seen to rebuild beside. */
    swapped?: Swapped[]
  },
): Promise<void> {
  forgetReads()
  const { target, command, before, progress, notices, dropped = [], swapped = [] } = work
  const {
    index,
    notices: said = [],
    undo,
    ...measured
  } = await measureAfter(run, target, command, before, { said: notices, lasting: isLasting(outcome) })
  const wasLost = 'problem' in outcome && outcome.problem.kind === 'unreachable'
  const files = wasLost && command.measures !== 'nothing' ? await filesLeft(target, before.at) : undefined
  const receipt: RunReceipt = {
    ...measured,
    ...(files ? { files } : {}),
    durationMs: Math.max(Date.now() - Date.parse(run.startedAt ?? run.confirmedAt), progress.waitedMs), // the clock may have been set back
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
  const phases = succeeded
    ? allDone(progress.phases, at, run.plan.phases ?? [], (phase) => command.happened?.(phase, notices) ?? null)
    : progress.phases
  const bars = succeeded ? progress.bars.map((bar) => ({ ...bar, done: bar.total })) : progress.bars
  const own = command.rebuilds && index && receipt.bytesAfter ? { ...index, bytes: receipt.bytesAfter } : undefined
  const rebuilt = succeeded ? await builtIndexes(target, before, own) : []
  await write(run, hold, outcome, {
    receipt,
    rebuilt,
    // Also of a run that ended half-way: what it has replaced by then is replaced.
    replaced: await replacedBy(target, swapped),
    progress: { ...progress, at, phases, bars, waitingFor: [], blocking: 0 },
  })
}

/** Trying again would end the same way until somebody has done what the problem asks for. */
const isLasting = (outcome: Outcome): boolean => 'problem' in outcome && outcome.problem.fix !== undefined

interface Ended {
  receipt: RunReceipt | null
  progress: RunProgress | null
  rebuilt?: RebuiltIndex[]
  replaced?: Replaced[]
}

/** The run's state, its last lines, what was measured and the audit's line: all of it, or nothing; nothing where somebody else has ended it. */
async function write(run: Run, hold: RunHold, outcome: Outcome, { receipt, progress, rebuilt = [], replaced = [] }: Ended): Promise<void> {
  const { problem, refused } = 'problem' in outcome ? outcome : { problem: null }
  const left = [...(receipt?.leftovers.map(({ relname }) => relname) ?? []), ...(receipt?.files?.files.map(({ path }) => path) ?? [])]
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
  const lines: LogEntry[] = [{ level: problem ? 'error' : 'info', message: formatEnd(outcome, receipt) }]
  if (left.length > 0) lines.push({ level: 'info', message: `left behind: ${left.join(', ')}` })
  await hold.write({
    state: outcome.state,
    patch: { endedAt: new Date(), receipt, problem, progress },
    lines,
    audit: { by: PROCTOR, action: refused ? 'run.refused' : `run.${outcome.state}`, serverId, database, runId, detail },
    also: async (db) => {
      await noteRebuilt(serverId, database, rebuilt, db)
      await chainSeen({ serverId, database, replaced }, db)
      // What it was to fix is seen at once, not in an hour.
      if (receipt) await askLook({ serverId, database }, { all: true }, db)
    },
  })
}

function formatEnd(outcome: Outcome, receipt: RunReceipt | null): string {
  if ('problem' in outcome) return `${outcome.state}: ${outcome.problem.message}`
  if (outcome.state === 'cancelled') return 'cancelled'
  const { bytesBefore, bytesAfter } = receipt ?? {}
  return bytesBefore != null && bytesAfter != null && bytesBefore !== bytesAfter
    ? `done: ${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}`
    : 'done'
}
