import { numberOf, renumbered } from './edit-sql'
import { parseSql, scanIfReadable, scanSql } from './parse-sql'

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
  for (const { listed, columns, keys } of selectsIn(parsed.value.map(({ tree }) => tree))) {
    for (const key of keys) {
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

/**
 * The same, where that was not enough for the server: an expression that is repeated within others (n / 10, (n / 10) * 10) has a parameter at
 * each place. Expressions of GROUP BY, DISTINCT and ORDER BY that differ in constants and parameters alone from one of the columns are
 * taken for the same, and their parameters for one. A text that cannot be parsed comes back as it is.
 */
export async function withOneParameterForEach(sql: string): Promise<string> {
  const parsed = await parseSql(sql)
  if (!parsed.ok) return sql
  const one = new Map<number, number>()
  const leader = (number: number): number => (one.has(number) ? leader(one.get(number) as number) : number)
  const places = new Map<number, number>()
  for (const { columns, keys } of selectsIn(parsed.value.map(({ tree }) => tree)))
    for (const pairs of keys.flatMap((key) => columns.map((column) => (key === column ? [] : (pairsBetween(key, column) ?? [])))))
      for (const { location, numbers } of pairs) {
        const [first = 0, second = first] = numbers.map(leader).sort((a, b) => a - b)
        if (second !== first) one.set(second, first)
        if (location !== null) places.set(location, first)
      }
  if (places.size === 0 && one.size === 0) return sql
  const tokens = ((await scanIfReadable(sql)) ?? []).filter(({ tokenName }) => tokenName === 'PARAM')
  for (const token of tokens) if (one.has(numberOf(token))) places.set(token.start, numberOf(token))
  for (const [location, number] of places) places.set(location, leader(number))
  return renumbered(await replaced(sql, places))
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

/** Of every SELECT that groups, sorts or is DISTINCT: what it lists, what must be among its keys, and the expressions of these. */
const selectsIn = (roots: unknown[]): { listed: Json[]; columns: Json[]; keys: Json[] }[] =>
  subtrees(roots)
    .filter((node) => 'targetList' in node && ('groupClause' in node || 'distinctClause' in node || 'sortClause' in node))
    .map(({ targetList, havingClause, sortClause, groupClause, distinctClause }) => {
      const listed = subtrees([targetList])
      const keys = subtrees([groupClause, distinctClause, sortClause]).filter(isExpression)
      return { listed, columns: [...listed, ...subtrees([havingClause, sortClause])], keys }
    })

/** A constant and a parameter, or two parameters, that stand at the same place of two expressions. */
interface Pair {
  /** Of the constant, in bytes; null for two parameters. */
  location: number | null
  numbers: number[]
}

/** The constants that are parameters in the other of two expressions that say the same otherwise; null where they do not. */
function constantsBetween(one: Json, other: Json): Place[] | null {
  const pairs = pairsBetween(one, other)
  if (!pairs || pairs.some(({ numbers: [first, second] }) => second !== undefined && first !== second)) return null
  return pairs.flatMap(({ location, numbers: [number] }) => (location === null || number === undefined ? [] : [{ location, number }]))
}

function pairsBetween(one: Json, other: Json): Pair[] | null {
  const found: Pair[] = []
  return isSame(one, other, found) ? found : null
}

/** Whether two expressions say the same but for constants and parameters at the same places; collects those. */
function isSame(one: unknown, other: unknown, found: Pair[]): boolean {
  if (!isObject(one) || !isObject(other)) return one === other
  const [constant, parameter] = 'A_Const' in one ? [one.A_Const, other.ParamRef] : [other.A_Const, one.ParamRef]
  if (isObject(constant) && isObject(parameter)) {
    found.push({ location: Number(constant.location ?? 0), numbers: [Number(parameter.number)] })
    return true
  }
  if (isObject(one.ParamRef) && isObject(other.ParamRef)) {
    found.push({ location: null, numbers: [Number(one.ParamRef.number), Number(other.ParamRef.number)] })
    return true
  }
  const keys = (of: Json) => Object.keys(of).filter((key) => !ASIDE.has(key))
  return keys(one).length === keys(other).length && keys(one).every((key) => key in other && isSame(one[key], other[key], found))
}
