import { describe, expect, it } from 'vitest'
import type { TimeMark } from '@/db/history/events'
import { doubts, isUneven, markWords, nothingWords, pickable, rangeWords, sideWords } from './compare-messages'

const side = (from: string, to: string, more: { sampled?: number; evictions?: number } = {}) => ({
  from: `2026-11-${from}:00.000Z`,
  to: `2026-11-${to}:00.000Z`,
  sampled: (Date.parse(`2026-11-${to}:00Z`) - Date.parse(`2026-11-${from}:00Z`)) / 1000,
  evictions: 0,
  ...more,
})
const before = side('23T12:00', '23T13:00')
const after = side('23T13:00', '23T14:00')
const restart: TimeMark = { at: Date.parse('2026-11-23T13:10:05Z'), kind: 'restart', label: 'restart' }

describe('two ranges in words', () => {
  it('have days, lengths, their zone, and what was sampled', () => {
    expect(sideWords(side('23T13:00', '23T14:05'))).toBe('23 Nov 13:00 to 14:05 UTC: 1 h 5 min, all of it sampled')
    expect(sideWords(side('22T23:00', '23T01:00', { sampled: 2400 }))).toBe('22 Nov 23:00 to 23 Nov 01:00 UTC: 2 h, 40 min of it sampled')
    expect(sideWords({ ...before, sampled: 0 })).toMatch(/none of it sampled$/)
    expect(rangeWords({ from: Date.parse(before.from), to: Date.parse(before.to) })).toBe('23 Nov 12:00 to 13:00 UTC')
  })

  it('leave no doubt where both are whole and alike', () => {
    expect(doubts({ before, after, event: [], breaks: [] })).toEqual([])
  })

  it('tell what makes them less sure', () => {
    const short = side('23T13:00', '23T13:10', { evictions: 2 })
    const said = doubts({ before, after: short, event: [], breaks: [restart] })
    expect(isUneven({ before, after: short, event: [], breaks: [] })).toBe(true)
    expect(said).toEqual([
      expect.stringContaining('per hour'),
      expect.stringContaining('evicted entries 2 times'),
      expect.stringContaining('1 break in the counts (23 Nov 13:10:05 restart)'),
    ])
    expect(doubts({ before, after: side('23T12:30', '23T13:30'), event: [], breaks: [] })).toEqual([
      'The two overlap by 30 min: calls within it count on both sides.',
    ])
  })

  it('say why there is nothing to compare', () => {
    expect(nothingWords('range', false)).toBe('Choose the other range.')
    expect(nothingWords('day', false)).toBe('No sample reaches back to a day before.')
    expect(nothingWords('since', false)).toMatch(/is outside this range/)
  })
})

describe('events to pick', () => {
  it('are over, change something, and stand once a moment, the latest first', () => {
    const at = restart.at
    const run: TimeMark = { at: at + 5, began: at, kind: 'run', label: 'reindex-index i', runId: '7' }
    const going: TimeMark = { at: at + 6, kind: 'run', label: 'vacuum-table t', runId: '8' }
    const evicted: TimeMark = { at: at + 7, kind: 'statements evicted', label: '' }
    const [one, two] = [1, 2].map((n): TimeMark => ({ at: at + 9 + n / 10, kind: 'setting', label: `s${n}: a → b` }))
    expect(pickable([restart, run, going, evicted, one as TimeMark, two as TimeMark])).toEqual([one, run, restart])
    expect([restart, run, one as TimeMark].map(markWords)).toEqual([
      '23 Nov 13:10:05 restart',
      '23 Nov 13:10:05 run reindex-index i',
      '23 Nov 13:10:05 s1: a → b',
    ])
  })
})
