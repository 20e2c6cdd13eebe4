import { parseSql, scanSql } from './parse-sql'

type Json = Record<string, unknown>

/** What says where something stands, or how it was written, and not what it is. */
const ASIDE = new Set(['location', 'funcformat', 'stmt_location', 'stmt_len'])

interface Place {
  /** In bytes. */
  location: number
  /** The n of the $n that stands there instead. */
  number: number
}

/**
 * An expression that GROUP BY, DISTINCT ON or ORDER BY shares with the list of columns is one to the server, so
 * pg_stat_statements replaces its constants in one of the two places only: select n % $1 … group by n % 10. Then they are two to
 * whoever reads the text again. The constant becomes the parameter here. A text that cannot be parsed comes back as it is.
 */
export async function withSharedConstants(sql: string): Promise<string> {
  const parsed = await parseSql(sql)
  if (!parsed.ok) return sql
  const places = new Map<number, number>()
  for (const select of selectsIn(parsed.value.map(({ tree }) => tree))) {
    const listed = subtrees([select.targetList])
    const columns = [...listed, ...subtrees([select.havingClause, select.sortClause])]
    for (const key of subtrees([select.groupClause, select.distinctClause, select.sortClause]).filter(isExpression)) {
      const others = columns.filter((column) => column !== key)
      // One that is listed as it is has lost nothing.
      if (listed.some((column) => constantsBetween(key, column)?.length === 0)) continue
      for (const { location, number } of others.flatMap((column) => constantsBetween(key, column) ?? [])) {
        if (!places.has(location)) places.set(location, number)
      }
    }
  }
  return places.size === 0 ? sql : replaced(sql, places)
}

async function replaced(sql: string, places: Map<number, number>): Promise<string> {
  const bytes = Buffer.from(sql, 'utf8')
  const tokens = await scanSql(sql)
  let [done, text] = [0, '']
  for (const [at, token] of tokens.entries()) {
    const number = places.get(token.start)
    if (number === undefined) continue
    const end = token.text === '-' ? (tokens[at + 1]?.end ?? token.end) : token.end // a sign belongs to its number
    text += `${bytes.subarray(done, token.start).toString('utf8')}$${number}`
    done = end
  }
  return text + bytes.subarray(done).toString('utf8')
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null
/** More than a constant, a parameter or a column by itself. */
const isExpression = (node: Json): boolean =>
  ['A_Expr', 'FuncCall', 'CaseExpr', 'CoalesceExpr', 'MinMaxExpr', 'TypeCast', 'A_Indirection'].some((kind) => kind in node)

/** Every node in it, itself among them. */
function subtrees(roots: unknown[]): Json[] {
  const found: Json[] = []
  const todo = [...roots]
  while (todo.length > 0) {
    const node = todo.pop()
    if (!isObject(node)) continue
    if (!Array.isArray(node)) found.push(node)
    todo.push(...Object.values(node))
  }
  return found
}

const selectsIn = (roots: unknown[]): Json[] =>
  subtrees(roots).filter((node) => 'targetList' in node && ('groupClause' in node || 'distinctClause' in node || 'sortClause' in node))

/** The constants that are parameters in the other of two expressions that say the same otherwise; null where they do not. */
function constantsBetween(one: Json, other: Json): Place[] | null {
  const found: Place[] = []
  return isSame(one, other, found) ? found : null
}

/** Whether two expressions say the same where each constant of the one is a parameter of the other; collects those constants. */
function isSame(one: unknown, other: unknown, found: Place[]): boolean {
  if (!isObject(one) || !isObject(other)) return one === other
  const [constant, parameter] = 'A_Const' in one ? [one.A_Const, other.ParamRef] : [other.A_Const, one.ParamRef]
  if (isObject(constant) && isObject(parameter)) {
    found.push({ location: Number(constant.location ?? 0), number: Number(parameter.number) })
    return true
  }
  const keys = (of: Json) => Object.keys(of).filter((key) => !ASIDE.has(key))
  return keys(one).length === keys(other).length && keys(one).every((key) => key in other && isSame(one[key], other[key], found))
}
