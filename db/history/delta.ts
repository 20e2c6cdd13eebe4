/** Cumulative counters in the order of some list of columns. Exact below 2^53, which no counter of a server reaches. */
export type Counters = Float64Array

export const countersOf = (row: Record<string, unknown>, columns: readonly string[]): Counters =>
  Float64Array.from(columns, (column) => Number(row[column] ?? 0))

/** The same by the names of the columns again. */
export const byColumn = (counters: Counters, columns: readonly string[]): Record<string, number | undefined> =>
  Object.fromEntries(columns.map((column, at) => [column, counters[at]]))

/**
 * What was counted since `before`. Where the server has begun anew (`reset`, or any counter is lower than it was) all
 * that stands there now has been counted since. Null: nothing moved.
 */
export function deltaOf(before: Counters | undefined, now: Counters, reset: boolean): Counters | null {
  const anew = reset || before === undefined || now.some((value, at) => value < (before[at] ?? 0) - slack(value))
  const delta = anew ? now : now.map((value, at) => Math.max(0, value - (before[at] ?? 0)))
  return delta.some((value) => value > 0) ? delta : null
}

/** Sums of squares are computed anew from mean and deviation at each reading: the last digits of a float wander. */
const slack = (value: number): number => (Number.isInteger(value) ? 0 : Math.abs(value) * 1e-9 + 1e-6)
