import { explainObjects } from '../reads/explain-objects'
import type { Row } from '../server/define-read'
import { type ParsedStatement, parseSql } from '../server/parse-sql'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type AskedName, namesIn } from './explain-names'

/** What explaining a statement might set off. */
interface ExplainGuard {
  /** Why it is not explained at all, as sentences. */
  refused: string[]
  /** Volatile functions that running it may call, as regprocedure prints them: EXPLAIN ANALYZE asks first. */
  volatile: string[]
}

/** Views in views in views; further down it is refused. */
const ROUNDS = 6

/**
 * What planning (and running) a statement may execute. Planning is not harmless: it evaluates immutable and stable functions,
 * index expressions and checks. So whatever code may be reached must belong to a superuser or to this very role, else somebody who
 * may make a function could have it executed with this role's rights. What the catalog does not know is refused as well.
 * Errors: as the read; invalid_input where a definition cannot be read.
 */
export async function guardExplain(
  target: Target,
  statement: ParsedStatement,
  searchPath: string,
  role: string,
): Promise<Result<ExplainGuard>> {
  const refused = new Set<string>()
  const volatile = new Set<string>()
  const asked = new Set<string>()
  const { names, ctes } = namesIn(statement)
  let next: AskedName[] = names
  for (let round = 0; next.length > 0; round++) {
    if (round === ROUNDS) return ok({ refused: ['Its views stand on each other too deeply to be looked through'], volatile: [] })
    for (const name of next) asked.add(JSON.stringify(name))
    const found = await runRead(target, explainObjects, { names: JSON.stringify(next), path: schemasOf(searchPath) })
    if (!found.ok) return found
    for (const row of found.value) {
      const why = refusal(row, round, ctes, role)
      if (why) refused.add(why)
      if (row.kind === 'function' && row.runs && row.volatility === 'v') volatile.add(row.identity)
    }
    const deeper = await namesOf(found.value)
    if (!deeper.ok) return deeper
    next = deeper.value.filter((name) => !asked.has(JSON.stringify(name)))
  }
  return ok({ refused: [...refused], volatile: [...volatile].sort() })
}

function refusal(row: Row<typeof explainObjects>, round: number, ctes: string[], role: string): string | null {
  if (row.kind === 'missing') {
    // In what the server deparsed itself names are bound already, and found by pg_depend.
    if (round > 0 || (row.owner === 'relation' && ctes.includes(row.identity))) return null
    return `The ${row.owner} ${row.identity} is not found here`
  }
  if (row.kind === 'relation') return row.relkind === 'f' ? `${row.identity} is a foreign table: another server would be asked` : null
  return row.trusted ? null : `${row.identity} belongs to ${row.owner}: its code would be executed with the rights of ${role}`
}

/** The names in views and default arguments. PostgreSQL's own functions have no pg_depend rows and are found by these. */
async function namesOf(rows: Row<typeof explainObjects>[]): Promise<Result<AskedName[]>> {
  const names: AskedName[] = []
  for (const { kind, definition } of rows) {
    if (definition === null) continue
    const parsed = await parseSql(kind === 'relation' ? definition : `select ${definition}`)
    if (!parsed.ok) return parsed
    for (const statement of parsed.value) names.push(...namesIn(statement).names)
  }
  return ok(names)
}

/** The names in a search_path: plain ones in lower case, quoted ones as they are. */
export const schemasOf = (searchPath: string): string[] =>
  [...searchPath.matchAll(/"((?:""|[^"])*)"|([^,\s"]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  )
