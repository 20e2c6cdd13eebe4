import type { QueryList } from '@/components/queries/query-list'
import { ALL_DATABASES } from '@/components/queries/query-params'
import type { Row } from '@/db/server/define-read'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'
import { readStatements } from '@/db/statements/read-statements'
import { statementsInfo, type statements as statementsRead } from '@/db/statements/reads/statements'
import { textsWithheld } from '@/db/statements/statements-seen'
import type { QueryAsk } from './live-params'
import { countedOnce, countedRow, sorted, sumUp } from './query-rows'

type Words = Pick<
  QueryList,
  'notices' | 'filters' | 'firstSample' | 'lastSample' | 'sampleEveryMs' | 'blockSize' | 'trackPlanning' | 'trackIoTiming'
>
type Counted = Row<typeof statementsRead>
type CountedAsk = Pick<QueryAsk, 'q' | 'user' | 'db' | 'min'>

/**
 * What the filter lets through of the server's own counts; `seen` is all of them, `databaseMs` the time of the chosen databases,
 * `since` their last reset. Errors: as the reads.
 */
export async function countedRows(target: Target, database: string, ask: CountedAsk) {
  const [counted, info] = await Promise.all([readStatements(target, null), runRead(target, statementsInfo, {})])
  if (!counted.ok) return counted
  const { rows, withheld } = counted.value
  const seen = rows.filter((row): row is Counted & { queryid: string } => row.queryid !== null)
  const passed = seen.filter((row) => !row.own && passes(row, ask, database))
  const chosen = seen.filter((row) => !row.own && isChosen(row, ask, database))
  const databaseMs = countedOnce(chosen).reduce((sum, row) => sum + row.total_exec_time, 0)
  return ok({ seen, passed, databaseMs, withheld, since: info.ok ? (info.value[0]?.stats_reset ?? null) : null })
}

/** What pg_stat_statements itself has counted since its last reset: there is no chart to it, and nothing to compare with. */
export async function countedList(target: Target, database: string, ask: QueryAsk, words: Words): Promise<Result<QueryList>> {
  const counted = await countedRows(target, database, ask)
  if (!counted.ok) return counted
  const { seen, passed, databaseMs, withheld, since } = counted.value
  const rows = passed.map(countedRow)
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
    rows: sorted(rows, ask.sort, ask.dir).slice(0, ask.limit),
    chart: null,
    ownTime: countedOnce(seen.filter((row) => row.own)).reduce((sum, row) => sum + row.total_exec_time, 0),
    compared: null,
    changes: null,
    marks: [],
  })
}

const isChosen = ({ datname }: Counted, { db }: Pick<CountedAsk, 'db'>, database: string): boolean =>
  db === ALL_DATABASES || datname === (db ?? database)

function passes(row: Counted, { q, user, db, min }: CountedAsk, database: string): boolean {
  if (!isChosen(row, { db }, database)) return false
  if (user !== null && row.rolname !== user) return false
  if (q.trim() !== '' && !row.query?.toLowerCase().includes(q.trim().toLowerCase())) return false
  return row.mean_exec_time >= min
}
