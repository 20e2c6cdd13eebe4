import { JUMP_MS } from './clock'

/** Times that agree to this are the same: an answer may have been on its way for a while, ms. */
const AGREE_MS = 1_000

interface Passed {
  /** What really passed between the two looks, ms. */
  ms: number
  /** By how much the server's clock was set meanwhile, ms; 0: not at all, as far as can be told. */
  serverJumped: number
  /** The worker's machine slept, so more has passed than the worker knows of. */
  slept: boolean
}

/**
 * How long it is since the last look at a server, ms: by the server's clock, which knows best when it answered, as long as the worker's
 * monotonic clock agrees; a clock that somebody set, forwards or backwards, is not believed. `jumped`: by how much the worker's wall clock
 * jumped meanwhile. Where the server's clock went ahead by as much, the worker's machine slept; that both clocks were set ahead by the same
 * looks alike, and is taken for the same: an interval is missing then, and none is counted that was not looked at.
 */
export function passedSince(byServer: number, byWorker: number, jumped: number): Passed {
  const off = byServer - byWorker
  if (jumped > 0 && Math.abs(off - jumped) < JUMP_MS) return { ms: byServer, serverJumped: 0, slept: true }
  if (Math.abs(off) < AGREE_MS) return { ms: byServer, serverJumped: 0, slept: false }
  return { ms: byWorker, serverJumped: Math.abs(off) < JUMP_MS ? 0 : off, slept: false }
}
