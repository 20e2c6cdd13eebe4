import { describe, expect, it } from 'vitest'
import { type CacheInput, cacheVerdict } from './cache-verdict'

const DAY = 86_400
const QUERY: CacheInput = {
  ...{ calls: 2_880, msPerCall: 36, seconds: DAY, changes: 14_400, answers: 1, mustBeExact: false, mayBeOldMinutes: 15 },
  ...{ view: { refreshMs: 55, readMs: 0.3 }, canBeView: true },
}

describe('whether a cache pays', () => {
  it('a view pays where reads cost more than its refreshes: 96 a day here', () => {
    const { kind, savedMs, callsPerRefresh, callsPerChange, staleMinutes } = cacheVerdict(QUERY)
    expect(kind).toBe('view')
    expect(savedMs).toBeCloseTo(2_880 * 35.7 - 96 * 55)
    expect([callsPerRefresh, callsPerChange, staleMinutes]).toEqual([30, 0.2, 15])
  })

  it('a view that hardly anybody reads costs more than it saves', () => {
    const verdict = cacheVerdict({ ...QUERY, calls: 90 })
    expect(verdict.kind).toBe('nothing')
    expect(verdict.savedMs).toBeLessThan(0)
    expect(verdict.staleMinutes).toBe(0)
  })

  it('a refresh that nobody timed counts like the query', () => {
    expect(cacheVerdict({ ...QUERY, view: null }).savedMs).toBeCloseTo(2_880 * 36 - 96 * 36)
  })

  it('an answer for each student is filled at most once a lifetime', () => {
    const student = { ...QUERY, canBeView: false, view: null, mayBeOldMinutes: 1440 }
    expect(cacheVerdict({ ...student, calls: 10_000, answers: 4_000 })).toMatchObject({
      kind: 'application',
      saved: 6_000,
      staleMinutes: 1440,
    })
    expect(cacheVerdict({ ...student, calls: 3_000, answers: 4_000 })).toMatchObject({ kind: 'nothing', saved: 0, savedMs: 0 })
  })

  it('what must be exact is filled after each change', () => {
    const exact = { ...QUERY, canBeView: false, view: null, mustBeExact: true, answers: 100 }
    expect(cacheVerdict({ ...exact, calls: 10_000, changes: 2_000 })).toMatchObject({ kind: 'application', saved: 7_900, staleMinutes: 0 })
    expect(cacheVerdict({ ...exact, calls: 10_000, changes: 9_900 })).toMatchObject({ kind: 'nothing', saved: 0 })
  })
})
