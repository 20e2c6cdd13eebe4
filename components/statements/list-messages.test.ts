import { describe, expect, it } from 'vitest'
import type { QueryList } from '@/db/history/statement-list'
import { freshness, queriesEvidence, queriesTitle } from './list-messages'

describe('the moment that the list is of', () => {
  const MINUTE = 60_000
  const list = { source: 'samples', lastSample: '2026-11-23T14:00:00.000Z', sampleEveryMs: MINUTE } as const
  const later = (minutes: number) => new Date(Date.parse(list.lastSample) + minutes * MINUTE).toISOString()

  it('is that of the last sample, old once two turns were missed', () => {
    expect(freshness(list, later(3))).toEqual({ readAt: list.lastSample, stale: false })
    expect(freshness(list, later(4))).toEqual({ readAt: list.lastSample, stale: true })
    expect(freshness(list, later(-2)).stale).toBe(true)
    expect(freshness({ ...list, sampleEveryMs: 10 * MINUTE }, later(20)).stale).toBe(false)
  })

  it('is now where the server was asked for its own counts, and old where it gave none', () => {
    expect(freshness({ ...list, source: 'reset' }, later(90))).toEqual({ readAt: later(90), stale: false })
    expect(freshness({ ...list, lastSample: null }, later(0))).toEqual({ readAt: later(0), stale: false })
    expect(freshness(undefined, later(1))).toEqual({ readAt: later(1), stale: true })
  })
})

describe('the sentences of a filtered list', () => {
  const row = (key: string, total: number) => ({ key, name: `SELECT ${key}`, total, toplevel: true })
  const list = (total: number, databaseMs: number) =>
    ({
      rows: [row('a', total - 1), row('b', 1)],
      count: 2,
      all: { total },
      databaseMs,
      chart: null,
      changes: null,
      notices: [],
      nestedApart: false,
      source: 'samples',
    }) as unknown as QueryList

  it('claim no share of the database that is a share of the filter', () => {
    expect(queriesTitle(list(1_000, 1_000))).toBe('One statement is 100% of database time.')
    expect(queriesEvidence(list(1_000, 1_000))).toBe('SELECT a took 999 ms of 1 s.')
    expect(queriesTitle(list(1_000, 100_000))).toBe('No statement stands out.')
    expect(queriesEvidence(list(1_000, 100_000))).toBe('SELECT a took 999 ms of 1 min 40 s in all; the filter shows 1 s of that.')
  })
})
