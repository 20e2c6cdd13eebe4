import { count, exactCount } from '../format'
import { Kpi, KpiStrip } from '../ui/card'
import { age, isIdleInTransaction } from './activity-messages'
import type { ActivityAnswer } from './activity-types'

/** Six numbers with their context. */
export function ActivityKpis({ activity }: { activity: ActivityAnswer }) {
  const { counts, sessions, holders, limits } = activity
  const usable = counts.max - counts.reserved
  const oldest = sessions.reduce<number | null>(
    (most, { xact_seconds: seconds }) => (seconds !== null && seconds > (most ?? -1) ? seconds : most),
    null,
  )
  const idle = sessions.filter(isIdleInTransaction)
  const longest = Math.max(0, ...idle.map(({ state_seconds: seconds }) => seconds ?? 0))
  const holder = holders[0]
  const warn = (yes: boolean, value: string) => (yes ? <span className="text-warn">{value}</span> : value)
  return (
    <KpiStrip className="mb-4 grid-cols-6 max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Kpi
        label="Connections"
        value={warn(counts.total >= usable * limits.nearShare, exactCount(counts.total))}
        context={`of ${exactCount(usable)}, ${exactCount(counts.reserved)} reserved`}
      />
      <Kpi
        label="Active"
        value={exactCount(counts.active)}
        context={counts.hidden > 0 ? `${exactCount(counts.hidden)} hidden` : undefined}
      />
      <Kpi
        label="Idle in transaction"
        value={warn(longest >= limits.idleSeconds, exactCount(counts.idleInTransaction))}
        context={idle.length > 0 ? `up to ${age(longest)}` : undefined}
      />
      <Kpi label="Waiting for a lock" value={warn(counts.waitingForLock > 0, exactCount(counts.waitingForLock))} />
      <Kpi label="Oldest transaction" value={warn((oldest ?? 0) >= limits.longSeconds, oldest === null ? 'none' : age(oldest))} />
      <Kpi
        label="xmin horizon"
        value={holder ? count(holder.age) : 'free'}
        context={
          holder ? (
            <a href="#xmin" className="min-w-0 [overflow-wrap:anywhere] whitespace-normal">
              tx, {holder.name}
            </a>
          ) : (
            'not held'
          )
        }
      />
    </KpiStrip>
  )
}
