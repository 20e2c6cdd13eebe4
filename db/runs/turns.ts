import { COMMANDS } from '../commands/registry'
import { heavyRuns } from './heavy-runs'
import type { HeldBack } from './held-back'

/** Light ones go one after another, beside the heavy ones: two changes of settings at once would each undo what the other found. */
const LIGHT_RUNS = 1

/** Jobs of one server that workers take at the same time: its runs, and a signal beside them. */
export const jobsPerServer = (): number => heavyRuns() + LIGHT_RUNS + 1

/** A run that is not over, as far as its turn goes. */
export interface OpenRun {
  id: string
  queued: boolean
  command: string
  /** Database and OID of the table, in one; null for what works on none. */
  table: string | null
  /** What keeps a queued one from its turn; others pass it. */
  held?: HeldBack | null
}

/** The run that has to end before another one starts. */
export interface WaitsFor {
  runId: string
  because: 'table' | 'server'
  /** False: it is queued itself. */
  going: boolean
}

const weightOf = ({ command }: OpenRun) => COMMANDS.get(command)?.weight ?? 'heavy'

/**
 * What each queued run of one server waits for; null: nothing, it is due. `open` holds all of its runs that are not over,
 * oldest first, and that is the order in which they go: an earlier run is passed only by one that need not wait for what
 * it waits for. Never two on one table; a signal waits for nobody; a restart for everybody, and everybody for it.
 */
export function turnsOf(open: OpenRun[], heavy = heavyRuns()): Map<string, WaitsFor | null> {
  const turns = new Map<string, WaitsFor | null>()
  const ahead = open.filter((one) => !one.queued && weightOf(one) !== 'signal')
  for (const one of open.filter(({ queued, held }) => queued && !held)) {
    const before = weightOf(one) === 'signal' ? null : beforeOf(one, ahead, turns, heavy)
    turns.set(one.id, before)
    if (weightOf(one) !== 'signal') ahead.push(one)
  }
  return turns
}

function beforeOf(one: OpenRun, ahead: OpenRun[], turns: Map<string, WaitsFor | null>, heavy: number): WaitsFor | null {
  const weight = weightOf(one)
  const sameTable = ahead.filter(({ table }) => table !== null && table === one.table)
  if (sameTable.length > 0) return nearest(sameTable, 'table')
  const others = weight === 'alone' ? ahead : ahead.filter((other) => weightOf(other) === 'alone')
  if (others.length > 0) return nearest(others, 'server')
  const alike = ahead.filter((other) => weightOf(other) === weight)
  const started = alike.filter(({ id, queued }) => !queued || turns.get(id) === null)
  return started.length < (weight === 'heavy' ? heavy : LIGHT_RUNS) ? null : nearest(alike, 'server')
}

/** One that is going on, else the last that is queued before. */
function nearest(runs: OpenRun[], because: WaitsFor['because']): WaitsFor | null {
  const run = runs.find(({ queued }) => !queued) ?? runs.at(-1)
  return run ? { runId: run.id, because, going: !run.queued } : null
}
