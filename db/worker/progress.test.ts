import { describe, expect, it } from 'vitest'
import { LAZY } from '../commands/vacuum-table/receipt'
import { BUILD_IN_PLACE, type PlannedPhase, REBUILD_BESIDE } from '../commands/work'
import type { ProgressSample } from '../runs/run-sample'
import type { RunBlocker } from '../runs/run-types'
import { allDone, firstPhases } from './phases'
import { firstWatch, type Look, lookOn, type Watch } from './progress'

const CONCURRENTLY = REBUILD_BESIDE
const START = Date.parse('2026-01-01T00:00:00Z')

const begun = (planned: PlannedPhase[]): Watch => ({
  progress: {
    at: new Date(START).toISOString(),
    phases: firstPhases(planned, new Date(START).toISOString(), new Date(START).toISOString()),
    ...{
      bars: [],
      waitingFor: [],
      blocking: 0,
      walBytes: null,
      bytesNow: null,
      longestWaitMs: 0,
      waitedMs: 0,
      backend: null,
      before: null,
    },
  },
  ...{ walStart: null, phase: null, indexRelid: null, lookedMs: null, waitingMs: null, blockingMs: null, saidWaitingMs: null },
})

const sample = (view: ProgressSample['view'], phase: string, more: Partial<ProgressSample> = {}): ProgressSample => ({
  ...{ view, phase, index_relid: null, index_name: null, blocks_done: null, blocks_total: null, tuples_done: null, tuples_total: null },
  ...{ others_done: null, others_total: null, bytes_now: null },
  ...more,
})

const blocker = (pid: number): RunBlocker => ({
  ...{
    pid,
    backendStart: '',
    usename: 'bi',
    applicationName: 'metabase',
    clientAddr: null,
    state: 'idle in transaction',
    xactSeconds: 840,
    query: null,
  },
})

/** Looks one after another, half a second apart; returns every line, and what was known at the end. */
function follow(planned: PlannedPhase[], looks: Partial<Look>[]): { watch: Watch; lines: string[] } {
  const lines: string[] = []
  const watch = looks.reduce<Watch>((before, look, place) => {
    const at = new Date(START + (place + 1) * 500)
    const next = lookOn(before, planned, { at, ms: place * 500, wal: 1000, waitingFor: [], blocking: 0, sample: undefined, ...look })
    lines.push(...next.lines.map(({ level, message }) => `${level} ${message}`))
    return next.watch
  }, begun(planned))
  return { watch, lines }
}

const strip = ({ progress }: Watch) => progress.phases.map(({ name, state }) => `${name}: ${state}`)

describe('the progress of a run', () => {
  it('follows REINDEX CONCURRENTLY through the phases of PostgreSQL, in their order', () => {
    const { watch, lines } = follow(CONCURRENTLY, [
      {
        sample: sample('create index', 'building index: scanning table', {
          blocks_done: 10,
          blocks_total: 100,
          index_relid: 9,
          index_name: 'a_ccnew',
        }),
      },
      {
        sample: sample('create index', 'building index: loading tuples in tree', {
          tuples_done: 5,
          tuples_total: 50,
          index_relid: 9,
          index_name: 'a_ccnew',
        }),
      },
      { sample: sample('create index', 'index validation: scanning table', { blocks_done: 1, blocks_total: 100, index_relid: 9 }) },
      { sample: sample('create index', 'waiting for old snapshots', { others_done: 0, others_total: 1 }), waitingFor: [blocker(4121)] },
    ])
    expect(strip(watch)).toEqual([
      'Preflight: done',
      'Build: done',
      'Validate: done',
      'Wait for old snapshots: current',
      'Swap: ahead',
      'Drop old: ahead',
    ])
    expect(watch.progress.bars).toEqual([
      { name: 'Build, scan table', unit: 'blocks', done: 100, total: 100 },
      { name: 'Build, load tuples', unit: 'rows', done: 50, total: 50 },
      { name: 'Validate, scan table', unit: 'blocks', done: 100, total: 100 },
      { name: 'Wait for lockers', unit: 'lockers', done: 0, total: 1 },
    ])
    expect(lines).toEqual([
      'info building index: scanning table, 100 blocks, new copy a_ccnew',
      'info building index: loading tuples in tree, 50 rows',
      'info index validation: scanning table, 100 blocks',
      'info waiting for old snapshots',
      'wait waiting for pid 4121 (metabase, idle in transaction)',
    ])
  })

  it('says the swap is done when it waits for readers', () => {
    const { watch } = follow(CONCURRENTLY, [{ sample: sample('create index', 'waiting for readers before marking dead') }])
    expect(strip(watch).slice(-2)).toEqual(['Swap: done', 'Drop old: current'])
  })

  it('starts the bars anew with the next index of a table', () => {
    const building = (index_relid: number, blocks_done: number) => ({
      sample: sample('create index', 'building index: scanning table', {
        index_relid,
        index_name: `i${index_relid}`,
        blocks_done,
        blocks_total: 9,
      }),
    })
    const { watch, lines } = follow(BUILD_IN_PLACE, [building(1, 9), building(2, 3)])
    expect(watch.progress.bars).toEqual([{ name: 'Build, scan table', unit: 'blocks', done: 3, total: 9 }])
    expect(lines).toHaveLength(2)
  })

  it('counts how long it waits, and how long others wait for it', () => {
    const waiting = { waitingFor: [blocker(1)], blocking: 2 }
    const { watch, lines } = follow(CONCURRENTLY, [{}, waiting, waiting, waiting, {}])
    expect(watch.progress).toMatchObject({ waitedMs: 1000, longestWaitMs: 1000, waitingFor: [], blocking: 0 })
    expect(lines).toEqual(['wait waiting for pid 1 (metabase, idle in transaction)', 'info waited 1 s'])
  })

  it('counts nothing over a gap, whatever both clocks say, and goes on with the sum of an earlier worker', () => {
    const waiting = { waitingFor: [blocker(1)], blocking: 1 }
    const at = (ms: number, wall = ms) => ({ ...waiting, ms, at: new Date(START + wall) })
    const asleep = follow(CONCURRENTLY, [at(0), at(500), at(70_500), at(71_000)])
    expect(asleep.watch.progress).toMatchObject({ waitedMs: 1_000, waitingMs: 1_000, longestWaitMs: 1_000 })
    const setBack = follow(CONCURRENTLY, [at(0), at(500, -7_200_000), at(1_000, 7_200_000)])
    expect(setBack.watch.progress).toMatchObject({ waitedMs: 1_000, waitingMs: 1_000, longestWaitMs: 1_000 })
    const later = firstWatch({ ...asleep.watch.progress })
    const next = { wal: 0, sample: undefined, ...waiting }
    const first = lookOn(later, CONCURRENTLY, { ...next, ms: 5, at: new Date(START + 9_999_999) })
    expect(first.watch.waitingMs).toBe(1_000)
    expect(lookOn(first.watch, CONCURRENTLY, { ...next, ms: 505, at: new Date(START) }).watch.waitingMs).toBe(1_500)
    expect(lookOn(first.watch, CONCURRENTLY, { ...next, ms: 505, waitingFor: [], at: new Date(START) }).watch.progress.waitedMs).toBe(1_000)
  })

  it('says again every half minute that it still waits', () => {
    const { lines } = follow(
      CONCURRENTLY,
      Array.from({ length: 130 }, () => ({ waitingFor: [blocker(1)] })),
    )
    expect(lines).toEqual([
      'wait waiting for pid 1 (metabase, idle in transaction)',
      'wait still waiting, 30 s',
      'wait still waiting, 60 s',
    ])
  })

  it('measures WAL from the first look', () => {
    expect(follow(CONCURRENTLY, [{ wal: 5000 }, { wal: 7500 }]).watch.progress.walBytes).toBe(2500)
  })

  it('leaves a run whose plan is from before its phases were stored as it stands, and calls nothing done that nobody saw', () => {
    const begunBefore = begun(LAZY)
    const at = new Date(START + 500).toISOString()
    const look = { at: new Date(START + 500), ms: 0, wal: 0, waitingFor: [], blocking: 0, sample: sample('vacuum', 'vacuuming heap') }
    const { watch } = lookOn(begunBefore, [], look)
    expect(watch.progress.phases).toEqual(begunBefore.progress.phases)
    expect(allDone(watch.progress.phases, at, [], () => null).map(({ name, state, note }) => `${name}: ${note ?? state}`)).toEqual([
      'Preflight: done',
      'Scan heap: done',
      ...['Vacuum indexes', 'Vacuum heap', 'Clean up indexes', 'Truncate', 'Finish'].map((name) => `${name}: not seen`),
    ])
  })

  it('keeps what it knows when the server says nothing, or what nobody knows', () => {
    const { watch } = follow(LAZY, [
      { sample: sample('vacuum', 'vacuuming heap', { blocks_done: 1, blocks_total: 2 }) },
      {},
      { sample: sample('vacuum', 'polishing') },
    ])
    expect(watch.progress.phases.find(({ state }) => state === 'current')?.name).toBe('Vacuum heap')
  })
})
