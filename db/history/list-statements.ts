import { keyOf } from '../domain/statement-key'
import { ALL_DATABASES, LIMITS } from '../domain/statement-params'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { countedRows, type StatementChoice } from '../statements/counted-rows'
import { isTextRefused, readStatementTexts } from '../statements/read-statements'
import { statementSettings } from '../statements/reads/statements'
import { nameStatements } from '../statements/statement-names'
import { countedOnce, countedRow, sorted, sumUp } from '../statements/statement-rows'
import { statementNotices, textsWithheld } from '../statements/statements-seen'
import type { CompareAsk } from './compared-ranges'
import { timeMarks } from './events'
import type { TimeRange } from './range'
import { sampledRow, sumsOf } from './sampled-row'
import { readChanges } from './statement-changes'
import type { QueryList } from './statement-list'
import { loadChart, trendsOf } from './statement-load'
import type { StatementOrder } from './statement-order'
import { firstStatementSample, lastStatementSample, statementUsers, statementWindow } from './statement-words'
import { type StatementFilter, type StatementTotal, statementTotals } from './statements'

/** As many statements have a colour in the chart. */
const TOP = 6

/** Which statements of which range, in which order, and what these are compared with. */
export interface StatementAsk extends StatementChoice, StatementOrder, CompareAsk {
  range: TimeRange
  /** Instead of samples what the server has counted since its last reset. */
  reset: boolean
  /** application_name of sessions that it was seen in. */
  app: string | null
  limit: number
  /** Between two samples of statements, ms. */
  sampleMs: number
}

/** The statements of the target's database over a range of the samples, or since the last reset of the server's own counts. Errors: as the reads. */
export async function listStatements(target: Target, ask: StatementAsk): Promise<Result<QueryList>> {
  const { serverId: server, database } = target
  const { range, sampleMs } = ask
  const [settings, first, last, filters, window] = await Promise.all([
    runRead(target, statementSettings, {}),
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
    sampleEveryMs: sampleMs,
    blockSize: known?.block_size ?? 8192,
    trackPlanning: known?.track_planning ?? false,
    trackIoTiming: known?.track_io_timing ?? false,
  }
  // What the samples hold is shown also while the server is away; what it counts itself is not to be had then.
  if (ask.reset || first === null) {
    if (!settings.ok) return settings
    if (notices.some(({ weight }) => weight === 'none')) return ok({ ...words, ...nothing })
    return countedList(target, { ...ask, limit: Math.min(ask.limit, LIMITS.more) }, words)
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
  const refused = await refusedTexts(target, statements)
  const names = await nameStatements([...(dearest?.statements ?? []), ...statements])
  const rows = statements.map((total) => sampledRow(total, names.get(keyOf(total)) ?? ''))
  const shown = sorted(rows, ask.sort, ask.dir)
  const top = (dearest ?? totals).statements.filter(({ toplevel }) => toplevel || !nestedApart).slice(0, TOP)
  const [chart, trends, { compared, changes }, own, databaseMs] = await Promise.all([
    loadChart(server, range, filter, top, names),
    trendsOf(server, range, shown),
    readChanges({ server, database, range, ask, marks, first, filter, sampleMs }),
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

type Words = Pick<
  QueryList,
  'notices' | 'filters' | 'firstSample' | 'lastSample' | 'sampleEveryMs' | 'blockSize' | 'trackPlanning' | 'trackIoTiming'
>

/** What pg_stat_statements itself has counted since its last reset: there is no chart to it, and nothing to compare with. */
async function countedList(target: Target, ask: StatementAsk, words: Words): Promise<Result<QueryList>> {
  const counted = await countedRows(target, ask)
  if (!counted.ok) return counted
  const { seen, passed, databaseMs, withheld, since } = counted.value
  const texts = new Map(passed.map((row) => [keyOf(row), row]))
  const rows = passed.map((row) => countedRow(row, ''))
  const shown = sorted(rows, ask.sort, ask.dir).slice(0, ask.limit)
  const names = await nameStatements(shown.flatMap(({ key }) => texts.get(key) ?? []))
  const unique = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))].sort()
  return ok({
    ...words,
    notices: withheld ? [textsWithheld(withheld), ...words.notices] : words.notices,
    filters: {
      users: unique(seen.map(({ rolname }) => rolname)),
      databases: unique(seen.map(({ datname }) => datname)),
      applications: words.filters.applications,
    },
    source: 'reset',
    from: since,
    to: new Date().toISOString(),
    sampled: null,
    all: sumUp(countedOnce(rows)),
    count: rows.length,
    databaseMs,
    nestedApart: countedOnce(rows).length < rows.length,
    rows: shown.map((row) => ({ ...row, name: names.get(row.key) ?? '' })),
    chart: null,
    ownTime: countedOnce(seen.filter((row) => row.own)).reduce((sum, row) => sum + row.total_exec_time, 0),
    compared: null,
    changes: null,
    marks: [],
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
  fix: null,
})

/** ms of all statements of the databases that a filter chooses; `passed`: of those that the whole filter lets through. */
export async function databaseTime(server: string, range: TimeRange, filter: StatementFilter, passed: number): Promise<number> {
  const { datname, ...rest } = filter
  if (Object.keys(rest).length === 0) return passed
  const { all } = await statementTotals(server, range, { filter: datname === undefined ? {} : { datname }, limit: 1 })
  return all.total_exec_time
}

export const filterOf = (
  { q, user, app, db, min }: Pick<StatementAsk, 'q' | 'user' | 'app' | 'db' | 'min'>,
  database: string,
): StatementFilter => ({
  ...(db === ALL_DATABASES ? {} : { datname: db ?? database }),
  ...(user === null ? {} : { rolname: user }),
  ...(app === null ? {} : { application: app }),
  ...(q.trim() === '' ? {} : { search: q.trim() }),
  ...(min > 0 ? { minMean: min } : {}),
})
