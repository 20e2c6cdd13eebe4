import { logTicks } from './ticks'

/** A point in its own units; both at least 0. */
export interface ScatterPoint {
  id: number
  name: string
  series: string
  valueX: number
  valueY: number
}

interface PlacedPoint extends ScatterPoint {
  x: number
  y: number
}

/** How wide the drawing is about, px: decides which zeros cover each other. */
const PLOT_WIDTH = 496
const MARK = 9

/**
 * Places points on log2 (x) and log10 (y), with a band for zero one and a half decades below 1, and stacks
 * zeros that would cover each other. `height`: of the drawing inside of the axes, px.
 */
export function placed(points: ScatterPoint[], height = 204) {
  const xs = points.map(({ valueX }) => valueX)
  const ys = points.map(({ valueY }) => valueY)
  const xTicks = logTicks(Math.min(...xs, 8 * 1024 * 1024), Math.max(...xs, 32 * 1024 * 1024), 2, 4)
  const yTicks = logTicks(1, Math.max(...ys, 10_000), 10, 4).filter((exponent) => exponent > 0)
  const top = yTicks.at(-1) ?? 4
  const zero = -top / 7
  const yDomain: [number, number] = [zero * 1.4, top * 1.03]
  const xDomain: [number, number] = [(xTicks[0] ?? 0) - 0.4, (xTicks.at(-1) ?? 1) + 0.4]
  const unit = (yDomain[1] - yDomain[0]) / height
  const column = (xDomain[1] - xDomain[0]) / (PLOT_WIDTH / MARK)
  const taken = new Map<number, number>()
  const onZero = (x: number) => {
    const at = Math.round(x / column)
    const below = taken.get(at) ?? 0
    taken.set(at, below + 1)
    return zero + Math.min(below, 6) * MARK * unit
  }
  const placedPoints = points.map((point): PlacedPoint => {
    const x = Math.max(Math.log2(Math.max(point.valueX, 1)), xDomain[0])
    return { ...point, x, y: point.valueY > 0 ? Math.log10(point.valueY) : onZero(x) }
  })
  return { points: placedPoints, xDomain, xTicks, yDomain, yTicks: [zero, ...yTicks], zero, height }
}

/** Width of a letter of a label, px, and the room above and below its line. */
const LETTER = 6.6
const HALF_LINE = 9

/** The first of the candidates whose name, to the left above its mark, would cover no other mark; undefined when none. */
export function freeForName({ points, xDomain, yDomain, height }: ReturnType<typeof placed>, candidates: number[]): number | undefined {
  const pixels = new Map(
    points.map((point) => [
      point,
      {
        x: ((point.x - xDomain[0]) / (xDomain[1] - xDomain[0])) * PLOT_WIDTH,
        y: ((yDomain[1] - point.y) / (yDomain[1] - yDomain[0])) * height,
      },
    ]),
  )
  return candidates.find((id) => {
    const point = points.find((one) => one.id === id)
    const at = point && pixels.get(point)
    if (!at) return false
    const left = at.x - 11 - point.name.length * LETTER
    if (left < 0) return false
    return points.every((other) => {
      const there = pixels.get(other)
      return other === point || !there || there.x < left - 4 || there.x > at.x || Math.abs(there.y - (at.y - 14)) > HALF_LINE
    })
  })
}
