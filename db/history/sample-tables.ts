import { runRead } from '../server/run-read'
import { inDatabase } from '../server/target'
import { tableStatistics } from '../tables/reads/table-statistics'
import { byColumn, countersOf, deltaOf } from './delta'
import { insertRows } from './insert-rows'
import { failedWith, type Memory, nothing, type Place } from './memory'
import { DATABASE_SUMS, TABLE_DELTA, TABLE_SUMS, VACUUM_BACKLOG } from './series'

/** After a longer silence, in ms, the next values are a new baseline. */
const GAP_MS = 5 * 60_000
/** Transactions that Proctor and autovacuum alone may have made between two looks at a database. */
const OWN_COMMITS = 30

/** What was read and changed in each table of a database since the last look, and how many wait for autovacuum. */
export async function sampleTables(place: Place, database: string) {
  const { memory, no, session, target } = place
  const entry = [...memory.databases].find(([, { datname }]) => datname === database)
  if (!entry) return nothing
  const [datid, { counters, statsReset }] = entry
  const work = workOf(counters)
  const before = memory.tables.get(database)
  const takenAt = place.elapsed()
  // A database in which nothing happened is left alone: no connection, no look at its tables.
  if (before && before.changes === work.changes && work.commits - before.commits <= OWN_COMMITS && before.reset === statsReset) {
    before.at = takenAt
    return nothing
  }
  const read = await runRead(inDatabase(target, database), tableStatistics, {})
  if (!read.ok) return failedWith(read.problem)
  const seen = read.value.map((row) => ({ ...row, counters: countersOf(row, TABLE_SUMS) }))
  const rows = seen.flatMap(({ relid, n_live_tup, n_dead_tup, counters: now }) => {
    if (!before || takenAt - before.at > GAP_MS) return []
    const delta = deltaOf(before.counters.get(relid), now, before.reset !== statsReset)
    return delta ? [{ datid, relid, n_live_tup, n_dead_tup, ...byColumn(delta, TABLE_SUMS) }] : []
  })
  const waiting = read.value.filter((row) => row.waiting)
  const dead = waiting.reduce((sum, { n_dead_tup }) => sum + Number(n_dead_tup), 0)
  const backlog = { datid, samples: 1, waiting: waiting.length, most: waiting.length, dead_rows: dead }
  await session.transaction(async (query) => {
    await insertRows(query, TABLE_DELTA, no, place.now(), rows)
    await insertRows(query, VACUUM_BACKLOG, no, place.now(), [backlog])
  })
  const known = new Map(seen.map((row) => [row.relid, row.counters]))
  memory.tables.set(database, { at: takenAt, ...work, reset: statsReset, counters: known })
  return nothing
}

type DatabaseCounters = Memory['databases'] extends Map<number, infer D> ? D : never

function workOf(counters: DatabaseCounters['counters']): { changes: number; commits: number } {
  const at = (name: (typeof DATABASE_SUMS)[number]) => counters[DATABASE_SUMS.indexOf(name)] ?? 0
  return { changes: at('tup_inserted') + at('tup_updated') + at('tup_deleted'), commits: at('xact_commit') }
}
