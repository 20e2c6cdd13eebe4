import { ALL_DATABASES } from '../domain/statement-params'
import type { Row } from '../server/define-read'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { readStatements } from './read-statements'
import { statementsInfo, type statements as statementsRead } from './reads/statements'
import { countedOnce } from './statement-rows'

type Counted = Row<typeof statementsRead>

/** Which statements are asked for. */
export interface StatementChoice {
  /** In the text, whatever the case. */
  q: string
  user: string | null
  /** Null: the database of the page. */
  db: string | null
  /** Only statements with a mean of at least so many ms. */
  min: number
}

/**
 * What the filter lets through of the server's own counts; `seen` is all of them, `databaseMs` the time of the chosen databases,
 * `since` their last reset. Errors: as the reads.
 */
export async function countedRows(target: Target, ask: StatementChoice) {
  const [counted, info] = await Promise.all([readStatements(target, null), runRead(target, statementsInfo, {})])
  if (!counted.ok) return counted
  const { rows, withheld } = counted.value
  const seen = rows.filter((row): row is Counted & { queryid: string } => row.queryid !== null)
  const passed = seen.filter((row) => !row.own && passes(row, ask, target.database))
  const chosen = seen.filter((row) => !row.own && isChosen(row, ask, target.database))
  const databaseMs = countedOnce(chosen).reduce((sum, row) => sum + row.total_exec_time, 0)
  return ok({ seen, passed, databaseMs, withheld, since: info.ok ? (info.value[0]?.stats_reset ?? null) : null })
}

const isChosen = ({ datname }: Counted, { db }: Pick<StatementChoice, 'db'>, database: string): boolean =>
  db === ALL_DATABASES || datname === (db ?? database)

function passes(row: Counted, { q, user, db, min }: StatementChoice, database: string): boolean {
  if (!isChosen(row, { db }, database)) return false
  if (user !== null && row.rolname !== user) return false
  if (q.trim() !== '' && !row.query?.toLowerCase().includes(q.trim().toLowerCase())) return false
  return row.mean_exec_time >= min
}
