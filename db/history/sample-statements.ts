import type { Row } from '../server/define-read'
import { runRead } from '../server/run-read'
import { inDatabase, type Target } from '../server/target'
import { statements, statementsInfo } from '../statements/reads/statements'
import { byColumn, type Counters, countersOf, deltaOf } from './delta'
import { insertRows } from './insert-rows'
import { failedWith, type KnownStatement, noteEvent, nothing, type Place, type Task } from './memory'
import { keyOf, nameStatements, type SeenStatement } from './name-statements'
import { STATEMENT_DELTA, STATEMENT_SUMS, STATEMENT_WINDOW } from './series'

/** After a longer silence, in ms, the next values are a new baseline. */
const GAP_MS = 5 * 60_000
/** Where the extension is in no known database it is looked for again after so long, ms. */
const LOOK_EVERY_MS = 10 * 60_000
const LOOKED_AT_MOST = 20

type StatementRow = Row<typeof statements>

const ALL = { showtext: false, dbid: null }
const CALLS = STATEMENT_SUMS.indexOf('calls')
const TOTAL = STATEMENT_SUMS.indexOf('total_exec_time')
const PLANNING = STATEMENT_SUMS.indexOf('total_plan_time')

/** What every statement of the server took since the last sample, from whichever database has the extension. */
export const sampleStatements: Task = async (place) => {
  const { memory, session, no } = place
  const known = memory.statements
  const read = await readStatements(place)
  if (!read.ok) return failedWith(read.problem)
  const info = await runRead(read.target, statementsInfo, {})
  const { dealloc, stats_reset } = (info.ok && info.value[0]) || { dealloc: null, stats_reset: null }
  const seen = read.rows.filter((row): row is SeenStatement => row.queryid !== null)
  const hidden = read.rows.length - seen.length
  const takenAt = place.elapsed()
  const seconds = known.at === null ? 0 : (takenAt - known.at) / 1000
  const continues = known.at !== null && seconds > 0 && seconds * 1000 <= GAP_MS
  const reset = stats_reset !== null && known.reset !== null && stats_reset !== known.reset
  // Entries that a role was not allowed to see and now is have counted for long: they are no delta.
  const revealed = hidden < known.hidden
  const before = known.entries
  const ids = await nameStatements(place, read.target, seen)

  const entries = new Map<string, KnownStatement>()
  const rows: Record<string, unknown>[] = []
  const totals = { own: 0, others: 0, calls: 0, fresh: 0 }
  for (const row of seen) {
    const key = keyOf(row)
    const id = ids.get(key)
    if (id === undefined) continue
    const counters = countersOf({ ...row, ...joined(row) }, STATEMENT_SUMS)
    const now: KnownStatement = { id, counters, statsSince: row.stats_since, minTime: row.min_exec_time, maxTime: row.max_exec_time }
    entries.set(key, now)
    const last = before.get(key)
    if (last === undefined) totals.fresh += 1
    if (!continues || (last === undefined && (revealed || isOlder(row, known.serverAt)))) continue
    const anew = reset || (last !== undefined && last.statsSince !== row.stats_since)
    const delta = deltaOf(last?.counters, counters, anew)
    if (!delta || delta[CALLS] === 0) continue
    const took = (delta[TOTAL] ?? 0) + (delta[PLANNING] ?? 0)
    // What a nested statement took, the one that called it took as well.
    if (row.toplevel && known.own.has(id)) totals.own += took
    else if (row.toplevel) {
      totals.others += delta[TOTAL] ?? 0
      totals.calls += delta[CALLS] ?? 0
    }
    rows.push({ statement: id, ...byColumn(delta, STATEMENT_SUMS), max_exec_time: row.max_exec_time, ...knownTimes(last, now, delta) })
  }

  const evictions = dealloc === null || known.dealloc === null ? 0 : Number(dealloc) - (reset ? 0 : known.dealloc)
  await session.transaction(async (query) => {
    const at = place.now()
    if (reset) await noteEvent(query, place, 'statements reset', new Date(stats_reset as string), 'pg_stat_statements was reset')
    if (!continues) return
    if (evictions > 0) {
      await noteEvent(
        query,
        place,
        'statements evicted',
        at,
        `pg_stat_statements ran out of room ${evictions} times: pg_stat_statements.max is low`,
      )
    }
    await insertRows(query, STATEMENT_DELTA, no, at, rows)
    await insertRows(query, STATEMENT_WINDOW, no, at, [
      {
        seconds,
        own_time: totals.own,
        total_exec_time: totals.others,
        calls: totals.calls,
        evictions: Math.max(0, evictions),
        new: totals.fresh,
        statements: read.rows.length,
        hidden,
      },
    ])
  })
  const serverAt = memory.countersAt?.server ?? null
  Object.assign(known, { entries, at: takenAt, serverAt, hidden, reset: stats_reset, dealloc: dealloc === null ? null : Number(dealloc) })
  return nothing
}

/** Columns of the series that are put together from several of the view's. */
const joined = (row: StatementRow) => ({
  local_blks: [row.local_blks_hit, row.local_blks_read, row.local_blks_dirtied, row.local_blks_written].reduce(
    (sum, n) => sum + Number(n),
    0,
  ),
  temp_blk_time: (row.temp_blk_read_time ?? 0) + (row.temp_blk_write_time ?? 0),
})

/** From 1.11 on an entry says since when it counts; before that, one that was not there a moment ago is new. */
const isOlder = ({ stats_since }: StatementRow, lastSample: number | null): boolean =>
  stats_since !== null && (lastSample === null || Date.parse(stats_since) < lastSample - GAP_MS)

/** The shortest and longest execution that surely fell into the interval. */
function knownTimes(
  last: KnownStatement | undefined,
  now: KnownStatement,
  delta: Counters,
): { min_known: number | null; max_known: number | null } {
  if (delta[CALLS] === 1) return { min_known: delta[TOTAL] ?? null, max_known: delta[TOTAL] ?? null }
  const anew = last === undefined || delta[CALLS] === now.counters[CALLS]
  return {
    min_known: anew || now.minTime < last.minTime ? now.minTime : null,
    max_known: anew || now.maxTime > last.maxTime ? now.maxTime : null,
  }
}

type Found = { ok: true; rows: StatementRow[]; target: Target } | { ok: false; problem: Parameters<typeof failedWith>[0] }

/** Reads where the extension is: in the default database, else in one of the others. */
async function readStatements(place: Place): Promise<Found> {
  const { memory, target } = place
  const known = memory.statements
  const at = inDatabase(target, known.database ?? target.database)
  const read = await runRead(at, statements, ALL)
  if (read.ok) return { ok: true, rows: read.value, target: at }
  const lost = known.database !== null && read.problem.sqlstate === '3D000'
  if (read.problem.kind !== 'missing_extension' && !lost) return read
  known.database = null
  const now = place.elapsed()
  if (now - known.lookedAt < LOOK_EVERY_MS) return read
  known.lookedAt = now
  const others = [...new Set(['postgres', ...(memory.visitable ?? [])])].filter((name) => name !== at.database).slice(0, LOOKED_AT_MOST)
  for (const database of others) {
    const other = inDatabase(target, database)
    const there = await runRead(other, statements, ALL)
    if (!there.ok) continue
    known.database = database
    return { ok: true, rows: there.value, target: other }
  }
  return read
}
