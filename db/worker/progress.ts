import type { PlannedPhase } from '../commands/work'
import type { ProgressSample } from '../runs/run-sample'
import type { RunBlocker, RunProgress } from '../runs/run-types'
import { lasted } from './clock'
import { barsOf, nextPhases } from './phases'
import type { LogEntry } from './run-hold'

/** What one look at the server said. */
export interface Look {
  at: Date
  /** The same moment by the monotonic clock, in ms: durations are taken from it. */
  ms: number
  /** Bytes of WAL since the cluster was made. */
  wal: number
  waitingFor: RunBlocker[]
  blocking: number
  sample: ProgressSample | undefined
}

/** What the watcher keeps between two looks beside the progress itself. */
export interface Watch {
  progress: RunProgress
  /** WAL position at the first look. */
  walStart: number | null
  /** view: phase of the last look. */
  phase: string | null
  indexRelid: number | null
  /** The last look, by the monotonic clock; null before the first of this process. */
  lookedMs: number | null
  /** How long the run has been seen to wait, and others for it, without a break, in ms; null when not. */
  waitingMs: number | null
  blockingMs: number | null
  /** Of how long a wait the last line spoke; null when none did. */
  saidWaitingMs: number | null
}

/** What is kept of a watching at its beginning; an earlier worker may have begun to count. */
export const firstWatch = (progress: RunProgress): Watch => ({
  progress,
  walStart: null,
  phase: null,
  indexRelid: null,
  lookedMs: null,
  waitingMs: progress.waitingMs ?? null,
  blockingMs: null,
  saidWaitingMs: null,
})

/** A wait counts between two looks that both saw it. */
const waitOf = (seen: boolean, before: number | null, stepMs: number): number | null =>
  seen ? (before === null ? 0 : before + stepMs) : null

const STILL_WAITING_MS = 30_000

/** One look further. Pure; the lines are what the log should say about it. */
export function lookOn(watch: Watch, planned: PlannedPhase[], look: Look): { watch: Watch; lines: LogEntry[] } {
  const { sample, at } = look
  const walStart = watch.walStart ?? look.wal
  const moved = sample !== undefined && `${sample.view}: ${sample.phase}` !== watch.phase
  const otherIndex = sample?.index_relid != null && sample.index_relid !== watch.indexRelid
  const step = lasted(watch.lookedMs, look.ms)
  const waitingMs = waitOf(look.waitingFor.length > 0, watch.waitingMs, step)
  const blockingMs = waitOf(look.blocking > 0, watch.blockingMs, step)
  const next: Watch = {
    progress: {
      ...watch.progress,
      at: at.toISOString(),
      phases: sample ? nextPhases(watch.progress.phases, planned, sample, at.toISOString()) : watch.progress.phases,
      bars: mergeBars(watch.progress.bars, sample, moved, otherIndex && watch.indexRelid !== null),
      waitingFor: look.waitingFor,
      blocking: look.blocking,
      walBytes: look.wal - walStart,
      bytesNow: sample?.bytes_now ?? watch.progress.bytesNow,
      waitedMs: watch.progress.waitedMs + (waitingMs === null || watch.waitingMs === null ? 0 : step),
      waitingMs,
      longestWaitMs: Math.max(watch.progress.longestWaitMs, blockingMs ?? 0),
    },
    walStart,
    phase: sample ? `${sample.view}: ${sample.phase}` : watch.phase,
    indexRelid: sample?.index_relid ?? watch.indexRelid,
    lookedMs: look.ms,
    waitingMs,
    blockingMs,
    saidWaitingMs: watch.saidWaitingMs,
  }
  const lines: LogEntry[] = []
  if (sample && (moved || otherIndex)) lines.push({ level: 'info', message: describe(sample, otherIndex) })
  return formatWaits(watch, next, lines)
}

function formatWaits(before: Watch, next: Watch, lines: LogEntry[]): { watch: Watch; lines: LogEntry[] } {
  const { waitingFor } = next.progress
  const pids = (blockers: RunBlocker[]) => blockers.map(({ pid }) => pid).join()
  if (next.waitingMs === null) {
    if (before.waitingMs !== null) lines.push({ level: 'info', message: `waited ${seconds(before.waitingMs)}` })
    return { watch: { ...next, saidWaitingMs: null }, lines }
  }
  if (pids(waitingFor) !== pids(before.progress.waitingFor)) {
    lines.push({ level: 'wait', message: `waiting for ${waitingFor.map(formatBlocker).join('; ')}` })
    return { watch: { ...next, saidWaitingMs: next.waitingMs }, lines }
  }
  if (next.waitingMs - (next.saidWaitingMs ?? 0) >= STILL_WAITING_MS) {
    lines.push({ level: 'wait', message: `still waiting, ${seconds(next.waitingMs)}` })
    return { watch: { ...next, saidWaitingMs: next.waitingMs }, lines }
  }
  return { watch: next, lines }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** pid 4121 (metabase, idle in transaction) */
export function formatBlocker({ pid, applicationName, usename, state }: RunBlocker): string {
  const what = [applicationName || usename, state].filter(Boolean).join(', ')
  return pid === 0 ? 'a prepared transaction' : `pid ${pid}${what ? ` (${what})` : ''}`
}

function describe(
  { view, phase, index_name: index, blocks_total: blocks, tuples_total: rows }: ProgressSample,
  otherIndex: boolean,
): string {
  const size = [
    /scanning/.test(phase) && blocks ? `${blocks.toLocaleString('en-US')} blocks` : undefined,
    /loading/.test(phase) && rows ? `${rows.toLocaleString('en-US')} rows` : undefined,
    otherIndex && index ? (phase.startsWith('building') ? `new copy ${index}` : index) : undefined,
  ].filter((part) => part !== undefined)
  const what = view === 'create index' ? phase : `${view === 'cluster' ? 'vacuum full' : view}: ${phase}`
  return [what, ...size].join(', ')
}

/** What went before is complete; the next index of a table starts with empty bars. */
function mergeBars(bars: RunProgress['bars'], sample: ProgressSample | undefined, moved: boolean, restart: boolean): RunProgress['bars'] {
  if (!sample) return bars
  const now = barsOf(sample)
  const before = restart ? [] : bars.map((bar) => (moved ? { ...bar, done: bar.total } : bar))
  const kept = before.map((bar) => now.find(({ name }) => name === bar.name) ?? bar)
  return [...kept, ...now.filter(({ name }) => !before.some((bar) => bar.name === name))]
}
