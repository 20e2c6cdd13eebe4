import type { QueryList } from '@/components/queries/query-list'
import { ALL_DATABASES, LIMITS } from '@/components/queries/query-params'
import { statementsInfo, statements as statementsRead } from '@/db/reads/statements'
import type { Row } from '@/db/target/define-read'
import { ok, type Result } from '@/db/target/problem'
import { runRead } from '@/db/target/run-read'
import type { Target } from '@/db/target/target'
import type { QueryAsk } from './query-reads'
import { countedRow, sorted, sumUp } from './query-rows'

type Words = Pick<QueryList, 'notices' | 'filters' | 'firstSample' | 'lastSample' | 'blockSize' | 'trackPlanning' | 'trackIoTiming'>
type Counted = Row<typeof statementsRead>

/** What pg_stat_statements itself has counted since its last reset: there is no chart to it, and nothing to compare with. */
export async function countedList(target: Target, database: string, ask: QueryAsk, words: Words): Promise<Result<QueryList>> {
  const [counted, info] = await Promise.all([
    runRead(target, statementsRead, { showtext: true, dbid: null }),
    runRead(target, statementsInfo, {}),
  ])
  if (!counted.ok) return counted
  const seen = counted.value.filter((row): row is Counted & { queryid: string } => row.queryid !== null)
  const rows = seen.filter((row) => !row.own && passes(row, ask, database)).map(countedRow)
  const unique = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))].sort()
  return ok({
    ...words,
    filters: {
      users: unique(seen.map(({ rolname }) => rolname)),
      databases: unique(seen.map(({ datname }) => datname)),
      applications: words.filters.applications,
    },
    source: 'reset',
    from: info.ok ? (info.value[0]?.stats_reset ?? null) : null,
    to: new Date().toISOString(),
    sampled: null,
    all: sumUp(rows),
    count: rows.length,
    rows: sorted(rows, ask.sort, ask.dir).slice(0, Math.min(ask.limit, LIMITS.more)),
    chart: null,
    ownTime: seen.filter((row) => row.own).reduce((sum, row) => sum + row.total_exec_time, 0),
    changes: null,
    marks: [],
  })
}

function passes(row: Counted, { q, user, db, min }: QueryAsk, database: string): boolean {
  if (db !== ALL_DATABASES && row.datname !== (db ?? database)) return false
  if (user !== null && row.rolname !== user) return false
  if (q.trim() !== '' && !row.query?.toLowerCase().includes(q.trim().toLowerCase())) return false
  return row.mean_exec_time >= min
}
