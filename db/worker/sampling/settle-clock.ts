import { type Clock, JUMP_MS, jumpWords, offsetOf } from '../../history/clock'
import { noteEvent } from '../../history/memory'
import { keepPartitions } from '../../history/partitions'
import { rewind } from '../../history/rewind'
import type { Held } from './held'

/** Drops nothing: partitions are only made. */
const KEEP_ALL = {}

/**
 * Looks whether the wall clock was set since the last look, and writes by it from here on. Due times and back-off do not change by that. A
 * jump is an event of the series; after one back, what was rolled up beyond the new time is rolled up anew (see rewind), and no moment that
 * says when something was last done lies in the future. After one ahead, the next counters tell whether the machine only slept.
 */
export async function settleClock(one: Held, clock: Clock): Promise<void> {
  const offset = offsetOf(clock)
  const jumped = offset - one.offset
  if (Math.abs(jumped) < JUMP_MS) {
    one.offset = offset
    return
  }
  const { no, session, memory } = one.place
  const now = clock.wall()
  const left = new Date(now.getTime() + Math.max(0, one.retryAt - clock.monotonic()))
  await session.transaction(async (query) => {
    await keepPartitions(query, now, KEEP_ALL)
    if (jumped < 0) await rewind(query, no, now)
    await query('update sampling_turn set at = least(at, $2) where server = $1', [no, now])
    await query('update setting_seen set at = least(at, $2) where server = $1 and at > $2', [no, now])
    await query(
      `update sampled_server set seen_at = least(seen_at, $2), failing_since = least(failing_since, $2),
              retry_at = case when retry_at is not null then $3::timestamptz end where no = $1`,
      [no, now, left],
    )
    await noteEvent(query, one.place, 'clock', now, jumpWords("The console's clock", jumped))
  })
  one.offset = offset
  one.rolled = Math.min(one.rolled, now.getTime())
  memory.jumped += jumped
  if (jumped > 0) one.due.delete('counters')
}
