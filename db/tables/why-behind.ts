import { formatAge, formatBytes, formatCount } from '../domain/format'
import type { Row } from '../server/define-read'
import type { autovacuumState } from './reads/autovacuum-state'
import type { TableFinding } from './table-health'

type State = Row<typeof autovacuumState>

/** Why autovacuum has not removed the dead rows of a table that no snapshot holds: what can be seen now, the surest cause first. */
export function whyBehind(table: TableFinding, state: State, now = Date.now()): string {
  const { kind, autovacuum, vacuumAt, dead, relid, lastAutovacuum, lastVacuum, lastAnalyze, lastAutoanalyze } = table
  if (!autovacuum) return 'Autovacuum is off for it.'
  const lock = state.locks.find(({ relation }) => relation === relid)
  if (lock)
    return `${lock.pid === null ? 'A prepared transaction' : `pid ${lock.pid}`} holds a ${lock.mode} on it, and autovacuum skips a table that is locked.`
  if (state.busy >= state.max_workers) return `${workersOf(state)}, and the table waits for one.${speedOf(state)}`
  if (vacuumAt !== null && Number(dead) <= vacuumAt)
    return `Autovacuum comes above ${Math.round(vacuumAt).toLocaleString('en-US')} dead rows, which are not reached: a lower autovacuum_vacuum_scale_factor for this table lets it come sooner.`
  // Of a partitioned table these are times of one of its partitions.
  const isWhole = kind !== 'partitioned table'
  if (isWhole && [lastVacuum, lastAutovacuum, lastAnalyze, lastAutoanalyze].every((last) => last === null))
    return `Neither VACUUM nor ANALYZE has been there since the statistics began; a worker is free and comes every ${formatAge(state.naptime)} (autovacuum_naptime).`
  if (isWhole && lastAutovacuum !== null)
    return `Autovacuum was last there ${formatAge(Math.max(0, (now - Date.parse(lastAutovacuum)) / 1000))} ago, and rows die faster than it comes.${speedOf(state)}`
  return `A worker is free and nothing that can be seen holds it up; it comes every ${formatAge(state.naptime)} (autovacuum_naptime).`
}

const workersOf = ({ max_workers: most }: State): string =>
  most === 1
    ? 'The one autovacuum worker is busy (autovacuum_max_workers)'
    : `All ${formatCount(most, 'autovacuum worker')} are busy (autovacuum_max_workers)`

/** So much can be dirtied a second: cost_limit for each delay, shared by all workers; what is only read costs less (manual, 19.10.2). */
function speedOf({ cost_limit: limit, cost_delay: delay, cost_page_dirty: dirty, block_size: block }: State): string {
  if (delay <= 0 || dirty <= 0) return ''
  return ` The cost limit of ${limit} for each ${delay} ms lets all workers together write at most ${formatBytes(Math.round((limit / delay) * (1000 / dirty) * block))} a second.`
}
