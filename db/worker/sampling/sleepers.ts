import type { ConsoleSession, Holder } from '../../history/console-session'

/** A worker says something every few seconds; whoever has said nothing for so long sleeps (a laptop, SIGSTOP), ms. */
const ASLEEP_MS = 40_000

/**
 * Finds out whether the worker that has a server's lock sleeps: its session lives on, as the system answers for it. Seen as silent over
 * ASLEEP_MS of one's own monotonic clock it is ended, and with it the lock; when the sleeper wakes up it can write nothing any more, so
 * nothing is counted twice. True: the lock may be free.
 */
export function sleepers(session: Pick<ConsoleSession, 'holder' | 'end'>, monotonic: () => number): (serverId: string) => Promise<boolean> {
  const silent = new Map<string, { holder: Holder; since: number }>()
  return async (serverId) => {
    const holder = await session.holder(serverId)
    if (holder === null) return true
    const before = silent.get(serverId)
    const isSilent = !holder.isWorking && before?.holder.started === holder.started && before.holder.said === holder.said
    if (!isSilent) {
      silent.set(serverId, { holder, since: monotonic() })
      return false
    }
    if (monotonic() - before.since < ASLEEP_MS) return false
    silent.delete(serverId)
    return session.end(holder)
  }
}
