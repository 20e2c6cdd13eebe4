import { type ScaleLogarithmic, scaleLog } from 'd3-scale'

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
export const PLOT_WIDTH = 496
const MARK = 9
/** Between the outer powers and the edges, px. */
const EDGE = 12
/** Where 0, 1 and the highest power stand, as shares of the height. */
const [ZERO, ONE, TOP] = [0.046, 0.163, 0.976]
const POWERS = 4
const [LEAST_X, MOST_X, MOST_Y] = [8 * 1024 * 1024, 32 * 1024 * 1024, 10_000]

/**
 * Places points in a box of PLOT_WIDTH by `height` px with its origin at the left bottom: powers of 2 (x) and of 10 (y), with a band for
 * zero below 1. Zeros that would cover each other are stacked. `height`: of the drawing inside of the axes.
 */
export function placed(points: ScatterPoint[], height = 204) {
  const xs = points.map(({ valueX }) => valueX)
  const ys = points.map(({ valueY }) => valueY)
  const x = scaleLog([Math.max(1, Math.min(...xs, LEAST_X)), Math.max(...xs, MOST_X)], [EDGE, PLOT_WIDTH - EDGE])
    .base(2)
    .nice()
    .clamp(true)
  const y = scaleLog([1, Math.max(...ys, MOST_Y)], [ONE * height, TOP * height]).nice()
  const zero = ZERO * height
  const taken = new Map<number, number>()
  const onZero = (at: number) => {
    const column = Math.round(at / MARK)
    const below = taken.get(column) ?? 0
    taken.set(column, below + 1)
    return zero + Math.min(below, 6) * MARK
  }
  const placedPoints = points.map((point): PlacedPoint => {
    const at = x(point.valueX)
    return { ...point, x: at, y: point.valueY > 0 ? y(point.valueY) : onZero(at) }
  })
  const xTicks = powers(x).map((value) => ({ at: x(value), value }))
  const yTicks = powers(y).filter((value) => value > 1)
  return { points: placedPoints, x, y, zero, xTicks, yTicks: [{ at: zero, value: 0 }, ...yTicks.map((value) => ({ at: y(value), value }))] }
}

/** Ticks at whole powers alone: d3 has others between them where it is asked for more than there are powers. */
function powers(scale: ScaleLogarithmic<number, number>): number[] {
  const [low = 1, high = 1] = scale.domain()
  return scale.ticks(Math.min(POWERS, Math.round(Math.log(high / low) / Math.log(scale.base()))))
}

/** Width of a letter of a label, px, and the room above and below its line. */
const LETTER = 6.6
const HALF_LINE = 9

/** The first of the candidates whose name, to the left above its mark, would cover no other mark; undefined when none. */
export function freeForName({ points }: ReturnType<typeof placed>, candidates: number[]): number | undefined {
  return candidates.find((id) => {
    const point = points.find((one) => one.id === id)
    if (!point) return false
    const left = point.x - 11 - point.name.length * LETTER
    if (left < 0) return false
    return points.every(
      (other) => other === point || other.x < left - 4 || other.x > point.x || Math.abs(other.y - (point.y + 14)) > HALF_LINE,
    )
  })
}
