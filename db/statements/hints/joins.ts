import { type Level, placeOf, type Source } from './levels'
import { comparison, conjunctsOf, holds, isConstant, type Json, listOf, ownName, refsIn, the } from './tree'

/** A column of a source, as one word that can be compared. */
export type Key = `${number}.${string}`

/** A condition of a join or of WHERE, and what it speaks of. */
export interface Condition {
  node: unknown
  /** Which sources, by their number. */
  of: number[]
  /** Columns that it makes equal; null for any other condition. */
  equal: [Key, Key] | null
  /** The join that it stands in; null: WHERE. */
  join: Json | null
}

/** How the tables of one FROM hang together. */
export interface Joined {
  sources: Source[]
  conditions: Condition[]
  /** Equal columns, as one of them. */
  same: (key: Key) => Key
}

/** Reads the joins of a level; null where something in them is not a table, or a name is not certain. */
export function joinedBy(level: Level): Joined | null {
  const { sources, joins, query } = level
  if (sources.length < 2 || sources.length > MOST || !sources.every(({ relation }) => relation?.certain)) return null
  if (
    joins.some(
      ({ jointype, usingClause, isNatural }) =>
        !/^JOIN_(INNER|LEFT)$/.test(String(jointype)) || usingClause !== undefined || isNatural === true,
    )
  )
    return null
  if (new Set(sources.map(({ alias }) => alias)).size < sources.length) return null
  const parts = [
    ...joins.flatMap((join) => conjunctsOf(join.quals).map((node) => ({ node, join: join as Json | null }))),
    ...conjunctsOf(query.whereClause).map((node) => ({ node, join: null })),
  ]
  const conditions: Condition[] = []
  for (const { node, join } of parts) {
    const of = sourcesIn(level, node)
    if (of === null || holds(node, 'SubLink')) return null
    conditions.push({ node, of, join, equal: equalIn(level, node) })
  }
  const parents = new Map<Key, Key>()
  const same = (key: Key): Key => {
    const parent = parents.get(key)
    return parent === undefined ? key : same(parent)
  }
  for (const { equal } of conditions) {
    const [one, other] = equal ? [same(equal[0]), same(equal[1])] : []
    if (one && other && one !== other) parents.set(one, other)
  }
  return { sources, conditions, same }
}

/** More tables than people join by hand are left alone. */
const MOST = 12

/** The sources of this level that something speaks of; null where a name is not certain, or is of a query around it. */
export function sourcesIn(level: Level, node: unknown): number[] | null {
  const places = refsIn(node).map((ref) => placeOf(level, ref))
  if (!places.every((place) => place?.level === level)) return null
  return [...new Set(places.map((place) => level.sources.indexOf(place?.source as Source)))]
}

export function keyOf(level: Level, node: unknown): Key | null {
  const place = the(node, 'ColumnRef') ? placeOf(level, node) : null
  return place?.level === level ? `${level.sources.indexOf(place.source)}.${place.name}` : null
}

function equalIn(level: Level, node: unknown): [Key, Key] | null {
  const compared = comparison(node)
  const [left, right] = compared?.operator === '=' ? [keyOf(level, compared.left), keyOf(level, compared.right)] : []
  if (!left || !right || numberIn(left) === numberIn(right)) return null
  return sameEquality(typeOf(level, left), typeOf(level, right)) ? [left, right] : null
}

const typeOf = (level: Level, key: Key): string | null => level.sources[numberIn(key)]?.relation?.columns.get(nameIn(key))?.type ?? null

/** Types of which equal values are equal to each other in both: a numeric that is compared as a float is not. */
const FAMILIES = ['int2 int4 int8', 'text varchar'].map((types) => types.split(' '))
const sameEquality = (one: string | null, other: string | null): boolean =>
  one === other || FAMILIES.some((types) => types.includes(one ?? '') && types.includes(other ?? ''))

export const numberIn = (key: Key): number => Number(key.slice(0, key.indexOf('.')))
export const nameIn = (key: Key): string => key.slice(key.indexOf('.') + 1)

/** Columns of one source that equal columns of another. */
export function joinedColumns({ conditions, same }: Joined, one: number, other: number): string[] {
  const keys = conditions.flatMap(({ equal }) => equal ?? [])
  const others = new Set(keys.filter((key) => numberIn(key) === other).map(same))
  return [...new Set(keys.filter((key) => numberIn(key) === one && others.has(same(key))).map(nameIn))]
}

/** Whether these columns name at most one row of the source. */
export const isKeyOf = ({ relation }: Source, columns: string[]): boolean =>
  relation?.keys.some((key) => key.every((name) => columns.includes(name))) ?? false
/** The same, by a unique index that holds for some rows, later, or for an expression: nobody can say. */
export const mayBeKeyOf = ({ relation }: Source, columns: string[]): boolean =>
  [...(relation?.keys ?? []), ...(relation?.perhapsKeys ?? [])].some((key) => key.every((name) => columns.includes(name)))

const RANGE = new Set(['<', '<=', '>', '>=', '<>'])

/**
 * The column that a condition on one table leaves a range of: c > 5, c BETWEEN …, c IN (…), c IS NOT NULL. null for what may pick out one row of
 * several (c = 5, c IS NULL, a boolean): which one is known to people, and not to the catalog.
 */
export function rangedColumn(level: Level, node: unknown): Key | null {
  const test = the(node, 'NullTest')
  if (test) return test.nulltesttype === 'IS_NOT_NULL' ? keyOf(level, test.arg) : null
  const expression = the(node, 'A_Expr')
  if (!expression) return null
  if (expression.kind === 'AEXPR_BETWEEN' || (expression.kind === 'AEXPR_IN' && ownName(expression.name) === '='))
    return constantSide(level, expression)
  const compared = comparison(node)
  if (!compared || !RANGE.has(compared.operator)) return null
  return refsIn(compared.right).length === 0
    ? keyOf(level, compared.left)
    : refsIn(compared.left).length === 0
      ? keyOf(level, compared.right)
      : null
}

function constantSide(level: Level, expression: Json): Key | null {
  const items = listOf(the(expression.rexpr, 'List')?.items)
  return items.every(isConstant) ? keyOf(level, expression.lexpr) : null
}
