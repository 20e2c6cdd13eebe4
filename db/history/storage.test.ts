import { describe, expect, it } from 'vitest'
import { summedByDay } from './storage'

describe('sizes by day', () => {
  const row = (day: number, id: number, bytes: number) => ({ day, id, bytes })

  it('hold until another is known, on the days on which the server was looked at', () => {
    const rows = [row(10, 1, 100), row(11, 2, 50), row(13, 1, 120)]
    expect(summedByDay(rows, [10, 11, 12, 14])).toEqual([
      { day: 10, value: 100 },
      { day: 11, value: 150 },
      { day: 12, value: 150 },
      { day: 14, value: 170 },
    ])
  })

  it('begin with the first that is known', () => {
    expect(summedByDay([row(12, 1, 7)], [10, 11, 12])).toEqual([{ day: 12, value: 7 }])
    expect(summedByDay([], [10])).toEqual([])
  })
})
