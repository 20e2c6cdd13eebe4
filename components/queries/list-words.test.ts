import { describe, expect, it } from 'vitest'
import { freshness } from './list-words'

describe('the moment that the list is of', () => {
  const MINUTE = 60_000
  const list = { source: 'samples', lastSample: '2026-11-23T14:00:00.000Z', sampleEveryMs: MINUTE } as const
  const later = (minutes: number) => new Date(Date.parse(list.lastSample) + minutes * MINUTE).toISOString()

  it('is that of the last sample, old once two turns were missed', () => {
    expect(freshness(list, later(3))).toEqual({ readAt: list.lastSample, stale: false })
    expect(freshness(list, later(4))).toEqual({ readAt: list.lastSample, stale: true })
    expect(freshness({ ...list, sampleEveryMs: 10 * MINUTE }, later(20)).stale).toBe(false)
  })

  it('is now where the server was asked for its own counts, and old where it gave none', () => {
    expect(freshness({ ...list, source: 'reset' }, later(90))).toEqual({ readAt: later(90), stale: false })
    expect(freshness({ ...list, lastSample: null }, later(0))).toEqual({ readAt: later(0), stale: false })
    expect(freshness(undefined, later(1))).toEqual({ readAt: later(1), stale: true })
  })
})
