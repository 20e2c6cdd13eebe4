import { describe, expect, it } from 'vitest'
import { stateOf } from './analytics'
import { monthsOf } from './table-months'

const NOW = Date.UTC(2026, 10, 23)
const policy = { minutes: 15, window: 'every 15 min', paused: false }
const age = (minutes: number) => ({ at: NOW - minutes * 60_000, source: 'run' as const, runId: '1' })

it('a view is judged by what is worst', () => {
  const view = { populated: true, index: 'key', age: age(12), policy, now: NOW }
  expect(stateOf(view)).toBe('fresh')
  expect(stateOf({ ...view, age: age(16) })).toBe('stale')
  expect(stateOf({ ...view, age: null })).toBe('unknown')
  expect(stateOf({ ...view, policy: null })).toBe('unruled')
  expect(stateOf({ ...view, policy: { ...policy, paused: true } })).toBe('unruled')
  expect(stateOf({ ...view, index: null, age: age(99) })).toBe('blocks')
  expect(stateOf({ ...view, index: null, populated: false })).toBe('empty')
})

describe('a table by month', () => {
  const table = { relid: 1, schemaname: 'public', relname: 'quiz_results', partitioned: true, reltuples: 9, columns: [] }
  const part = (month: number, scans: number, more = {}) => ({
    ...{ parent: 1, relid: 10 + month, relname: `m${month}`, is_default: false, rows: 100, bytes: 8192, scans: String(scans) },
    ...{ lower: Date.UTC(2026, month - 1, 1) / 1000, upper: Date.UTC(2026, month, 1) / 1000 },
    ...more,
  })

  it('lacks the next month, which its default partition would take', () => {
    const found = monthsOf(table, [part(11, 40), part(10, 4), part(0, 0, { lower: null, upper: null, is_default: true, rows: 0 })], NOW)
    expect(found).toMatchObject({ rows: 200, bytes: 3 * 8192, defaultRows: 0, nextExists: false, end: Date.UTC(2026, 11, 1), scanned: 1.1 })
    expect(found.parts.map(({ relname }) => relname)).toEqual(['m10', 'm11'])
  })

  it('has it', () => {
    expect(monthsOf(table, [part(11, 0), part(12, 0)], NOW)).toMatchObject({ nextExists: true, defaultRows: null, scanned: null })
  })
})
