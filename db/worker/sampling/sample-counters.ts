import { insertRows } from '../../console/history/insert-rows'
import { DATABASE_DELTA, DATABASE_SUMS, SERVER_DELTA, SERVER_SUMS } from '../../console/history/series'
import { countersSample } from '../../reads/counters-sample'
import type { Row } from '../../server/define-read'
import { runRead } from '../../server/run-read'
import type { Query } from './console-session'
import { byColumn, type Counters, countersOf, deltaOf } from './delta'
import { failedWith, newMemory, noteEvent, nothing, type Place, type Task } from './memory'

/** After a longer silence of sampling, in ms, the next values are a new baseline: a gap is a gap, not one tall bucket. */
const GAP_MS = 60_000

type CounterRow = Row<typeof countersSample>

/** Counters of every database and of the server; tells restarts and resets of statistics. */
export const sampleCounters: Task = async (place) => {
  const read = await runRead(place.target, countersSample, {})
  if (!read.ok) return failedWith(read.problem)
  const row = read.value[0] as CounterRow
  const { memory, no, session } = place
  const serverTime = Date.parse(row.now)
  const restarted = memory.postmasterStart !== null && memory.postmasterStart !== row.postmaster_start
  // It has been up since before the last look, and not under the start that was seen then: the address leads to another server.
  if (restarted && memory.countersAt !== null && Date.parse(row.postmaster_start) < memory.countersAt) forgetValues(place)

  const seconds = memory.countersAt === null ? 0 : (serverTime - memory.countersAt) / 1000
  const known = memory.server !== null && seconds > 0 && seconds * 1000 <= GAP_MS
  const values = countersOf(row, SERVER_SUMS)
  const databases = row.databases.map((database) => ({ database, counters: countersOf(database, DATABASE_SUMS) }))
  await session.transaction(async (query) => {
    const at = place.now()
    await noteRestart(query, place, row)
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
      await insertRows(query, SERVER_DELTA, no, at, [{ ...sums, seconds, proctor_time: memory.spent }])
      const moved = databases.flatMap(({ database: { datid, stats_reset }, counters }) => {
        const before = memory.databases.get(datid)
        const moves = deltaOf(before?.counters, counters, before !== undefined && before.statsReset !== stats_reset)
        return moves ? [{ datid, ...byColumn(moves, DATABASE_SUMS) }] : []
      })
      await insertRows(query, DATABASE_DELTA, no, at, moved)
    }
  })
  memory.countersAt = serverTime
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

/** All that deltas are taken from; what is known of names stays. */
export function forgetValues({ memory }: Place): void {
  const { server, countersAt, databases, statements, tables } = newMemory()
  const { ids, texts, own, database, lookedAt } = memory.statements
  Object.assign(memory, { server, countersAt, databases, tables, statements: { ...statements, ids, texts, own, database, lookedAt } })
}

async function noteRestart(query: Query, place: Place, { postmaster_start }: CounterRow): Promise<void> {
  if (place.memory.postmasterStart === postmaster_start) return
  const { rows } = await query<{ before: Date | null }>('select postmaster_start as before from sampled_server where no = $1', [place.no])
  const before = rows[0]?.before
  // The server keeps the moment as it was at its start; to the millisecond, as the console keeps it.
  if (before && Math.abs(before.getTime() - Date.parse(postmaster_start)) > 1) {
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
