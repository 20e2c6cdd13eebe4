import { parseSql } from '../server/parse-sql'
import type { QueryRow } from '../statements/statement-rows'
import type { TimeRange } from './range'
import { sampledRow } from './sampled-row'
import { statementTotals } from './statements'

/** Of so many statements that have the table's name in their text, those with the most time first, the text is parsed. */
const MOST_READ = 300

/** The statements that name a table, by the time that they took within a range. */
export interface TableStatements {
  rows: QueryRow[]
  /** Texts that were cut, so that they cannot be parsed: they have its name somewhere. */
  unread: number
  /** True: more statements have its name in their text than were looked at. */
  more: boolean
}

/** Sampled statements of a database whose parse tree has the table as a relation, in any schema where the text names none. */
export async function tableStatements(
  serverId: string,
  database: string,
  table: { schemaname: string; relname: string },
  range: TimeRange,
): Promise<TableStatements> {
  const filter = { datname: database, search: table.relname }
  const { statements } = await statementTotals(serverId, range, { filter, limit: MOST_READ })
  const rows: QueryRow[] = []
  let unread = 0
  for (const total of statements) {
    const parsed = total.query === null ? null : await parseSql(total.query)
    if (!parsed?.ok) unread += 1
    else if (parsed.value.some(({ tree }) => names(tree, table))) rows.push(sampledRow(total, ''))
  }
  return { rows: rows.sort((a, b) => b.total - a.total), unread, more: statements.length === MOST_READ }
}

/** Whether a parse tree has the relation: RangeVar { schemaname, relname }. */
function names(tree: unknown, table: { schemaname: string; relname: string }): boolean {
  const stack: unknown[] = [tree]
  while (stack.length > 0) {
    const node = stack.pop()
    if (typeof node !== 'object' || node === null) continue
    const { relname, schemaname } = node as { relname?: unknown; schemaname?: unknown }
    if (relname === table.relname && (!schemaname || schemaname === table.schemaname)) return true
    stack.push(...Object.values(node))
  }
  return false
}
