import { describe, expect, it } from 'vitest'
import type { CounterSums } from '@/db/history/counters'
import { DATABASE_SUMS, SERVER_SUMS } from '@/db/history/series'
import { markWords, sampledWords, type Vitals, vitalsOf } from './vitals-messages'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.UTC(2026, 10, 23, 14)
const names = [...DATABASE_SUMS, ...SERVER_SUMS, 'seconds', 'proctor_time'] as const
const counted = (given: Partial<CounterSums>): CounterSums =>
  ({ ...Object.fromEntries(names.map((name) => [name, 0])), ...given }) as CounterSums
const vitals: Vitals = {
  newest: null,
  minute: counted({}),
  sizedAt: null,
  connections: [],
  counters: [],
  recent: [],
  widths: { hours: 360, recent: 30 },
  sizes: [],
  marks: [
    { at: NOW - 3 * HOUR, kind: 'setting', label: 'work_mem: 4MB → 16MB' },
    { at: NOW - HOUR / 4, kind: 'restart', label: 'The server was started' },
  ],
  from: NOW - 6 * HOUR,
  recentFrom: NOW - HOUR / 2,
  begin: null,
  now: NOW,
}

describe('what happened meanwhile', () => {
  it('is marked on each line where it lies in it', () => {
    const marks = Object.fromEntries(vitalsOf(vitals).map(({ label, marks }) => [label, marks]))
    expect(marks).toMatchObject({ Connections: [0.5, 5.75 / 6], WAL: [0.5, 5.75 / 6], 'Oldest transaction': [0.5], 'Database size': [] })
  })

  it('is said in words, the newest first', () => {
    expect(markWords(vitals)).toEqual(['13:45 The server was started', '11:00 work_mem: 4MB → 16MB'])
  })
})

describe('the numbers of now', () => {
  const point = { total: 4, active: 1, idle: 3, idle_in_transaction: 0, idle_aborted: 0, other: 0, waiting_for_lock: 0 }
  const averaged = { ...point, peak: 6, peak_active: 2, peak_idle_in_transaction: 1, oldest_transaction: 900, oldest_xmin_age: null }
  const newest = { at: NOW - 8_000, total: 8, idle_in_transaction: 1, max_connections: 100, reserved: 3, oldest_transaction: 2 }
  const of = (given: Partial<Vitals>) =>
    Object.fromEntries(vitalsOf({ ...vitals, ...given }).map(({ label, value, unit, context }) => [label, [value, unit, context]]))

  it('are the newest sample, not the mean of the last point of the line', () => {
    const connections = [{ ...averaged, at: NOW - 360_000, max_connections: 100 }]
    const said = of({ newest, connections, recent: connections, minute: counted({ seconds: 60, xact_commit: 120, wal_bytes: 60 * 2048 }) })
    expect(said).toMatchObject({
      Connections: ['8', 'of 97', 'peak 8, idle in tx 1'],
      Transactions: ['2.0', 'per s', expect.anything()],
      'Cache hit': ['no reads', '', expect.anything()],
      'Oldest transaction': ['2', 's', expect.anything()],
      WAL: ['2', 'kB per s', expect.anything()],
    })
    expect(of({ connections })).toMatchObject({ Connections: ['n/a', '', 'no sample yet'], Transactions: ['n/a', '', 'no sample yet'] })
  })

  it('are old after a minute and a half', () => {
    expect(sampledWords({ newest, now: NOW })).toEqual({
      words: "Sampled 13:59:52 UTC; Proctor's own sessions are left out.",
      stale: false,
    })
    const old = { ...newest, at: NOW - 91_000 }
    expect(sampledWords({ newest: old, now: NOW })).toMatchObject({
      stale: true,
      words: expect.stringContaining('Not sampled since Mon 23 Nov 13:58 UTC'),
    })
    expect(sampledWords({ newest: { ...newest, at: NOW + 7_200_000 }, now: NOW })).toMatchObject({ stale: true })
    expect(sampledWords({ newest: null, now: NOW }).stale).toBe(true)
  })

  it('tell of growth from two samples on, and of one when it was made', () => {
    const hour = NOW - 34 * 60_000 // the begin of its bucket
    const sizes = [{ at: hour, bytes: 1_048_576 }]
    expect(of({ sizes, sizedAt: NOW - 90_000 })['Database size']).toEqual(['1.0', 'MB', 'sampled 1 min ago'])
    const grown = [
      { at: NOW - 48 * HOUR, bytes: 1_048_576 },
      { at: hour, bytes: 3_145_728 },
    ]
    expect(of({ sizes: grown, sizedAt: NOW - 12 * MINUTE })['Database size']).toEqual(['3.0', 'MB', '+2.0 MB, sampled 12 min ago'])
  })

  it('begin with the history where it is young, and say how long that is', () => {
    const young = { ...vitals, begin: NOW - 12 * MINUTE, from: NOW - 12 * MINUTE, recentFrom: NOW - 12 * MINUTE }
    const sizes = [
      { at: NOW - HOUR, bytes: 1_048_576 }, // the hour began before the history
      { at: NOW, bytes: 2_097_152 },
    ]
    const windows = Object.fromEntries(vitalsOf({ ...young, sizes }).map(({ label, window }) => [label, window]))
    expect(windows).toMatchObject({ Connections: '12 min', 'Oldest transaction': '12 min', 'Database size': '12 min' })
    expect(vitalsOf(vitals).map(({ window }) => window)).toEqual(['6 h', '6 h', '6 h', '30 d', '30 min', '6 h'])
  })
})
