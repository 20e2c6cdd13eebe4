import { formatAge } from '../domain/format'

/** The two clocks of a worker. */
export interface Clock {
  /** What time it is: somebody may set it, forwards and backwards. */
  wall: () => Date
  /** ms since some moment: never set, and still while the machine sleeps (Linux, CLOCK_MONOTONIC). Intervals are measured by it. */
  monotonic: () => number
  /** What a server has told as its own time, ms since the epoch; tests set the clocks of servers by it. */
  ofServer: (told: number) => number
}

export const systemClock: Clock = { wall: () => new Date(), monotonic: () => performance.now(), ofServer: (told) => told }

/** Less than a bucket of the finest step is no jump: rows wait for so long, or fall into the next bucket. */
export const JUMP_MS = 10_000

/** Wall minus monotonic, ms: it changes only when the clock is set, or the machine slept. */
export const offsetOf = ({ wall, monotonic }: Pick<Clock, 'wall' | 'monotonic'>): number => wall().getTime() - monotonic()

/** The console's clock went back by 2 h. */
export const jumpWords = (whose: string, ms: number): string =>
  `${whose} went ${ms < 0 ? 'back' : 'ahead'} by ${formatAge(Math.abs(ms) / 1000)}`
