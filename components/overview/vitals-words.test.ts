import { describe, expect, it } from 'vitest'
import { markWords, type Vitals, vitalsOf } from './vitals-words'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 23, 14)
const vitals: Vitals = {
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
