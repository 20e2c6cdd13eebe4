/** Milliseconds that only ever grow: what somebody does to the wall clock is no time that passed. */
export type Clock = () => number

/** CLOCK_MONOTONIC: counts on while this process is stopped, and not while the machine is suspended. */
export const monotonic: Clock = () => performance.now()

/**
 * Two looks that are further apart say nothing of the time between them: this process or the machine slept, or the server or
 * the console database was away. A look at a server that answers takes less: two reads of 2 s each, and 5 s of grace.
 */
const GAP_MS = 15_000

/** How long something lasted that was seen at two looks, in ms: nothing where there was a gap, or no earlier look. */
export function lasted(before: number | null, now: number): number {
  const ms = before === null ? 0 : now - before
  return ms > GAP_MS ? 0 : Math.max(ms, 0)
}
