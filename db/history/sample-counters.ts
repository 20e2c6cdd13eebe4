import { jumpWords } from './clock'
import type { Query } from './console-session'
import { byColumn, type Counters, countersOf, deltaOf } from './delta'
import { passedSince } from './elapsed'
import { followCluster } from './follow-cluster'
import { insertRows } from './insert-rows'
import { failedWith, forgetValues, noteEvent, nothing, type Place, type Task } from './memory'
import { type CounterRow, readCounters } from './read-counters'
import { DATABASE_DELTA, DATABASE_SUMS, SERVER_DELTA, SERVER_SUMS } from './series'

/** After a longer silence of sampling, in ms, the next values are a new baseline: a gap is a gap, not one tall bucket. */
const GAP_MS = 60_000

/**
 * Counters of every database and of the server; tells restarts and resets of statistics, another cluster at the address, a promotion, an
 * upgrade, and a clock of the server that was set.
 */
export const sampleCounters: Task = async (place) => {
  const read = await readCounters(place)
  if (!read.ok) return failedWith(read.problem)
  const { cluster, row } = read.value
  // Up since before the last look, and not under the start that was seen then: no restart, another server answers.
  const { postmasterStart, countersAt } = place.memory
  const isElsewhere =
    postmasterStart !== null &&
    postmasterStart !== row.postmaster_start &&
    countersAt !== null &&
    Date.parse(row.postmaster_start) < countersAt.server
  if (isElsewhere) forgetValues(place)
  if (cluster) await followCluster(place, cluster)
  const { memory, no, session } = place
  const at = { server: place.serverTime(row.now), elapsed: place.elapsed() }
  const passed =
    memory.countersAt && passedSince(at.server - memory.countersAt.server, at.elapsed - memory.countersAt.elapsed, memory.jumped)
  if (passed?.slept) forgetValues(place)

  const seconds = (passed?.ms ?? 0) / 1000
  const known = memory.server !== null && seconds > 0 && seconds * 1000 <= GAP_MS
  const values = countersOf(row, SERVER_SUMS)
  const databases = row.databases.map((database) => ({ database, counters: countersOf(database, DATABASE_SUMS) }))
  await session.transaction(async (query) => {
    const now = place.now()
    await noteStart(query, place, row, isElsewhere)
    if (passed && passed.serverJumped !== 0)
      await noteEvent(query, place, 'clock', now, jumpWords("The server's clock", passed.serverJumped))
    for (const { datid, datname, stats_reset } of row.databases) {
      const before = memory.databases.get(datid)
      if (stats_reset !== null && stats_reset !== before?.statsReset) {
        await noteEvent(query, place, 'statistics reset', new Date(stats_reset), `Statistics of ${datname} were reset`, datname)
      }
      if (before?.datname !== datname) await nameDatabase(query, no, datid, datname)
    }
    if (known) {
      // WAL goes on where it was; the views of the checkpointer, the background writer and the archiver can each be reset.
      const sums = byColumn(eachDelta(memory.server as Counters, values), SERVER_SUMS)
      await insertRows(query, SERVER_DELTA, no, now, [{ ...sums, seconds, proctor_time: memory.spent }])
      const moved = databases.flatMap(({ database: { datid, stats_reset }, counters }) => {
        const before = memory.databases.get(datid)
        const moves = deltaOf(before?.counters, counters, before !== undefined && before.statsReset !== stats_reset)
        return moves ? [{ datid, ...byColumn(moves, DATABASE_SUMS) }] : []
      })
      await insertRows(query, DATABASE_DELTA, no, now, moved)
    }
  })
  if (memory.statements.serverAt !== null) memory.statements.serverAt += passed?.serverJumped ?? 0
  memory.countersAt = at
  memory.jumped = 0
  memory.postmasterStart = row.postmaster_start
  memory.server = values
  memory.spent = 0
  memory.databases = new Map(
    databases.map(({ database: { datid, datname, stats_reset }, counters }) => [datid, { datname, counters, statsReset: stats_reset }]),
  )
  return nothing
}

const eachDelta = (before: Counters, now: Counters): Counters =>
  now.map((value, at) => (value < (before[at] ?? 0) ? value : value - (before[at] ?? 0)))

async function noteStart(query: Query, place: Place, { postmaster_start }: CounterRow, isElsewhere: boolean): Promise<void> {
  if (place.memory.postmasterStart === postmaster_start) return
  const { rows } = await query<{ before: Date | null }>('select postmaster_start as before from sampled_server where no = $1', [place.no])
  const before = rows[0]?.before
  // The server keeps the moment as it was at its start; to the millisecond, as the console keeps it.
  if (!isElsewhere && before && Math.abs(before.getTime() - Date.parse(postmaster_start)) > 1) {
    await noteEvent(query, place, 'restart', new Date(postmaster_start), 'The server was started')
  }
  await query('update sampled_server set postmaster_start = $2 where no = $1', [place.no, postmaster_start])
}

async function nameDatabase(query: Query, no: number, datid: number, datname: string): Promise<void> {
  await query(
    `insert into sampled_database (server, datid, datname) values ($1, $2, $3)
     on conflict (server, datid) do update set datname = excluded.datname`,
    [no, datid, datname],
  )
}
