import { describe, expect, it } from 'vitest'
import { type DailyValue, daysUntil, forecast, LEAST_DAYS } from './forecast'

const GB = 1024 ** 3
/** The same noise every time: a test that fails is to fail again. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296 - 0.5
  }
}
const grown = (days: number, perDay: number, wobble = 0, seed = 1): DailyValue[] => {
  const next = noise(seed)
  return Array.from({ length: days }, (_, day) => ({ day: 20_000 + day, value: 40 * GB + day * perDay + next() * wobble }))
}

describe('a forecast', () => {
  it('is a date from a month, and none from a week', () => {
    const month = forecast(grown(30, 0.3 * GB, 0.2 * GB))
    if (month.kind !== 'trend') throw new Error('no trend')
    const until = daysUntil(month.trend, 80 * GB)
    expect(until.median).toBeGreaterThan(100)
    expect(until.median).toBeLessThan(120)
    expect(forecast(grown(7, 0.3 * GB))).toEqual({ kind: 'none', reason: 'young', days: 7, needs: LEAST_DAYS, stepDay: null })
    expect(forecast(grown(LEAST_DAYS - 1, GB)).kind).toBe('none')
    expect(forecast(grown(LEAST_DAYS, GB)).kind).toBe('trend')
    expect(forecast([]).kind).toBe('none')
  })

  it('of an exact line is that line, without a band', () => {
    const found = forecast(grown(40, GB))
    expect(found).toMatchObject({ kind: 'trend', trend: { slope: GB, low: GB, high: GB, days: 40, since: 20_000 } })
  })

  it('has the true slope within its band in about 80 of 100 cases', () => {
    const hits = Array.from({ length: 200 }, (_, seed) => forecast(grown(30, GB, 8 * GB, seed + 1))).filter(
      (found) => found.kind === 'trend' && found.trend.low <= GB && GB <= found.trend.high,
    )
    expect(hits.length).toBeGreaterThan(145)
    expect(hits.length).toBeLessThan(180)
  })

  it('is not moved by a few outliers, wherever values are shifted to', () => {
    const values = grown(30, GB).map((one, at) => (at % 7 === 3 ? { ...one, value: one.value + 5 * GB } : one))
    const found = forecast(values)
    if (found.kind !== 'trend') throw new Error('no trend')
    expect(found.trend.slope / GB).toBeCloseTo(1, 1)
    const shifted = forecast(values.map(({ day, value }) => ({ day: day + 1_000, value: value + 7 * GB })))
    expect(shifted).toMatchObject({ kind: 'trend', trend: { slope: found.trend.slope, low: found.trend.low, high: found.trend.high } })
  })

  it('begins anew after a step', () => {
    const stepped = grown(40, 0.1 * GB).map((one, at) => (at >= 20 ? { ...one, value: one.value + 30 * GB } : one))
    expect(forecast(stepped)).toMatchObject({ kind: 'trend', trend: { days: 20, since: 20_020 } })
    expect(forecast(stepped.slice(0, 25))).toMatchObject({ kind: 'none', reason: 'step', days: 5, stepDay: 20_020 })
  })

  it('never comes where nothing grows', () => {
    const still = forecast(grown(30, 0))
    if (still.kind !== 'trend') throw new Error('no trend')
    expect(daysUntil(still.trend, 80 * GB)).toEqual({ median: null, early: null, late: null })
    const shrinking = forecast(grown(30, -0.1 * GB))
    if (shrinking.kind !== 'trend') throw new Error('no trend')
    expect(daysUntil(shrinking.trend, 80 * GB).median).toBeNull()
  })
})
