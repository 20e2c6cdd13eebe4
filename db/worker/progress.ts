import type { RunBlocker, RunLogLine, RunProgress } from '../console/run-types'
import { barsOf, nextPhases } from './phases'
import type { ProgressSample } from './run-sample'

/** What one look at the server said. */
export interface Look {
  at: Date
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
  /** Since when the run has waited, and others for it, without a break; null when not. */
  waitingSince: Date | null
  blockingSince: Date | null
  /** When a line last said that it still waits. */
  saidWaiting: Date | null
}

type LogEntry = Pick<RunLogLine, 'level' | 'message'>

const STILL_WAITING_MS = 30_000

/** One look further. Pure; the lines are what the log should say about it. */
export function lookOn(watch: Watch, statements: string[], look: Look): { watch: Watch; lines: LogEntry[] } {
  const { sample, at } = look
  const walStart = watch.walStart ?? look.wal
  const moved = sample !== undefined && `${sample.view}: ${sample.phase}` !== watch.phase
  const otherIndex = sample?.index_relid != null && sample.index_relid !== watch.indexRelid
  const waitingSince = look.waitingFor.length > 0 ? (watch.waitingSince ?? at) : null
  const blockingSince = look.blocking > 0 ? (watch.blockingSince ?? at) : null
  const elapsed = at.getTime() - Date.parse(watch.progress.at)
  const next: Watch = {
    progress: {
      ...watch.progress,
      at: at.toISOString(),
      phases: sample ? nextPhases(watch.progress.phases, statements, sample, at.toISOString()) : watch.progress.phases,
      bars: mergeBars(watch.progress.bars, sample, moved, otherIndex && watch.indexRelid !== null),
      waitingFor: look.waitingFor,
      blocking: look.blocking,
      walBytes: look.wal - walStart,
      bytesNow: sample?.bytes_now ?? watch.progress.bytesNow,
      waitedMs: watch.progress.waitedMs + (watch.waitingSince ? elapsed : 0),
      waitingSince: waitingSince?.toISOString() ?? null,
      longestWaitMs: Math.max(watch.progress.longestWaitMs, blockingSince ? at.getTime() - blockingSince.getTime() : 0),
    },
    walStart,
    phase: sample ? `${sample.view}: ${sample.phase}` : watch.phase,
    indexRelid: sample?.index_relid ?? watch.indexRelid,
    waitingSince,
    blockingSince,
    saidWaiting: watch.saidWaiting,
  }
  const lines: LogEntry[] = []
  if (sample && (moved || otherIndex)) lines.push({ level: 'info', message: describe(sample, otherIndex) })
  return sayWaits(watch, next, at, lines)
}

function sayWaits(before: Watch, next: Watch, at: Date, lines: LogEntry[]): { watch: Watch; lines: LogEntry[] } {
  const { waitingFor } = next.progress
  const pids = (blockers: RunBlocker[]) => blockers.map(({ pid }) => pid).join()
  if (waitingFor.length === 0) {
    const since = before.waitingSince
    if (since) lines.push({ level: 'info', message: `waited ${seconds(since, at)}` })
    return { watch: { ...next, saidWaiting: null }, lines }
  }
  if (pids(waitingFor) !== pids(before.progress.waitingFor)) {
    lines.push({ level: 'wait', message: `waiting for ${waitingFor.map(sayBlocker).join('; ')}` })
    return { watch: { ...next, saidWaiting: at }, lines }
  }
  if (next.waitingSince && next.saidWaiting && at.getTime() - next.saidWaiting.getTime() >= STILL_WAITING_MS) {
    lines.push({ level: 'wait', message: `still waiting, ${seconds(next.waitingSince, at)}` })
    return { watch: { ...next, saidWaiting: at }, lines }
  }
  return { watch: next, lines }
}

const seconds = (from: Date, to: Date): string => `${Math.round((to.getTime() - from.getTime()) / 1000)} s`

/** pid 4121 (metabase, idle in transaction) */
export function sayBlocker({ pid, applicationName, usename, state }: RunBlocker): string {
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
