import { describe, expect, test } from 'vitest'
import { fixedRange, movedRange, timeRangeOf } from './time-range'

const now = Date.parse('2026-11-23T14:00:00Z')
const HOUR = 3_600_000
const preset = { range: '6h', from: null, to: null } as const

describe('a time range', () => {
  test('is a preset that ends now, or two moments', () => {
    expect(timeRangeOf(preset, now)).toEqual({ from: now - 6 * HOUR, to: now, preset: '6h' })
    expect(timeRangeOf({ ...preset, ...fixedRange(now - 9 * HOUR, now - 8 * HOUR) }, now)).toEqual({
      from: now - 9 * HOUR,
      to: now - 8 * HOUR,
      preset: null,
    })
  })

  test('whose end comes before its start is the preset', () => {
    expect(timeRangeOf({ ...preset, ...fixedRange(now, now - HOUR) }, now).preset).toBe('6h')
    expect(timeRangeOf({ ...preset, from: new Date(now), to: null }, now).preset).toBe('6h')
  })

  test('moves back by its length, and forward to now, where it is the preset again', () => {
    const back = movedRange(timeRangeOf(preset, now), -1, now)
    expect(back).toEqual(fixedRange(now - 12 * HOUR, now - 6 * HOUR))
    const there = timeRangeOf({ ...preset, ...back }, now)
    expect(movedRange(there, 1, now)).toEqual({ range: '6h', from: null, to: null })
    expect(movedRange(timeRangeOf(preset, now), 1, now)).toBeNull()
  })

  test('of another length ends at now when it is moved there', () => {
    const odd = { from: now - 5 * HOUR, to: now - 2 * HOUR, preset: null }
    expect(movedRange(odd, 1, now)).toEqual(fixedRange(now - 3 * HOUR, now))
  })
})
