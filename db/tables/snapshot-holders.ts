import { formatAge } from '../domain/format'
import type { Row } from '../server/define-read'
import type { snapshotHolders } from './reads/snapshot-holders'

/** `grant`: of a hidden one, the statement after which this role sees what it does. */
export type SnapshotHolder = Row<typeof snapshotHolders> & { grant?: string }

/** A transaction at work is gone before a VACUUM would be through; one that idles has nothing more to do. Seconds, our own choice. */
const PASSING_SECONDS = 5
const IDLE_SECONDS = 1
/** A standby tells its xmin every wal_receiver_status_interval, 10 s as it comes (manual, 19.6.3): what it lags by until then is nobody's query. */
const FEEDBACK_SECONDS = 15

/** Those for whose sake rows that have died stay, the oldest first. */
export const holdersOf = (found: SnapshotHolder[]): SnapshotHolder[] => found.filter(isFirstOfItsSnapshot).filter(holds)

/** Parallel workers hold their leader's snapshot, and who leads is hidden with the rest: of one role and one xmin it is one holder. */
const isFirstOfItsSnapshot = (one: SnapshotHolder, at: number, all: SnapshotHolder[]): boolean =>
  !one.hidden || at === all.findIndex(({ hidden, who, age }) => hidden && who === one.who && age === one.age)

function holds({ kind, age, seconds, state, hidden, pace }: SnapshotHolder): boolean {
  // No transaction has begun since: nothing can have died meanwhile.
  if (age < 1) return false
  switch (kind) {
    case 'session':
      // Since when is not shown: by as many transactions as begin in that time.
      if (hidden) return age > PASSING_SECONDS * pace
      return (seconds ?? 0) >= (state?.startsWith('idle') ? IDLE_SECONDS : PASSING_SECONDS)
    case 'prepared transaction':
      return true
    case 'replication slot':
      return state !== 'active' || age > FEEDBACK_SECONDS * pace
    case 'standby':
      return age > FEEDBACK_SECONDS * pace
  }
}

/** pid 4121 (metabase, idle in transaction), open for 14 min; prepared transaction x of app, for 3 h; replication slot y. A hidden session with the GRANT that shows it. */
export function formatHolder({ kind, name, who, state, seconds, hidden, grant }: SnapshotHolder): string {
  const since = seconds === null ? '' : kind === 'session' ? `, open for ${formatAge(seconds)}` : `, for ${formatAge(seconds)}`
  if (hidden) {
    const unseen = `what it does and since when is hidden from this role${grant ? `, ${grant} shows it` : ''}`
    return `pid ${name} (${who ? `${who}; ` : ''}${unseen})`
  }
  if (kind === 'session') return `pid ${name}${who || state ? ` (${[who, state].filter(Boolean).join(', ')})` : ''}${since}`
  if (kind === 'prepared transaction') return `prepared transaction ${name}${who ? ` of ${who}` : ''}${since}`
  if (kind === 'standby') return `standby ${name}, by hot_standby_feedback`
  return `replication slot ${name}${state === 'active' ? '' : ', which nobody reads'}`
}

/** The oldest by name, the others by their number. */
export function formatHolders(holders: SnapshotHolder[]): string {
  const [first] = holders
  if (!first) return ''
  return holders.length === 1 ? formatHolder(first) : `${formatHolder(first)}, and ${holders.length - 1} more`
}
