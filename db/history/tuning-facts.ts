import { consoleDb } from '../console/client'
import type { Measured, Spilling, Window } from '../settings/measured'
import { numberOf, rowsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, DATABASE_DELTA, SERVER_DELTA, STATEMENT_DELTA, VACUUM_BACKLOG } from './series'

/** So far back facts are looked for, in days: two of each day of the week. */
const DAYS_BACK = 14
const HOUR_MS = 3_600_000

/** What was seen before one of these changed says nothing of how it does now. */
const BEGINS_WITH = {
  spills: ['work_mem', 'hash_mem_multiplier'],
  checkpoints: ['max_wal_size', 'checkpoint_timeout', 'checkpoint_completion_target'],
  backlog: ['autovacuum', 'autovacuum_max_workers', 'autovacuum_vacuum_cost_limit', 'autovacuum_vacuum_scale_factor'],
} as const

/** What the samples know of a server that a setting can rest on, each fact with the window that it was seen in. Empty where it was never sampled. */
export async function tuningFacts(serverId: string, now = new Date()): Promise<Measured> {
  const no = await numberOf(serverId)
  if (no === undefined) return {}
  const whole = { from: new Date(now.getTime() - DAYS_BACK * 24 * HOUR_MS), to: now }
  const changed = await changesSince(no, whole.from)
  const windowOf = async (names: readonly string[] = []) => {
    const since = names.flatMap((name) => changed.get(name) ?? []).sort((a, b) => b.at.getTime() - a.at.getTime())[0]
    // The next whole hour: what is left of longer ago stands in buckets of an hour.
    const from = since ? new Date(Math.ceil(since.at.getTime() / HOUR_MS) * HOUR_MS) : whole.from
    const seen = await lookedAt(no, { from, to: now })
    return { ...seen, ...(since && { window: { ...seen.window, since: since.name } }), range: { from, to: now } }
  }
  const [always, spills, checkpoints, backlog] = await Promise.all([
    windowOf(),
    windowOf(BEGINS_WITH.spills),
    windowOf(BEGINS_WITH.checkpoints),
    windowOf(BEGINS_WITH.backlog),
  ])
  if (always.window.samples === 0) return {}
  const [files, statements, waited] = await Promise.all([
    temporaryFiles(no, spills.range),
    spillingStatements(no, spills.range),
    waitingTables(no, backlog.range),
  ])
  return {
    peak: { connections: always.peak, window: always.window },
    spills: { ...files, statements, window: spills.window },
    checkpoints: { ...checkpoints.counted, window: checkpoints.window },
    ...(waited && { backlog: { ...waited, window: backlog.window } }),
  }
}

async function changesSince(no: number, from: Date): Promise<Map<string, { name: string; at: Date }>> {
  const { rows } = await consoleDb().$client.query<{ name: string; at: Date }>(
    'select name, max(at) as at from setting_change where server = $1 and at >= $2 and name = any($3) group by name',
    [no, from, Object.values(BEGINS_WITH).flat()],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

interface LookedAt {
  window: Window
  peak: number
  counted: { timed: number; requested: number; walBytes: number }
}

/** How much of a range was sampled, with what the server counted in it as a whole. */
async function lookedAt(no: number, range: TimeRange): Promise<LookedAt> {
  const [counters, sessions] = await Promise.all([rowsOf(no, SERVER_DELTA, range), rowsOf(no, CONNECTION_SAMPLE, range)])
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
with counters as (
  select coalesce(sum(seconds), 0)::float8 as seconds, coalesce(sum(checkpoints_timed), 0)::float8 as timed,
         coalesce(sum(checkpoints_req), 0)::float8 as requested, coalesce(sum(wal_bytes), 0)::float8 as wal_bytes
    from ${counters.from} d
), sessions as (
  select extract(epoch from min(at))::float8 * 1000 as since, coalesce(sum(samples), 0)::float8 as samples, coalesce(max(peak), 0) as peak
    from ${sessions.from} d
)
select * from counters, sessions`,
    [no],
  )
  const { seconds, timed, requested, wal_bytes: walBytes, since, samples, peak } = rows[0]
  const from = Math.max(range.from.getTime(), since ?? 0)
  return { window: { from, to: range.to.getTime(), seconds, samples }, peak, counted: { timed, requested, walBytes } }
}

async function temporaryFiles(no: number, range: TimeRange): Promise<{ files: number; bytes: number }> {
  const { from } = await rowsOf(no, DATABASE_DELTA, range)
  const { rows } = await consoleDb().$client.query(
    `select coalesce(sum(temp_files), 0)::float8 as files, coalesce(sum(temp_bytes), 0)::float8 as bytes from ${from} d`,
    [no],
  )
  return rows[0]
}

/** Statements in the buckets in which they wrote temporary blocks, Proctor's own left out; null where there were none, or where they are not sampled. */
async function spillingStatements(no: number, range: TimeRange): Promise<Spilling | null> {
  const { from } = await rowsOf(no, STATEMENT_DELTA, range)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
with spilling as (
  select d.statement, sum(d.calls) as calls, sum(d.temp_blks_written)::float8 / sum(d.calls) as blocks
    from ${from} d join statement s on s.id = d.statement and not s.own
   where d.temp_blks_written > 0 and d.calls > 0
   group by d.statement
), ranked as (
  select calls, blocks, sum(calls) over (order by blocks, statement) as so_far, sum(calls) over () as all_calls from spilling
)
select count(*)::int as statements, max(all_calls)::float8 as calls, min(blocks) filter (where so_far >= 0.9 * all_calls) as blocks from ranked`,
    [no],
  )
  return rows[0].statements === 0 ? null : rows[0]
}

/** Tables that waited for autovacuum, over all databases; null where none was looked at. */
async function waitingTables(no: number, range: TimeRange): Promise<{ mean: number; most: number; deadRows: number } | null> {
  const { from } = await rowsOf(no, VACUUM_BACKLOG, range)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select sum(mean)::float8 as mean, sum(most)::float8 as most, sum(dead_rows)::float8 as "deadRows"
  from (select coalesce(sum(waiting), 0)::float8 / sum(samples) as mean, max(most) as most, max(dead_rows) as dead_rows from ${from} d group by datid) d`,
    [no],
  )
  return rows[0].mean === null ? null : rows[0]
}
