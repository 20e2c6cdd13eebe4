import type { IndexElem, IndexStmt } from 'libpg-query'
import { fingerprintOf, parseSql } from '../../server/parse-sql'

/** What an index is, whatever it is called and wherever it stands. */
interface Shape {
  keys: string[]
  unique: boolean
  /** Access method, what is included, predicate. */
  rest: string
}

/** By what the parser makes of it: casts that the server adds to an expression are seen as a difference, unless `loose`. */
export function shapeOf(tree: IndexStmt, loose = false): Shape {
  const text = (part: unknown) => fingerprintOf(loose ? withoutCasts(part) : part)
  const keys = (tree.indexParams ?? []).map((node) => ('IndexElem' in node ? text(ordered(node.IndexElem)) : text(node)))
  const { accessMethod = 'btree', indexIncludingParams, whereClause } = tree
  return { keys, unique: tree.unique ?? false, rest: [accessMethod, ...[indexIncludingParams, whereClause].map(text)].join('|') }
}

/** NULLS FIRST is what DESC means, NULLS LAST what ASC does. */
function ordered(key: IndexElem): object {
  const descending = key.ordering === 'SORTBY_DESC'
  const nulls = key.nulls_ordering ?? 'SORTBY_NULLS_DEFAULT'
  const first = nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST'
  return { ...key, ordering: descending, nulls_ordering: first }
}

function withoutCasts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCasts)
  if (typeof value !== 'object' || value === null) return value
  const { TypeCast: cast } = value as { TypeCast?: { arg?: unknown } }
  if (cast) return withoutCasts(cast.arg)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutCasts(inner)]))
}

/** Whether a definition, as the server writes it, is of the same shape. */
export async function isSameShape(definition: string, tree: IndexStmt, loose: boolean): Promise<boolean> {
  const parsed = await parseSql(definition)
  const other = parsed.ok ? parsed.value[0]?.tree : undefined
  if (!other || !('IndexStmt' in other)) return false
  const [one, two] = [shapeOf(tree, loose), shapeOf(other.IndexStmt, loose)]
  return JSON.stringify(one) === JSON.stringify(two)
}
