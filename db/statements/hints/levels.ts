import { conjunctsOf, isObject, type Json, listOf, the, wordsOf } from './tree'

/** What the catalog says of a column, as far as a hint needs it. */
export interface ColumnFacts {
  name: string
  /** As pg_type has it (timestamptz, int4); null for a domain or a type that is not PostgreSQL's own. */
  type: string | null
  /** No row can hold NULL in it. */
  notNull: boolean
  /** A valid b-tree index on all rows that begins with the column itself. */
  index: string | null
  /** It stands in the expression of some index. */
  inExpression: boolean
}

/** What the catalog says of a relation. */
export interface RelationFacts {
  /** As the statement names it. */
  asked: { schema: string | null; name: string }
  nspname: string
  relname: string
  relkind: string
  /** Keys and NOT NULL hold for every row that a query of it finds: not so for views, foreign tables, and parents by inheritance. */
  certain: boolean
  columns: Map<string, ColumnFacts>
  /** Columns of which the server lets no two rows be equal at any moment. */
  keys: string[][]
  /** Columns of further unique indexes: partial, deferrable, or with expressions, which are left out here. */
  perhapsKeys: string[][]
}

/** Something that a FROM names. */
export interface Source {
  /** '' for what has no name. */
  alias: string
  /** null: no relation of the catalog, or its columns have other names here. */
  relation: RelationFacts | null
  /** The item of FROM. */
  node: Json
}

/** One query within a statement: what its names mean. */
export interface Level {
  /** SelectStmt, UpdateStmt or DeleteStmt. */
  query: Json
  isSelect: boolean
  sources: Source[]
  /** Joins of its FROM, the outermost first. */
  joins: Json[]
  parent: Level | null
}

/** A column of a source. */
export interface Place {
  level: Level
  source: Source
  name: string
  /** null where the source is no relation of the catalog. */
  facts: ColumnFacts | null
}

type FactsOf = (asked: { schema: string | null; name: string }) => RelationFacts | null

/** Names of relations in a tree that the catalog is asked for. A name that some WITH gives is that everywhere: what is not certain gives no hint. */
export function relationsIn(tree: unknown): { schema: string | null; name: string }[] {
  const [found, ctes] = [new Map<string, { schema: string | null; name: string }>(), cteNames(tree)]
  const todo: unknown[] = [tree]
  while (todo.length > 0) {
    const value = todo.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isObject(value) && typeof value.relname === 'string' && value.catalogname === undefined) {
      const asked = { schema: typeof value.schemaname === 'string' ? value.schemaname : null, name: value.relname }
      if (asked.schema !== null || !ctes.has(asked.name)) found.set(JSON.stringify(asked), asked)
    }
    todo.push(...Object.values(value))
  }
  return [...found.values()]
}

function cteNames(tree: unknown): Set<string> {
  const names = new Set<string>()
  const todo: unknown[] = [tree]
  while (todo.length > 0) {
    const value = todo.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isObject(value) && typeof value.ctename === 'string') names.add(value.ctename)
    todo.push(...Object.values(value))
  }
  return names
}

/** Every query within a statement, outer ones before those within them. */
export function levelsOf(tree: unknown, factsOf: FactsOf): Level[] {
  const levels: Level[] = []
  const ctes = cteNames(tree)
  const source = (node: Json): Source => {
    const alias = isObject(node.alias) ? node.alias : undefined
    const schema = typeof node.schemaname === 'string' ? node.schemaname : null
    const isPlain = typeof node.relname === 'string' && alias?.colnames === undefined && node.catalogname === undefined
    const isCte = schema === null && ctes.has(String(node.relname))
    const relation = isPlain && !isCte ? factsOf({ schema, name: String(node.relname) }) : null
    return { alias: String(alias?.aliasname ?? node.relname ?? ''), relation, node }
  }
  const from = (item: unknown, level: Level) => {
    const [range, join, sub] = [the(item, 'RangeVar'), the(item, 'JoinExpr'), the(item, 'RangeSubselect')]
    if (range) level.sources.push(source(range))
    else if (join) {
      level.joins.push(join)
      from(join.larg, level)
      from(join.rarg, level)
      // A join with a name hides the names within it.
      if (join.alias !== undefined) level.sources.push({ alias: '', relation: null, node: join })
      within(join.quals, level)
    } else {
      const [inside] = isObject(item) ? Object.values(item) : []
      if (isObject(inside)) level.sources.push(source(inside))
      within(sub ? sub.subquery : item, sub && sub.lateral !== true ? level.parent : level)
    }
  }
  const enter = (query: Json, isSelect: boolean, parent: Level | null) => {
    for (const cte of listOf(isObject(query.withClause) ? query.withClause.ctes : undefined))
      within(the(cte, 'CommonTableExpr')?.ctequery, parent)
    if (isSelect && query.op !== undefined && query.op !== 'SETOP_NONE') {
      for (const side of [query.larg, query.rarg]) if (isObject(side)) enter(side, true, parent)
      return
    }
    const level: Level = { query, isSelect, sources: [], joins: [], parent }
    levels.push(level)
    if (!isSelect && isObject(query.relation)) level.sources.push(source(query.relation))
    for (const item of listOf(query.fromClause ?? query.usingClause)) from(item, level)
    for (const [field, value] of Object.entries(query)) if (!ENTERED.has(field)) within(value, level)
  }
  const within = (value: unknown, parent: Level | null): void => {
    if (Array.isArray(value)) for (const item of value) within(item, parent)
    if (!isObject(value)) return
    for (const [tag, inside] of Object.entries(value)) {
      if (QUERIES.has(tag) && isObject(inside)) enter(inside, tag === 'SelectStmt', parent)
      else within(inside, parent)
    }
  }
  within(tree, null)
  return levels
}

const QUERIES = new Set(['SelectStmt', 'UpdateStmt', 'DeleteStmt'])
const ENTERED = new Set(['withClause', 'fromClause', 'usingClause', 'relation', 'larg', 'rarg'])

/** The column that a reference means where it stands; null where the text and the catalog do not say it beyond doubt. */
export function placeOf(level: Level, ref: unknown): Place | null {
  const words = wordsOf(the(ref, 'ColumnRef')?.fields ?? (isObject(ref) ? ref.fields : undefined))
  if (!words || words.length === 0 || words.length > 2) return null
  const [name = '', alias] = words.toReversed()
  for (let here: Level | null = level; here; here = here.parent) {
    if (alias !== undefined) {
      const named = here.sources.filter((source) => source.alias === alias)
      const [source, ...more] = named
      if (!source) continue
      return more.length > 0 ? null : placeIn(here, source, name)
    }
    if (here.sources.some(({ relation }) => relation === null)) return null
    const having = here.sources.filter(({ relation }) => relation?.columns.has(name))
    const [source, ...more] = having
    if (source) return more.length > 0 ? null : placeIn(here, source, name)
    if (here.sources.some((one) => one.alias === name)) return null // a whole row
  }
  return null
}

function placeIn(level: Level, source: Source, name: string): Place | null {
  if (!source.relation) return { level, source, name, facts: null }
  const facts = source.relation.columns.get(name)
  return facts ? { level, source, name, facts: source.relation.certain ? facts : null } : null
}

/** The conditions of WHERE and of inner joins. */
export const conditionsOf = (level: Level): unknown[] => [
  ...conjunctsOf(level.query.whereClause),
  ...level.joins.flatMap((join) => conjunctsOf(join.quals)),
]

/** Whether rows of a FROM can lack one side: any column may be NULL then. */
export const hasOuterJoin = (level: Level): boolean => level.joins.some(({ jointype }) => jointype !== 'JOIN_INNER')
