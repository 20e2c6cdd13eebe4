import { type Clock, offsetOf } from '../../history/clock'
import type { ConsoleSession } from '../../history/console-session'
import { NEVER } from '../../history/memory'
import { forgetOld, keepPartitions } from '../../history/partitions'
import { readRetention } from '../../history/retention'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Makes partitions, and drops those that are older than they are kept, with what stands beside them. By a clock that went ahead nothing is
 * thrown away before it has stayed there for a day: it may have been set wrongly, and what is gone is gone. The same after a silence of more
 * than a day, which may only seem to be one. Gives back the names of what was dropped.
 */
export async function houseOf(session: ConsoleSession, clock: Clock): Promise<() => Promise<string[]>> {
  const retention = readRetention()
  const newest = await session.transaction(
    async (query) => (await query<{ at: Date | null }>('select max(seen_at) as at from sampled_server')).rows[0]?.at ?? null,
  )
  let offset = offsetOf(clock)
  const isSudden = newest !== null && clock.wall().getTime() - newest.getTime() > DAY_MS
  let notBefore = isSudden ? clock.monotonic() + DAY_MS : NEVER
  return () => {
    const before = offset
    offset = offsetOf(clock)
    if (offset - before > HOUR_MS) notBefore = clock.monotonic() + DAY_MS
    const now = clock.wall()
    return session.transaction(async (query) => {
      if (clock.monotonic() < notBefore) return keepPartitions(query, now, {})
      await forgetOld(query, now, retention)
      return keepPartitions(query, now, retention)
    })
  }
}
