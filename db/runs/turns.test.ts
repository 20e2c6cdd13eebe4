import { afterEach, expect, it } from 'vitest'
import { COMMANDS } from '../commands/registry'
import { jobsPerServer, type OpenRun, turnsOf } from './turns'

const HELD = { startsAt: '2026-11-29T02:00:00.000Z', because: 'window' as const, window: null }

/** Each on a table of its own, unless said otherwise. */
const run = (id: string, command: string, more: Partial<OpenRun> = {}): OpenRun => ({ id, queued: true, command, table: `t${id}`, ...more })
const going = (id: string, command: string, more: Partial<OpenRun> = {}): OpenRun => run(id, command, { queued: false, ...more })
const due = (open: OpenRun[], heavy = 1): string[] => [...turnsOf(open, heavy)].flatMap(([id, before]) => (before === null ? [id] : []))

afterEach(() => {
  delete process.env.PROCTOR_HEAVY_RUNS
})

it('knows of every command how heavy it is', () => {
  const of = (weight: string) => [...COMMANDS.values()].filter((one) => one.weight === weight).map(({ name }) => name)
  expect(of('heavy').sort()).toEqual([
    'analyze-database',
    'attach-index-partition',
    'create-index',
    'create-materialized-view',
    'refresh-collation',
    'refresh-materialized-view',
    'reindex-index',
    'reindex-table',
    'restore-index',
    'vacuum-database',
    'vacuum-table',
  ])
  expect(of('signal').sort()).toEqual(['cancel-backend', 'terminate-backend'])
  expect(of('alone')).toEqual(['restart-server'])
  expect(of('light')).toContain('analyze-table')
  expect(of('light')).toContain('change-settings')
})

it('lets what is light pass a long rebuild, one after the other', () => {
  const open = [going('1', 'reindex-table'), run('2', 'vacuum-table'), run('3', 'analyze-table'), run('4', 'change-settings')]
  expect(Object.fromEntries(turnsOf(open, 1))).toEqual({
    2: { runId: '1', because: 'server', going: true },
    3: null,
    4: { runId: '3', because: 'server', going: false },
  })
})

it('has as many heavy ones going on as the setting says', () => {
  const open = ['1', '2', '3'].map((id) => run(id, 'reindex-index'))
  expect(due(open)).toEqual(['1'])
  process.env.PROCTOR_HEAVY_RUNS = '2'
  expect([...turnsOf(open)].filter(([, before]) => before === null).map(([id]) => id)).toEqual(['1', '2'])
  expect(jobsPerServer()).toBe(4)
  process.env.PROCTOR_HEAVY_RUNS = 'many'
  expect(() => turnsOf(open)).toThrow()
})

it('never has two on one table, whatever they weigh, and keeps their order', () => {
  const open = [
    going('1', 'reindex-index'),
    run('2', 'vacuum-table', { table: 'a' }),
    run('3', 'analyze-table', { table: 'a' }),
    run('4', 'analyze-table', { table: 't1' }),
  ]
  expect(Object.fromEntries(turnsOf(open, 2))).toEqual({
    2: null,
    3: { runId: '2', because: 'table', going: false },
    4: { runId: '1', because: 'table', going: true },
  })
})

it('lets one pass that waits for its table only, and not for long: the oldest is next', () => {
  const before = [going('1', 'analyze-table', { table: 'a' }), run('2', 'reindex-index', { table: 'a' }), run('3', 'reindex-index')]
  expect(due(before)).toEqual(['3'])
  expect(due(before.slice(1))).toEqual(['2'])
})

it('sends a signal past everything', () => {
  expect(due([going('1', 'restart-server', { table: null }), run('2', 'cancel-backend', { table: 't1' })])).toEqual(['2'])
  expect(due([going('1', 'terminate-backend', { table: 'a' }), run('2', 'reindex-index', { table: 'a' })])).toEqual(['2'])
})

it('restarts when nothing else goes on, and begins nothing before that', () => {
  const restart = run('2', 'restart-server', { table: null })
  expect(due([going('1', 'analyze-table'), restart, run('3', 'analyze-table'), run('4', 'reindex-index')])).toEqual([])
  expect(due([restart, run('3', 'analyze-table')])).toEqual(['2'])
  expect(due([{ ...restart, queued: false }, run('3', 'analyze-table')])).toEqual([])
})

it('passes by what is held back', () => {
  expect(due([run('1', 'reindex-index', { held: HELD }), run('2', 'reindex-index', { table: 't1' })])).toEqual(['2'])
})
