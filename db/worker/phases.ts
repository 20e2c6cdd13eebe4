import type { PlannedPhase } from '../commands/work'
import type { ProgressSample } from '../runs/run-sample'
import type { RunBar, RunPhase } from '../runs/run-types'

/** The phases of a run that has passed its preflight and starts its work now. */
export const firstPhases = (planned: PlannedPhase[], startedAt: string, at: string): RunPhase[] => [
  { name: 'Preflight', state: 'done', startedAt, endedAt: at, note: null },
  ...planned.map(
    ({ name }, place): RunPhase => ({
      name,
      state: place === 0 ? 'current' : 'ahead',
      startedAt: place === 0 ? at : null,
      endedAt: null,
      note: null,
    }),
  ),
]

/** The phases when the server says where it is; as they were when it says nothing, or what nobody knows. */
export function nextPhases(phases: RunPhase[], planned: PlannedPhase[], sample: ProgressSample, at: string): RunPhase[] {
  const key = `${sample.view}: ${sample.phase}`
  const found = planned.findIndex(({ covers }) => covers?.some((one) => key.startsWith(one)))
  if (found < 0) return phases
  const current = found + 1 // Preflight stands before them
  return phases.map((phase, place) => {
    if (place < current && phase.startedAt === null && planned[place - 1]?.optional) return { ...phase, state: 'skipped', note: 'not seen' }
    if (place < current) return phase.state === 'done' ? phase : { ...phase, state: 'done', endedAt: phase.startedAt && at }
    if (place > current) return phase.state === 'ahead' ? phase : { ...phase, state: 'ahead', endedAt: null }
    return { ...phase, state: 'current', startedAt: phase.startedAt ?? at, endedAt: null, note: sample.phase }
  })
}

/** The phases when the run itself says where it is. */
export function phasesAt(phases: RunPhase[], name: string, at: string): RunPhase[] {
  const current = phases.findIndex((phase) => phase.name === name)
  return phases.map((phase, place) => {
    if (place < current) return phase.state === 'done' ? phase : { ...phase, state: 'done', endedAt: phase.startedAt && at }
    return place === current ? { ...phase, state: 'current', startedAt: at } : phase
  })
}

/**
 * The phases when all the statements have succeeded: every phase is done, but for those that are done only where there is something to
 * do, and that neither the progress of the server nor what it said has shown. Of a plan from before its phases were stored, what nobody
 * saw is not called done.
 */
export function allDone(phases: RunPhase[], at: string, planned: PlannedPhase[], happened: (phase: string) => boolean | null): RunPhase[] {
  return phases.map((phase, place) => {
    if (phase.state === 'done' && phase.startedAt !== null) return phase
    const known = planned[place - 1] // Preflight stands before them
    const seen = phase.startedAt !== null || place === 0 || (known === undefined ? null : known.optional ? happened(phase.name) : true)
    if (seen !== true) return { ...phase, state: 'skipped', endedAt: null, note: seen === false ? 'nothing to do' : 'not seen' }
    return { ...phase, state: 'done', endedAt: phase.endedAt ?? (phase.startedAt && at), note: null }
  })
}

/** The bars of what goes on now. */
export function barsOf({ view, phase, ...sample }: ProgressSample): RunBar[] {
  const bar = (name: string, unit: RunBar['unit'], done: number | null, total: number | null): RunBar[] =>
    total ? [{ name, unit, done: Math.min(done ?? 0, total), total }] : []
  const blocks = (name: string) => bar(name, 'blocks', sample.blocks_done, sample.blocks_total)
  switch (view) {
    case 'create index':
      if (phase.startsWith('waiting')) return bar('Wait for lockers', 'lockers', sample.others_done, sample.others_total)
      if (phase.endsWith('loading tuples in tree')) return bar('Build, load tuples', 'rows', sample.tuples_done, sample.tuples_total)
      if (phase.startsWith('building')) return blocks('Build, scan table')
      if (phase === 'index validation: scanning index') return blocks('Validate, scan index')
      return phase === 'index validation: scanning table' ? blocks('Validate, scan table') : []
    case 'vacuum':
      if (phase === 'scanning heap') return blocks('Scan heap')
      if (phase === 'vacuuming heap') return blocks('Vacuum heap')
      return bar(phase === 'vacuuming indexes' ? 'Vacuum indexes' : 'Clean up indexes', 'indexes', sample.others_done, sample.others_total)
    case 'cluster':
      return phase.endsWith('scanning heap') ? blocks('Scan heap') : []
    case 'analyze':
      return [...blocks('Sample'), ...bar('Partitions', 'partitions', sample.others_done, sample.others_total)]
  }
}
