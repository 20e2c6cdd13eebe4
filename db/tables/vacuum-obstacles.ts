import type { Row } from '../server/define-read'
import { looksAtCounts, type Trigger } from './autovacuum-triggers'
import type { autovacuumFormula } from './reads/autovacuum-formula'
import type { tableLockers } from './reads/table-lockers'
import type { vacuumProgress } from './reads/vacuum-progress'
import { formatHolder, type SnapshotHolder } from './snapshot-holders'

export type VacuumAtWork = Row<typeof vacuumProgress>
export type TableLocker = Row<typeof tableLockers>

/** One reason why a table that is due keeps its dead rows, the most decisive first. */
export type VacuumObstacle =
  /** The server does not run autovacuum, does not count changes, or the table is left out. */
  | { kind: 'off'; where: 'autovacuum' | 'track_counts' | 'table' }
  /** Rows that died after this began stay. `said` has it in words; `since`: a vacuum ended since it began, ISO 8601, and removed too little. */
  | { kind: 'held'; holder: SnapshotHolder; said: string; since: string | null }
  /** Autovacuum leaves a table out that it cannot lock at once. */
  | { kind: 'locked'; locker: TableLocker }
  | { kind: 'running'; vacuum: VacuumAtWork }
  /** All workers are at work on other tables. */
  | { kind: 'workers'; busy: number; most: number }
  /** Nothing stands in its way: it comes with one of the next rounds of this database. */
  | { kind: 'queued'; naptime: number }

interface Circumstances {
  formula: readonly Row<typeof autovacuumFormula>[]
  triggers: readonly Trigger[]
  holders: readonly SnapshotHolder[]
  lockers: readonly TableLocker[]
  /** All of the database. */
  vacuums: readonly VacuumAtWork[]
}

/** Of how many holders each is told by itself. */
const MOST_HOLDERS = 3

/** What keeps VACUUM from its work on a table; empty where no VACUUM is due. */
export function vacuumObstacles({ formula, triggers, holders, lockers, vacuums }: Circumstances): VacuumObstacle[] {
  const heap = formula.find(({ part }) => part === 'heap')
  if (!heap) return []
  const dead = triggers.find(({ kind }) => kind === 'dead')
  const isOver = dead?.at != null && dead.now > dead.at
  const isDue = triggers.some(({ kind, due }) => kind !== 'analyze' && due)
  if (!isOver && !isDue) return []
  const found: VacuumObstacle[] = []
  if (!looksAtCounts(heap))
    found.push({ kind: 'off', where: !heap.autovacuum ? 'autovacuum' : !heap.track_counts ? 'track_counts' : 'table' })
  const since = (holder: SnapshotHolder): string | null => {
    const { last } = dead ?? { last: null }
    if (last === null || holder.seconds === null) return null
    return Date.parse(last) > Date.parse(heap.server_now) - holder.seconds * 1000 ? last : null
  }
  // Age alone is what a snapshot holds as well; inserts need nobody's consent.
  if (isOver || triggers.some(({ kind, due }) => (kind === 'freeze' || kind === 'toast') && due))
    for (const holder of holders.slice(0, MOST_HOLDERS))
      found.push({ kind: 'held', holder, said: formatHolder(holder), since: since(holder) })
  for (const locker of lockers.slice(0, 1)) found.push({ kind: 'locked', locker })
  const own = vacuums.find(({ relid, owner }) => relid === heap.relid || owner === heap.relid)
  if (own) found.push({ kind: 'running', vacuum: own })
  else if (isDue && looksAtCounts(heap)) {
    if (heap.workers !== null && heap.workers >= heap.max_workers)
      found.push({ kind: 'workers', busy: heap.workers, most: heap.max_workers })
    else if (found.length === 0) found.push({ kind: 'queued', naptime: heap.naptime })
  }
  return found
}

/** Pages that cost-based delay lets a vacuum read from disk or dirty in a second (manual, 19.10.2); null: it never waits. All workers share it. */
export function vacuumPace({
  cost_delay: delay,
  cost_limit: limit,
}: Row<typeof autovacuumFormula>): { read: number; dirtied: number } | null {
  if (delay <= 0) return null
  const cost = (limit * 1000) / delay
  // vacuum_cost_page_miss and vacuum_cost_page_dirty as they come, from 14 on.
  return { read: cost / 2, dirtied: cost / 20 }
}
