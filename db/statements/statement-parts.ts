import type { Node } from 'libpg-query'
import { isComment } from '../server/edit-sql'
import { withoutConstantPlaces } from '../server/normalised-sql'
import { parseSql, scanIfReadable } from '../server/parse-sql'
import { statementWithin } from '../server/statement-within'
import { tagIn } from './statement-tag'
import { shortName } from './statement-text'

/** What a statement can be told apart by, what says most first. */
export interface StatementParts {
  /** What its application calls it in a comment; whole: it needs no further words. */
  tag: { name: string; whole: boolean } | null
  /** SELECT, INSERT …; of what cannot be parsed its beginning. */
  verb: string
  /** Relations, its target first; functions where it reads no relation. */
  tables: string[]
  /** Columns that its WHERE and HAVING compare. */
  by: string[]
  /** What else there is in it: what it selects, sets, groups and orders by. */
  further: string[]
}

type Json = Record<string, unknown>

const VERBS: Record<string, string> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
}
/** Longer texts are not parsed for a name. */
const LONGEST = 20_000
/** Texts whose parts are kept: more than pg_stat_statements holds by default. */
const KEPT = 6_000

const known = new Map<string, Promise<StatementParts>>()

/** The parts of a text; each distinct text is parsed once, while it is among the last thousands that were asked for. */
export function partsOf(query: string): Promise<StatementParts> {
  const parts = known.get(query) ?? readParts(query)
  known.delete(query)
  known.set(query, parts)
  if (known.size > KEPT) known.delete(known.keys().next().value as string)
  return parts
}

async function readParts(query: string): Promise<StatementParts> {
  const unread = { tag: null, verb: shortName(query), tables: [], by: [], further: [] }
  if (query.length > LONGEST) return unread
  const tag = tagIn(await outerComments(query))
  const { statement, of } = await statementWithin(query)
  const asKept = await parseSql(statement)
  const parsed = asKept.ok ? asKept : await parseSql(await withoutConstantPlaces(statement))
  const [one, ...more] = parsed.ok ? parsed.value : []
  const verb = one && VERBS[one.kind]
  if (!one || !verb || more.length > 0) return { ...unread, tag }
  const found = partsIn(one.tree)
  const says = found.tables.length + found.by.length > 0
  return { tag, ...found, verb: says ? [of, verb].filter(Boolean).join(' ') : shortName(query) }
}

/** Comments before the first word and after the last: those within are remarks on a part. */
async function outerComments(query: string): Promise<string[]> {
  if (!/--|\/\*/.test(query)) return []
  const tokens = (await scanIfReadable(query)) ?? []
  const first = tokens.findIndex(({ tokenName }) => !isComment(tokenName))
  const last = tokens.findLastIndex(({ tokenName, text }) => !isComment(tokenName) && text !== ';')
  return tokens.filter(({ tokenName }, at) => isComment(tokenName) && (at < first || at > last)).map(({ text }) => text)
}

/** Where in a statement a name stands. */
type Place = 'by' | 'select' | 'set' | 'group' | 'order' | 'join'
const PLACES = new Map<string, Place>(
  Object.entries({
    whereClause: 'by',
    havingClause: 'by',
    groupClause: 'group',
    sortClause: 'order',
    distinctClause: 'select',
    quals: 'join',
    joinCondition: 'join',
  }),
)
const SAYS: Record<Place, (name: string) => string> = {
  by: (name) => name,
  select: (name) => name,
  set: (name) => `set ${name}`,
  group: (name) => `group by ${name}`,
  order: (name) => `order by ${name}`,
  join: (name) => `join on ${name}`,
}

function partsIn(tree: Node): Omit<StatementParts, 'tag' | 'verb'> {
  const [tables, calls, by, further, ctes] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  const say = (place: Place, name: string) => (place === 'by' ? by : further).add(SAYS[place](name))
  // Depth first and in the order of the parser's fields: the target of a write is the first of them.
  const todo: { key: string; value: unknown; place: Place }[] = [{ key: '', value: tree, place: 'select' }]
  while (todo.length > 0) {
    const { key, value, place } = todo.pop() as (typeof todo)[number]
    if (typeof value !== 'object' || value === null) continue
    const node = value as Json
    if ((key === 'RangeVar' || key === 'relation') && typeof node.relname === 'string') tables.add(node.relname)
    if (key === 'CommonTableExpr') ctes.add(String(node.ctename))
    const name = key === 'ColumnRef' ? lastOf(node.fields) : key === 'FuncCall' ? lastOf(node.funcname) : null
    if (key === 'FuncCall' && name) calls.add(name)
    if (name && key === 'ColumnRef') say(place, name)
    for (const word of wordsOf(key, node)) further.add(word)
    if (key === 'ResTarget' && place === 'set' && typeof node.name === 'string') say('set', node.name)
    const isWrite = key === 'UpdateStmt' || key === 'InsertStmt'
    const below = Object.entries(node).map(([field, child]) => ({
      key: field,
      value: child,
      place:
        isWrite && /^(targetList|cols)$/.test(field)
          ? 'set'
          : key === 'SelectStmt' && field === 'targetList'
            ? 'select'
            : (PLACES.get(field) ?? place),
    }))
    todo.push(...below.reverse())
  }
  for (const cte of ctes) tables.delete(cte)
  return { tables: tables.size > 0 ? [...tables] : [...calls], by: [...by], further: [...further] }
}

/** What a node says that is no column: functions, operators other than =, casts, and what a SELECT has beside its columns. */
function wordsOf(key: string, node: Json): string[] {
  if (key === 'FuncCall') return [`${lastOf(node.funcname)}()`, ...(node.over ? ['over'] : [])]
  if (key === 'TypeCast') return [`::${lastOf((node.typeName as Json | undefined)?.names)}`]
  if (key === 'A_Expr') {
    const operator = lastOf(node.name)
    return operator && operator !== '=' ? [operator.toLowerCase()] : node.kind === 'AEXPR_IN' ? ['in'] : []
  }
  const said = SAID.get(key)
  if (said) return [said]
  if (key !== 'SelectStmt') return []
  const set = node.op !== undefined && node.op !== 'SETOP_NONE' ? [String(node.op).slice('SETOP_'.length).toLowerCase()] : []
  const has = (field: string, word: string) => (node[field] ? [word] : [])
  return [
    ...set,
    ...has('limitCount', 'limit'),
    ...has('limitOffset', 'offset'),
    ...has('distinctClause', 'distinct'),
    ...has('lockingClause', 'for update'),
  ]
}

const SAID = new Map(
  Object.entries({
    CaseExpr: 'case',
    SubLink: 'subselect',
    CoalesceExpr: 'coalesce()',
    MinMaxExpr: 'greatest()',
    NullTest: 'is null',
    BooleanTest: 'is true',
    A_ArrayExpr: 'array',
    A_Indirection: '[]',
    JoinExpr: 'join',
    GroupingSet: 'grouping sets',
    RangeTableSample: 'tablesample',
    OnConflictClause: 'on conflict',
    RangeSubselect: 'from subselect',
  }),
)

/** The last word of a name; a star is none. */
function lastOf(list: unknown): string | null {
  const last: { String?: { sval?: string } } | undefined = Array.isArray(list) ? list.at(-1) : undefined
  return last?.String?.sval ?? null
}
