import { readKey, type StatementEntry } from '../domain/statement-key'
import { formatSql } from '../server/format-sql'
import { failed, ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { readStatements, readStatementTexts } from '../statements/read-statements'
import { nameOf } from '../statements/statement-names'
import { countedRow } from '../statements/statement-rows'
import { queryWaits } from './activity'
import { historyBegin, sampledPart, toldRange } from './begin'
import { timeMarks } from './events'
import { findStatement, type KnownStatement } from './find-statement'
import type { TimeRange } from './range'
import { sampledRow } from './sampled-row'
import { STATEMENT_WINDOW } from './series'
import type { QueryDetail } from './statement-list'
import { bucketsOf } from './statement-load'
import { statementApplications, statementExamples } from './statement-words'
import { statementSeries, statementTotals } from './statements'

const POINTS = 72

/** One statement over a range, with what was seen of it. Errors: invalid_input for a key that is none, conflict where it is gone. */
export async function statementDetail(
  target: Target,
  ask: { key: string; range: TimeRange; reset: boolean },
): Promise<Result<QueryDetail>> {
  const key = readKey(ask.key)
  if (!key) return failed('invalid_input', 'No statement has this key')
  const { range } = ask
  const { serverId: server, database } = target
  const [known, waits, examples, applications, marks] = await Promise.all([
    findStatement(server, key),
    queryWaits(server, key.queryid, key.dbid, range),
    statementExamples(server, key.queryid, key.dbid),
    statementApplications(server, key.queryid, key.dbid),
    timeMarks(server, range, database),
  ])
  const row = await rowOf(target, key, known, ask.reset ? null : range)
  if (!row.ok) return row
  const text = await textOf(target, key, known)
  if (!text.ok) return text
  const { query: exact, cut } = text.value
  const chart = known.statement === null || ask.reset ? null : await chartOf(server, range, known.statement)
  return ok({
    row: row.value,
    exact,
    sql: cut ? exact : await formatSql(exact),
    cut,
    chart,
    waits: waits.slice(0, 8),
    examples,
    applications,
    marks,
  })
}

async function rowOf(target: Target, key: StatementEntry, known: KnownStatement, range: TimeRange | null) {
  if (range && known.statement !== null) {
    const { statements: found } = await statementTotals(target.serverId, range, {
      filter: { statements: [known.statement], own: null },
      limit: 1,
    })
    const empty = { calls: 0, total_exec_time: 0, exec_time_squares: 0 }
    const total = found[0] ?? {
      ...none,
      ...key,
      ...empty,
      statement: known.statement,
      rolname: known.rolname ?? '',
      datname: known.datname,
      query: known.query,
      firstSeen: known.firstSeen ?? '',
    }
    return ok(sampledRow(total, await nameOf(total)))
  }
  const counted = await readStatements(target, key.dbid)
  if (!counted.ok) return counted
  const row = counted.value.rows.find((one) => one.queryid === key.queryid && one.userid === key.userid && one.toplevel === key.toplevel)
  if (!row) return failed('conflict', 'The server no longer counts this statement')
  const counts = { ...row, queryid: key.queryid }
  return ok(countedRow(counts, await nameOf(counts)))
}

/** A statement without calls in the range. */
const none = {
  rows: 0,
  plans: 0,
  total_plan_time: 0,
  shared_blks_hit: 0,
  shared_blks_read: 0,
  shared_blks_dirtied: 0,
  shared_blks_written: 0,
  local_blks: 0,
  temp_blks_read: 0,
  temp_blks_written: 0,
  shared_blk_read_time: 0,
  shared_blk_write_time: 0,
  temp_blk_time: 0,
  wal_records: 0,
  wal_fpi: 0,
  wal_bytes: 0,
  jit_time: 0,
  max_exec_time: null,
  max_known: null,
  min_known: null,
  own: false,
  cut: false,
}

/** The whole text: from the samples, else from the server. */
export async function textOf(target: Target, key: StatementEntry, known: KnownStatement): Promise<Result<{ query: string; cut: boolean }>> {
  if (known.query !== null) return ok({ query: known.query, cut: known.cut })
  const texts = await readStatementTexts(target, [key.queryid])
  if (!texts.ok) return texts
  const found = texts.value.find(({ dbid }) => dbid === key.dbid)
  return found ? ok(found) : failed('conflict', 'The text of this statement was never seen, and the server has it no more')
}

async function chartOf(server: string, asked: TimeRange, statement: number): Promise<QueryDetail['chart']> {
  const { range, since } = toldRange(asked, await historyBegin(server, STATEMENT_WINDOW))
  const [{ width, points, sampled }, part] = await Promise.all([
    statementSeries(server, range, [statement], POINTS),
    sampledPart(server, STATEMENT_WINDOW, range),
  ])
  if (sampled.length === 0) return null
  const buckets = bucketsOf(range, width, part)
  const seconds = new Map(sampled.map((bucket) => [bucket.at, bucket.seconds]))
  const byTime = new Map(points.map((point) => [point.at, point]))
  type Point = (typeof points)[number]
  const rate = (of: (point: Point) => number) =>
    buckets.times.map((at) => {
      const [length, point] = [seconds.get(at), byTime.get(at)]
      return length ? (point ? of(point) : 0) / length : null
    })
  return {
    ...buckets,
    since,
    // Without calls there is no mean: a gap, where the rates are zero.
    mean: buckets.times.map((at) => {
      const point = byTime.get(at)
      return point && point.calls > 0 ? point.total_exec_time / point.calls : null
    }),
    load: rate((point) => point.total_exec_time / 1000),
    callsPerSecond: rate(({ calls }) => calls),
    read: rate(({ shared_blks_read }) => shared_blks_read),
    temp: rate((point) => point.temp_blks_read + point.temp_blks_written),
  }
}
