import { describe, expect, test } from 'vitest'
import { freeForName, PLOT_WIDTH, placed } from './scatter-scale'

const point = (id: number, valueX: number, valueY: number) => ({ id, name: String(id), series: 's', valueX, valueY })
const MB = 1024 * 1024

describe('a scatter of scans against size', () => {
  test('keeps a band of its own for zero, and stacks zeros that would cover each other', () => {
    const { points, zero, yTicks } = placed([point(1, MB, 0), point(2, MB, 0), point(3, 64 * MB, 0), point(4, MB, 1), point(5, MB, 1e8)])
    const [first, second, far, one, most] = points.map(({ y }) => y) as [number, number, number, number, number]
    expect([first, far]).toEqual([zero, zero])
    expect(zero).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(first)
    expect(one).toBeGreaterThan(second)
    expect(yTicks.map(({ value }) => value)).toEqual([0, 1e2, 1e4, 1e6, 1e8])
    expect(yTicks.map(({ at }) => at)).toEqual(yTicks.map(({ at }) => at).toSorted((a, b) => a - b))
    expect([yTicks[0]?.at, yTicks.at(-1)?.at]).toEqual([zero, most])
  })

  test('holds every point within its axes', () => {
    const { points } = placed([point(1, 0, 0), point(2, 8192, 3), point(3, 2 ** 40, 1e12)], 104)
    expect(points).toHaveLength(3)
    for (const { x, y } of points) {
      expect(x > 0 && x < PLOT_WIDTH).toBe(true)
      expect(y > 0 && y < 104).toBe(true)
    }
    const [none, page, most] = points.map(({ x }) => x) as [number, number, number]
    expect(none < page && page < most).toBe(true)
  })

  test('has its ticks at whole powers alone, where they are few as well', () => {
    const exponents = (ticks: { value: number }[], base: number) => ticks.map(({ value }) => Math.log(value) / Math.log(base))
    const wide = placed([point(1, 8192, 1), point(2, 64 * MB, 1e7)])
    expect(exponents(wide.xTicks, 2)).toEqual([15, 20, 25])
    expect(wide.yTicks.map(({ value }) => value)).toEqual([0, 1e2, 1e4, 1e6])
    const small = placed([point(1, 8 * MB, 1)])
    expect(small.xTicks.map(({ value }) => value / MB)).toEqual([8, 16, 32])
    expect(small.yTicks.map(({ value }) => value)).toEqual([0, 10, 100, 1000, 10_000])
  })

  test('draws axes for no point at all', () => {
    const { points, xTicks, yTicks } = placed([])
    expect(points).toEqual([])
    expect(xTicks.length).toBeGreaterThan(2)
    expect(yTicks.length).toBeGreaterThan(2)
  })
})

describe('a name beside its mark', () => {
  const named = (id: number, valueX: number, valueY: number) => ({ ...point(id, valueX, valueY), name: 'idx_progress_analytics' })

  test('covers no other mark', () => {
    const crowd = [named(1, 16 * MB, 1e6), point(2, 12 * MB, 2e6), named(3, 32 * MB, 1e4)]
    expect(freeForName(placed(crowd), [1, 3])).toBe(3)
    expect(freeForName(placed(crowd), [1])).toBeUndefined()
    expect(freeForName(placed([named(1, 16 * MB, 1e6)]), [1])).toBe(1)
  })

  test('does not leave the drawing', () => {
    expect(freeForName(placed([named(1, 8192, 1e6)]), [1])).toBeUndefined()
  })
})
