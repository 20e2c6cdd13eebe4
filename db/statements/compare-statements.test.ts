import { describe, expect, it } from 'vitest'
import { compareStatement, confidence } from './compare-statements'

/** Calls with a mean and a deviation, as the server would have summed them up. */
const calls = (n: number, mean: number, stddev: number) => ({ calls: n, total: n * mean, squares: n * (stddev ** 2 + mean ** 2) })
const NONE = { calls: 0, total: 0, squares: 0 }

describe('two ranges of a statement', () => {
  it.each([
    ['slower', calls(200, 10, 2), calls(100, 20, 4)],
    ['faster', calls(200, 20, 4), calls(100, 10, 2)],
    ['same', calls(1e6, 10, 1), calls(1e6, 11, 1)], // surely another mean, but who cares
    ['unsure', calls(8, 10, 20), calls(6, 20, 30)],
    ['unsure', calls(3, 10, 0.1), calls(3, 100, 0.1)], // three calls are none
    ['new', NONE, calls(3, 5, 1)],
    ['gone', calls(3, 5, 1), NONE],
  ])('are %s', (kind, before, after) => expect(compareStatement(before, after).kind).toBe(kind))

  it('say by how much, and what it cost', () => {
    expect(compareStatement(calls(200, 10, 2), calls(100, 25, 4))).toMatchObject({ factor: 2.5, extra: 1500 })
    expect(compareStatement(NONE, calls(10, 3, 1))).toMatchObject({ factor: null, sure: null, extra: 30 })
  })

  it('say of new and gone how unlikely chance is', () => {
    const even = { before: 600, after: 600 }
    expect(compareStatement(NONE, calls(1, 3, 0), even)).toMatchObject({ kind: 'new', sure: 0.5 })
    expect(compareStatement(NONE, calls(10, 3, 1), even).sure).toBeCloseTo(1 - 0.5 ** 10, 12)
    // One side was sampled nine times as long: that all nine calls fell there is likely.
    expect(compareStatement(calls(9, 3, 1), NONE, { before: 900, after: 100 })).toMatchObject({ kind: 'gone', sure: 1 - 0.9 ** 9 })
    expect(compareStatement(NONE, calls(9, 3, 1), { before: 0, after: 600 }).sure).toBeNull()
  })

  it('survive rounding that makes a variance negative', () => {
    expect(compareStatement({ calls: 10, total: 10, squares: 9.999999999 }, calls(10, 1, 0))).toMatchObject({ kind: 'same' })
  })
})

describe("the confidence of Welch's test", () => {
  // Reference values: t = 1.95, ν = 9; t = 4.46, ν = 27.9 and a normal one, from tables of Student's distribution.
  it.each([
    [{ calls: 10, mean: 0, stddev: 3 }, { calls: 10, mean: 0, stddev: 3 }, 0],
    [{ calls: 10, mean: 0, stddev: 3 }, { calls: 10, mean: 2.10092 * Math.SQRT2, stddev: 3 }, 0.95], // ν = 18
    [{ calls: 1e6, mean: 0, stddev: 1 }, { calls: 1e6, mean: 3.290527 * Math.SQRT2 * 1e-3, stddev: 1 }, 0.999],
  ])('is that of the tables', (a, b, expected) => expect(confidence(a, b)).toBeCloseTo(expected, 4))

  it('is whole where nothing varies', () => {
    expect(confidence({ calls: 9, mean: 1, stddev: 0 }, { calls: 9, mean: 2, stddev: 0 })).toBe(1)
    expect(confidence({ calls: 9, mean: 1, stddev: 0 }, { calls: 9, mean: 1, stddev: 0 })).toBe(0)
  })
})
