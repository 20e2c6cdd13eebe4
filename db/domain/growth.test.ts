import { describe, expect, it } from 'vitest'
import { fasterGrowth } from './growth'

const TODAY = 20_000
/** Sizes of days that end before today, from what each of them added. */
const sizes = (added: number[]) => {
  let value = 1_000
  return [0, ...added].map((bytes, at) => {
    value += bytes
    return { day: TODAY - added.length - 1 + at, value }
  })
}
const steady = Array.from({ length: 28 }, (_, at) => (at % 7 === 0 ? 20 : 10))

describe('growth that is faster than before', () => {
  it('is told where three whole days each added twice as much as any of the four weeks before', () => {
    expect(fasterGrowth(sizes([...steady, 50, 41, 60]), TODAY)).toEqual({ recent: [50, 41, 60], added: 151, most: 20, usual: 10, days: 28 })
    // What today has added so far is not compared.
    expect(fasterGrowth([...sizes([...steady, 50, 41, 60]), { day: TODAY, value: 9_999 }], TODAY)?.added).toBe(151)
  })

  it('is not told of one load, of what comes each week, of a purge, or of what grows as it did', () => {
    expect(fasterGrowth(sizes([...steady, 10, 5_000, 10]), TODAY)).toBeNull()
    expect(fasterGrowth(sizes([...steady, 40, 40, 40]), TODAY)).toBeNull()
    expect(fasterGrowth(sizes([...steady, -500, -500, -500]), TODAY)).toBeNull()
    expect(fasterGrowth(sizes([...steady, 10, 20, 10]), TODAY)).toBeNull()
  })

  it('is not told of what is young, or was not looked at', () => {
    expect(fasterGrowth(sizes([...steady.slice(0, 13), 50, 50, 50]), TODAY)).toBeNull()
    expect(fasterGrowth(sizes([...steady.slice(0, 14), 50, 50, 50]), TODAY)).not.toBeNull()
    const missed = sizes([...steady, 50, 50, 50]).filter(({ day }) => day !== TODAY - 2)
    expect(fasterGrowth(missed, TODAY)).toBeNull()
    expect(fasterGrowth([], TODAY)).toBeNull()
  })
})
