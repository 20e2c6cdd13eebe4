import { type Place, targetOf } from '@/app/place'
import { keyOf } from '@/components/queries/query-key'
import type { LoadChart, QueryList, QueryRow } from '@/components/queries/query-list'
import { shortName } from '@/components/queries/query-messages'
import { ALL_DATABASES, LIMITS } from '@/components/queries/query-params'
import { timeRangeOf } from '@/components/time/time-range'
import { timeMarks } from '@/db/history/events'
import type { TimeRange } from '@/db/history/range'
import { firstStatementSample, lastStatementSample, statementUsers, statementWindow } from '@/db/history/statement-words'
import { loadSeries, type StatementFilter, type StatementTotal, statementSeries, statementTotals } from '@/db/history/statements'
import { ok, type Problem, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'
import { isTextRefused, readStatementTexts } from '@/db/statements/read-statements'
import { statementSettings } from '@/db/statements/reads/statements'
import { statementNotices, textsWithheld } from '@/db/statements/statements-seen'
import { readSamplingSettings } from '@/db/worker/sampling/sampling-settings'
import { readChanges } from './compare-reads'
import { countedList } from './counted-list'
import type { QueryAsk } from './live-params'
import { sampledRow, sorted, sumsOf, sumUp } from './query-rows'

/** As many statements have a colour in the chart. */
const TOP = 6
const POINTS = 96
const TREND_POINTS = 24

/** What is read of a range of the samples. */
export const rangeOf = (ask: Pick<QueryAsk, 'range' | 'from' | 'to'>): TimeRange => {
  const { from, to } = timeRangeOf(ask, Date.now())
  return { from: new Date(from), to: new Date(to) }
}

/** The statements of a place over a range of the samples, or since the last reset of the server's own counts. */
export async function readQueries(place: Place, ask: QueryAsk): Promise<Result<QueryList>> {
  const { server, database } = place
  const target = await targetOf(place)
  if (!target.ok) return target
  const range = rangeOf(ask)
  const [settings, first, last, filters, window] = await Promise.all([
    runRead(target.value, statementSettings, {}),
    firstStatementSample(server),
    lastStatementSample(server),
    statementUsers(server),
    statementWindow(server, range),
  ])
  const known = settings.ok ? settings.value[0] : undefined
  const notices = known
    ? statementNotices(known, { evictions: { times: window.evictions, seconds: window.seconds }, hidden: window.hidden })
    : [unreachable(settings.ok ? undefined : settings.problem)]
  const words = {
    notices,
    filters: { users: filters.rolnames, databases: filters.datnames, applications: filters.applications },
    firstSample: first?.toISOString() ?? null,
    lastSample: last?.toISOString() ?? null,
    sampleEveryMs: readSamplingSettings().statementsMs,
    blockSize: known?.block_size ?? 8192,
    trackPlanning: known?.track_planning ?? false,
    trackIoTiming: known?.track_io_timing ?? false,
  }
  // What the samples hold is shown also while the server is away; what it counts itself is not to be had then.
  if (ask.reset || first === null) {
    if (!settings.ok) return settings
    if (notices.some(({ weight }) => weight === 'none')) return ok({ ...words, ...nothing })
    return countedList(target.value, database, { ...ask, limit: Math.min(ask.limit, LIMITS.more) }, words)
  }
  const filter = filterOf(ask, database)
  const limit = Math.min(ask.limit, LIMITS.more)
  const costliest = ask.sort === 'total' && ask.dir === 'desc'
  const [totals, dearest, marks] = await Promise.all([
    statementTotals(server, range, { filter, order: ask, limit }),
    costliest ? null : statementTotals(server, range, { filter, limit: LIMITS.first }),
    timeMarks(server, range, database),
  ])
  const { covered, all, count, nestedApart, statements } = totals
  const refused = await refusedTexts(target.value, statements)
  const shown = sorted(statements.map(sampledRow), ask.sort, ask.dir)
  const top = (dearest ?? totals).statements.filter(({ toplevel }) => toplevel || !nestedApart).slice(0, TOP)
  const [chart, trends, { compared, changes }, own, databaseMs] = await Promise.all([
    loadChart(server, range, filter, top),
    trendsOf(server, range, shown),
    readChanges({ server, database, range, ask, marks, first, filter }),
    statementTotals(server, range, { filter: { own: true }, limit: 1 }),
    databaseTime(server, range, filter, all.total_exec_time),
  ])
  return ok({
    ...words,
    notices: refused ? [textsWithheld(refused), ...notices] : notices,
    source: 'samples',
    from: new Date(covered.from).toISOString(),
    to: new Date(covered.to).toISOString(),
    sampled: window.seconds,
    all: sumsOf(all),
    count,
    databaseMs,
    nestedApart,
    rows: shown.map((row) => ({ ...row, trend: trends.get(row.statement ?? 0) ?? [] })),
    chart,
    ownTime: own.all.total_exec_time,
    compared,
    changes,
    marks,
  })
}

/** Why statements of the samples have no text; null where they all have one, or it only was not seen yet. */
async function refusedTexts(target: Target, statements: StatementTotal[]): Promise<Problem | null> {
  const without = statements.filter(({ query }) => query === null).map(({ queryid }) => queryid)
  if (without.length === 0) return null
  const texts = await readStatementTexts(target, [...new Set(without)].slice(0, LIMITS.first))
  return !texts.ok && isTextRefused(texts.problem) ? texts.problem : null
}

const nothing = {
  source: 'reset',
  from: null,
  to: '',
  sampled: null,
  all: sumUp([]),
  count: 0,
  databaseMs: 0,
  nestedApart: false,
  rows: [],
  chart: null,
  ownTime: null,
  compared: null,
  changes: null,
  marks: [],
} satisfies Partial<QueryList>

const unreachable = (problem: Problem | undefined) => ({
  kind: 'unreachable',
  weight: 'part' as const,
  text: `The server does not answer; these are its samples. ${problem?.message ?? ''}`.trim(),
  mend: null,
})

/** ms of all statements of the databases that a filter chooses; `passed`: of those that the whole filter lets through. */
export async function databaseTime(server: string, range: TimeRange, filter: StatementFilter, passed: number): Promise<number> {
  const { datname, ...rest } = filter
  if (Object.keys(rest).length === 0) return passed
  const { all } = await statementTotals(server, range, { filter: datname === undefined ? {} : { datname }, limit: 1 })
  return all.total_exec_time
}

export const filterOf = (
  { q, user, app, db, min }: Pick<QueryAsk, 'q' | 'user' | 'app' | 'db' | 'min'>,
  database: string,
): StatementFilter => ({
  ...(db === ALL_DATABASES ? {} : { datname: db ?? database }),
  ...(user === null ? {} : { rolname: user }),
  ...(app === null ? {} : { application: app }),
  ...(q.trim() === '' ? {} : { search: q.trim() }),
  ...(min > 0 ? { minMean: min } : {}),
})

/** Buckets from the first to the last one that a range touches. */
export function bucketsOf({ from, to }: TimeRange, widthSeconds: number) {
  const bucketMs = widthSeconds * 1000
  const times: number[] = []
  for (let at = Math.floor(from.getTime() / bucketMs) * bucketMs; at < to.getTime(); at += bucketMs) times.push(at)
  return {
    from: Math.min(times[0] ?? from.getTime(), from.getTime()),
    to: Math.max(to.getTime(), (times.at(-1) ?? 0) + bucketMs),
    times,
    bucketMs,
  }
}

/** The top statements and the rest of what the filter lets through, in average active sessions. */
async function loadChart(server: string, range: TimeRange, filter: StatementFilter, top: StatementTotal[]): Promise<LoadChart | null> {
  const ids = top.map(({ statement }) => statement)
  const [series, whole] = await Promise.all([statementSeries(server, range, ids, POINTS), filteredLoad(server, range, filter)])
  if (series.sampled.length === 0) return null
  const buckets = bucketsOf(range, series.width)
  const sampled = new Map(series.sampled.map(({ at, seconds }) => [at, seconds]))
  const active = (at: number, ms: number) => {
    const seconds = sampled.get(at)
    return seconds ? ms / 1000 / seconds : null
  }
  const byStatement = Map.groupBy(series.points, ({ statement }) => statement)
  const shown = top.map(({ statement, query, ...identity }) => {
    const times = new Map((byStatement.get(statement) ?? []).map((point) => [point.at, point.total_exec_time]))
    return { key: keyOf(identity), name: shortName(query ?? ''), ms: times }
  })
  return {
    ...buckets,
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
async function trendsOf(server: string, range: TimeRange, rows: QueryRow[]): Promise<Map<number, (number | null)[]>> {
  const ids = rows.flatMap(({ statement }) => statement ?? [])
  const { width, points } = await statementSeries(server, range, ids, TREND_POINTS)
  const { times } = bucketsOf(range, width)
  return new Map(
    [...Map.groupBy(points, ({ statement }) => statement)].map(([statement, own]) => {
      const means = new Map(
        own.map(({ at, calls, total_exec_time }) => [at, calls > 0 ? Number((total_exec_time / calls).toPrecision(3)) : null]),
      )
      return [statement, times.map((at) => means.get(at) ?? null)]
    }),
  )
}
