import { describe, expect, test } from 'vitest'
import { freeForName, placed } from './scatter-scale'

const point = (id: number, valueX: number, valueY: number) => ({ id, name: String(id), series: 's', valueX, valueY })
const MB = 1024 * 1024

describe('a scatter of scans against size', () => {
  test('keeps a band of its own for zero, and stacks zeros that would cover each other', () => {
    const { points, zero, yTicks, yDomain } = placed([
      point(1, MB, 0),
      point(2, MB, 0),
      point(3, 64 * MB, 0),
      point(4, MB, 1),
      point(5, MB, 1e8),
    ])
    const [first, second, far, one, most] = points.map(({ y }) => y) as [number, number, number, number, number]
    expect([first, far, one, most]).toEqual([zero, zero, 0, 8])
    expect(zero).toBeLessThan(0)
    expect(second).toBeGreaterThan(first)
    expect(yDomain[0]).toBeLessThan(zero)
    expect(yTicks).toEqual([zero, 2, 4, 6, 8])
  })

  test('holds every point within its axes', () => {
    const { points, xDomain, yDomain } = placed([point(1, 0, 0), point(2, 8192, 3), point(3, 2 ** 40, 1e12)])
    for (const { x, y } of points) {
      expect(x).toBeGreaterThanOrEqual(xDomain[0])
      expect(x).toBeLessThanOrEqual(xDomain[1])
      expect(y).toBeGreaterThanOrEqual(yDomain[0])
      expect(y).toBeLessThanOrEqual(yDomain[1])
    }
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
