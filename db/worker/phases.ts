import type { RunBar, RunPhase } from '../console/run-types'
import type { ProgressSample } from './run-sample'

interface PhaseOf {
  name: string
  /** Which phases of the server belong to it, as view: phase. Without one it is passed too fast to be seen, or is ours. */
  covers?: RegExp
}

const ANALYZE_AFTER: PhaseOf = { name: 'Analyze', covers: /^analyze:/ }

const BUILD_BESIDE: PhaseOf[] = [
  { name: 'Build', covers: /^create index: (initializing|waiting for writers before build|building index)/ },
  { name: 'Validate', covers: /^create index: (waiting for writers before validation|index validation)/ },
  { name: 'Wait for old snapshots', covers: /^create index: waiting for old snapshots/ },
]

/** In PostgreSQL's real order; the phrases are those of the manual's tables 27.41 to 27.47. */
const PHASES = {
  'create concurrently': BUILD_BESIDE,
  'reindex concurrently': [...BUILD_BESIDE, { name: 'Swap' }, { name: 'Drop old', covers: /^create index: waiting for readers/ }],
  reindex: [{ name: 'Lock' }, { name: 'Build', covers: /^create index:/ }],
  vacuum: [
    { name: 'Scan heap', covers: /^vacuum: (initializing|scanning heap)/ },
    { name: 'Vacuum indexes', covers: /^vacuum: vacuuming indexes/ },
    { name: 'Vacuum heap', covers: /^vacuum: vacuuming heap/ },
    { name: 'Clean up indexes', covers: /^vacuum: cleaning up indexes/ },
    { name: 'Truncate', covers: /^vacuum: truncating heap/ },
    { name: 'Finish', covers: /^vacuum: performing final cleanup/ },
  ],
  'vacuum full': [
    { name: 'Lock' },
    { name: 'Copy rows', covers: /^cluster: (initializing|seq scanning|index scanning|sorting|writing)/ },
    { name: 'Swap files', covers: /^cluster: swapping/ },
    { name: 'Rebuild indexes', covers: /^cluster: rebuilding index/ },
    { name: 'Finish', covers: /^cluster: performing final cleanup/ },
  ],
  analyze: [
    { name: 'Sample', covers: /^analyze: (initializing|acquiring)/ },
    { name: 'Compute statistics', covers: /^analyze: computing/ },
    { name: 'Finish', covers: /^analyze: finalizing/ },
  ],
  drop: [{ name: 'Drop' }],
  restart: [{ name: 'Checkpoint' }, { name: 'Shut down' }, { name: 'Start' }, { name: 'Read back' }],
  other: [{ name: 'Run' }],
} satisfies Record<string, PhaseOf[]>

function phasesFor(statements: string[]): PhaseOf[] {
  const work = statements.at(-1) ?? ''
  const options = /^VACUUM \(([^)]*)\)/.exec(work)?.[1]?.split(', ')
  if (options) {
    const phases: PhaseOf[] = PHASES[options.includes('FULL') ? 'vacuum full' : 'vacuum']
    return options.includes('ANALYZE') ? [...phases, ANALYZE_AFTER] : phases
  }
  // What brings an index back says more of it afterwards: the build is what takes time.
  const build = statements.findLast((statement) => /^CREATE (UNIQUE )?INDEX /.test(statement))
  if (build) return /^CREATE (UNIQUE )?INDEX CONCURRENTLY /.test(build) ? PHASES['create concurrently'] : PHASES.reindex
  if (/^REINDEX \w+ CONCURRENTLY /.test(work)) return PHASES['reindex concurrently']
  if (/^REINDEX /.test(work)) return PHASES.reindex
  if (/^\\! kill /.test(work)) return PHASES.restart
  if (/^ANALYZE /.test(work)) return PHASES.analyze
  return /^DROP /.test(work) ? PHASES.drop : PHASES.other
}

/** The phases of a run that has passed its preflight and starts its work now. */
export const firstPhases = (statements: string[], startedAt: string, at: string): RunPhase[] => [
  { name: 'Preflight', state: 'done', startedAt, endedAt: at, note: null },
  ...phasesFor(statements).map(
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
export function nextPhases(phases: RunPhase[], statements: string[], sample: ProgressSample, at: string): RunPhase[] {
  const key = `${sample.view}: ${sample.phase}`
  const found = phasesFor(statements).findIndex(({ covers }) => covers?.test(key))
  if (found < 0) return phases
  const current = found + 1 // Preflight stands before them
  return phases.map((phase, place) => {
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

/** Every phase done, when all the statements have succeeded. */
export const allDone = (phases: RunPhase[], at: string): RunPhase[] =>
  phases.map((phase) => (phase.state === 'done' ? phase : { ...phase, state: 'done', endedAt: phase.startedAt && at, note: null }))

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
