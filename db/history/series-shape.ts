/** How the rows of a series are put together when they are rolled up, by column. */
export interface Series {
  name: string
  /** Seconds a row stands for, finest first; each but the first is made of the one before. */
  steps: readonly number[]
  /** What tells the rows of one bucket apart, beside the server. */
  keys: readonly string[]
  sum: readonly string[]
  max?: readonly string[]
  min?: readonly string[]
  /** Gauges of which the newest is kept. */
  last?: readonly string[]
}

/** Steps, in seconds. */
export const MINUTE = 60
export const HOUR = 3_600
export const DAY = 86_400
