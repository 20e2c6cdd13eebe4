import { keyOf } from '../domain/statement-key'
import type { QueryRow } from '../statements/statement-rows'
import { historyBegin, sampledPart, toldRange } from './begin'
import type { TimeRange } from './range'
import { STATEMENT_WINDOW } from './series'
import type { LoadChart } from './statement-list'
import { loadSeries, type StatementFilter, type StatementTotal, statementSeries } from './statements'

const POINTS = 96
const TREND_POINTS = 24

/** The begins of the buckets from the first to the last one that a range touches. */
function timesOf({ from, to }: TimeRange, widthSeconds: number): number[] {
  const bucketMs = widthSeconds * 1000
  const times: number[] = []
  for (let at = Math.floor(from.getTime() / bucketMs) * bucketMs; at < to.getTime(); at += bucketMs) times.push(at)
  return times
}

/** What a chart needs of them. `sampled`: from the first to the last sample, in ms. */
export function bucketsOf({ from, to }: TimeRange, widthSeconds: number, sampled: { from: number; to: number }) {
  return {
    from: from.getTime(),
    to: to.getTime(),
    times: timesOf({ from, to }, widthSeconds),
    bucketMs: widthSeconds * 1000,
    sampled,
  }
}

/** The top statements and the rest of what the filter lets through, in average active sessions. */
export async function loadChart(
  server: string,
  asked: TimeRange,
  filter: StatementFilter,
  top: StatementTotal[],
  names: Map<string, string>,
): Promise<LoadChart | null> {
  const ids = top.map(({ statement }) => statement)
  const { range, since } = toldRange(asked, await historyBegin(server, STATEMENT_WINDOW))
  const [series, whole, part] = await Promise.all([
    statementSeries(server, range, ids, POINTS),
    filteredLoad(server, range, filter),
    sampledPart(server, STATEMENT_WINDOW, range),
  ])
  if (series.sampled.length === 0) return null
  const buckets = bucketsOf(range, series.width, part)
  const sampled = new Map(series.sampled.map(({ at, seconds }) => [at, seconds]))
  const active = (at: number, ms: number) => {
    const seconds = sampled.get(at)
    return seconds ? ms / 1000 / seconds : null
  }
  const byStatement = Map.groupBy(series.points, ({ statement }) => statement)
  const shown = top.map(({ statement, ...identity }) => {
    const key = keyOf(identity)
    const times = new Map((byStatement.get(statement) ?? []).map((point) => [point.at, point.total_exec_time]))
    return { key, name: names.get(key) ?? '', ms: times }
  })
  return {
    ...buckets,
    since,
    top: shown.map(({ key, name, ms }) => ({ key, name, values: buckets.times.map((at) => active(at, ms.get(at) ?? 0)) })),
    rest: buckets.times.map((at) =>
      active(at, Math.max(0, (whole.get(at) ?? 0) - shown.reduce((sum, { ms }) => sum + (ms.get(at) ?? 0), 0))),
    ),
  }
}

/** ms of everything that the filter lets through, by bucket. */
async function filteredLoad(server: string, range: TimeRange, filter: StatementFilter): Promise<Map<number, number>> {
  const { points } = await loadSeries(server, range, [], { filter: { ...filter, own: false }, points: POINTS })
  return new Map(points.map(({ at, total_exec_time }) => [at, total_exec_time]))
}

/** Mean by bucket of each row. */
export async function trendsOf(server: string, asked: TimeRange, rows: QueryRow[]): Promise<Map<number, (number | null)[]>> {
  const ids = rows.flatMap(({ statement }) => statement ?? [])
  const { range } = toldRange(asked, await historyBegin(server, STATEMENT_WINDOW))
  const { width, points } = await statementSeries(server, range, ids, TREND_POINTS)
  const times = timesOf(range, width)
  return new Map(
    [...Map.groupBy(points, ({ statement }) => statement)].map(([statement, own]) => {
      const means = new Map(
        own.map(({ at, calls, total_exec_time }) => [at, calls > 0 ? Number((total_exec_time / calls).toPrecision(3)) : null]),
      )
      return [statement, times.map((at) => means.get(at) ?? null)]
    }),
  )
}
