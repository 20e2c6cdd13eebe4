import type { z } from 'zod'
import type { ParsedStatement } from '../server/parse-sql'
import type { askedName } from './reads/explain-objects'

type StatementName = Omit<z.output<typeof askedName>, 'path'>

/** What stands in a statement, as far as it decides whether it may be explained. */
interface StatementNames {
  /** Everything that must be looked up. */
  names: StatementName[]
  /** Names of WITH queries: a relation of that name need not be in the catalog. */
  ctes: string[]
  /** Why EXPLAIN ANALYZE is not for it, as sentences; empty for a plain SELECT. */
  changes: string[]
  /** It makes a table: nothing to explain. */
  into: boolean
  /** The largest n of $n. */
  parameters: number
  /** Kinds of nodes that are not known here, so that nobody can say which names are in them. */
  unknown: string[]
}

/** The nodes of the five statements that EXPLAIN takes, of rules, and of functions in SQL, as the parser makes them. */
const KNOWN = new Set(
  `SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt RuleStmt CreateFunctionStmt FunctionParameter DefElem ReturnStmt List
  WithClause CommonTableExpr CTESearchClause CTECycleClause IntoClause LockingClause OnConflictClause InferClause IndexElem
  MergeWhenClause ReturningClause ReturningOption ResTarget SetToDefault MultiAssignRef CurrentOfExpr SortBy WindowDef GroupingSet
  GroupingFunc Alias RangeVar RangeSubselect RangeFunction RangeTableSample RangeTableFunc RangeTableFuncCol JoinExpr ColumnDef
  A_Const Integer Float Boolean String BitString ParamRef ColumnRef A_Star A_Indices A_Indirection A_ArrayExpr A_Expr BoolExpr
  NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr RowExpr SubLink FuncCall NamedArgExpr TypeCast TypeName
  CollateClause SQLValueFunction MergeSupportFunc XmlExpr XmlSerialize JsonFormat JsonReturning JsonOutput JsonValueExpr JsonArgument JsonBehavior
  JsonFuncExpr JsonTable JsonTableColumn JsonTablePathSpec JsonKeyValue JsonParseExpr JsonScalarExpr JsonSerializeExpr
  JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonAggConstructor JsonObjectAgg JsonArrayAgg
  JsonIsPredicate`.split(/\s+/),
)

/** Operators that the grammar calls by other words: BETWEEN, CASE x WHEN y, JOIN USING, IN, ORDER BY … */
const IMPLIED = ['=', '<', '<=', '>', '>=', '<>']

const WRITES: Record<string, string> = { InsertStmt: 'INSERT', UpdateStmt: 'UPDATE', DeleteStmt: 'DELETE', MergeStmt: 'MERGE' }

type Json = Record<string, unknown>

/**
 * Walks a parse tree for every name in it. Whatever can stand for code is taken: functions, operators, types (their
 * casts and checks), sampling methods, relations (views), and attributes, as t.f may be the function f(t). What the grammar writes as a
 * function of pg_catalog (EXTRACT, OVERLAY, AT TIME ZONE) stands so in the tree. Not taken, as only a superuser can make them:
 * operator classes, collations, access methods.
 */
export function namesIn({ tree, kind }: Pick<ParsedStatement, 'tree' | 'kind'>): StatementNames {
  const found = new Map<string, StatementName>()
  const ctes = new Set<string>()
  const changes = new Set<string>()
  const unknown = new Set<string>()
  let [into, parameters] = [false, 0]
  const ask = (what: StatementName['kind'], name: string | undefined, schema: string | null = null) => {
    if (name !== undefined) found.set(JSON.stringify([what, schema, name]), { kind: what, schema, name })
  }
  const askList = (what: StatementName['kind'], list: unknown) => {
    const words = wordsOf(list)
    ask(what, words.at(-1), words.at(-2) ?? null)
  }
  const node: Record<string, (value: Json) => void> = {
    FuncCall: ({ funcname }) => {
      askList('function', funcname)
      askList('cast', funcname) // t(x) may be a cast to type t
    },
    RangeTableSample: ({ method }) => askList('function', method),
    A_Expr: ({ name, kind: how }) => {
      // BETWEEN is no operator's name; its operators are among the implied ones.
      if (!String(how).includes('BETWEEN')) askList('operator', name)
    },
    SubLink: ({ operName }) => operName !== undefined && askList('operator', operName),
    SortBy: ({ useOp }) => useOp !== undefined && askList('operator', useOp),
    RangeVar: ({ relname, schemaname, catalogname }) => {
      ask('relation', String(relname), schemaname === undefined ? null : String(schemaname))
      if (catalogname !== undefined) changes.add('It names another database')
    },
    ColumnRef: ({ fields }) =>
      wordsOf(fields)
        .slice(1)
        .forEach((word) => void ask('attribute', word)),
    A_Indirection: ({ indirection }) => wordsOf(indirection).forEach((word) => void ask('attribute', word)),
    ParamRef: ({ number }) => {
      parameters = Math.max(parameters, Number(number ?? 0))
    },
    CommonTableExpr: ({ ctename }) => ctes.add(String(ctename)),
    LockingClause: () => changes.add('It locks rows (FOR UPDATE or FOR SHARE)'),
    IntoClause: () => {
      into = true
    },
  }
  const seen = (key: string, value: unknown) => {
    if (/^[A-Z]/.test(key) && !KNOWN.has(key)) unknown.add(key) // fields begin with a small letter
    if (key in WRITES) changes.add(`It holds ${WRITES[key]}`)
    if (key === 'intoClause') into = true
    // A type stands under its own key where the grammar leaves no choice.
    if ((key === 'TypeName' || key === 'typeName') && isObject(value)) askList('type', value.names)
    if (isObject(value)) node[key]?.(value)
    // A relation stands so in INSERT, UPDATE, DELETE and MERGE.
    if (key === 'relation' && isObject(value) && 'relname' in value) node.RangeVar?.(value)
  }
  const todo: [string, unknown][] = [[kind, tree]]
  while (todo.length > 0) {
    const [key, value] = todo.pop() as [string, unknown]
    seen(key, value)
    if (isObject(value)) todo.push(...Object.entries(value))
  }
  if (kind in WRITES) changes.add(`It holds ${WRITES[kind]}`)
  for (const name of IMPLIED) ask('operator', name)
  return { names: [...found.values()], ctes: [...ctes], changes: [...changes], into, parameters, unknown: [...unknown] }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** The strings of a list of String nodes; a star is none. */
function wordsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: { String?: { sval?: string } }) => (item.String?.sval === undefined ? [] : [item.String.sval]))
}
