import type { IndexElem, IndexStmt, Node } from 'libpg-query'

type Json = Record<string, unknown>

/** A name as it is written: with its schema, or in pg_catalog, where a run looks for all that has none. */
export interface WrittenName {
  nspname: string
  name: string
}

/** Something in an expression that the server calls: its operands, and the node that it gives. */
export interface Call {
  kind: 'function' | 'operator' | 'cast'
  name: WrittenName
  operands: Node[]
  node: Node
}

/** What stands in a definition, as far as the text alone tells. */
export interface DefinitionParts {
  /** Keys first, then what is included. */
  elements: { element: IndexElem; node: Node; isKey: boolean }[]
  predicate: Node | null
  calls: Call[]
  /** Columns by name, wherever they stand. */
  columns: Set<string>
  /** CURRENT_DATE and its like, as they are written. */
  moments: string[]
  hasSubquery: boolean
}

/** Reads the tree of one CREATE INDEX. Nothing is looked up. */
export function partsOf(tree: IndexStmt): DefinitionParts {
  const elementsOf = (nodes: Node[] | undefined, isKey: boolean) =>
    (nodes ?? []).flatMap((node) => ('IndexElem' in node ? [{ element: node.IndexElem, node: expressionOf(node.IndexElem), isKey }] : []))
  const elements = [...elementsOf(tree.indexParams, true), ...elementsOf(tree.indexIncludingParams, false)]
  const predicate = tree.whereClause ?? null
  const parts: DefinitionParts = { elements, predicate, calls: [], columns: new Set(), moments: [], hasSubquery: false }
  for (const node of [...elements.map((one) => one.node), ...(predicate ? [predicate] : [])]) walk(node, parts)
  return parts
}

/** A key as an expression, with the collation that it is given. */
function expressionOf({ name, expr, collation }: IndexElem): Node {
  const arg: Node = expr ?? { ColumnRef: { fields: [{ String: { sval: name ?? '' } }] } }
  return collation ? { CollateClause: { arg, collname: collation } } : arg
}

function walk(value: unknown, parts: DefinitionParts): void {
  const todo: unknown[] = [value]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if (!Array.isArray(next)) for (const [tag, inner] of Object.entries(next as Json)) note(tag, inner as Json, next as Node, parts)
    todo.push(...Object.values(next))
  }
}

function note(tag: string, inner: Json, node: Node, parts: DefinitionParts): void {
  const call = (kind: Call['kind'], list: unknown, operands: unknown[]) => {
    const [name, nspname = 'pg_catalog'] = wordsOf(list).reverse()
    if (name !== undefined) parts.calls.push({ kind, name: { nspname, name }, operands: operands.filter(isNode), node })
  }
  if (tag === 'FuncCall') call('function', inner.funcname, listOf(inner.args))
  if (tag === 'TypeCast') call('cast', [{ String: { sval: '::' } }], [inner.arg])
  if (tag === 'ColumnRef') parts.columns.add(columnOf(node))
  if (tag === 'SQLValueFunction') parts.moments.push(momentOf(String(inner.op)))
  if (tag === 'SubLink') parts.hasSubquery = true
  if (tag !== 'A_Expr') return
  const right = listItems(inner.rexpr)
  const kind = String(inner.kind)
  if (kind.includes('BETWEEN')) for (const [at, sign] of ['>=', '<='].entries()) call('operator', nameOf(sign), [inner.lexpr, right[at]])
  else if (kind === 'AEXPR_IN') for (const one of right) call('operator', inner.name, [inner.lexpr, one])
  else if (!kind.endsWith('_ANY') && !kind.endsWith('_ALL')) call('operator', inner.name, [inner.lexpr, inner.rexpr])
}

/** The column's name; empty for what is none. */
export const columnOf = (node: Node): string => ('ColumnRef' in node ? (wordsOf(node.ColumnRef.fields).at(-1) ?? '') : '')

const momentOf = (op: string): string => op.replace(/^SVFOP_/, '').replace(/_N$/, '')
const nameOf = (sval: string) => [{ String: { sval } }]
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const listItems = (value: unknown): unknown[] => (isNode(value) && 'List' in value ? listOf(value.List.items) : listOf(value))

/** The words of a name as the tree keeps it. */
export const wordsOf = (list: unknown): string[] =>
  listOf(list).flatMap((one) => {
    const word = (one as { String?: { sval?: string } }).String?.sval
    return word === undefined ? [] : [word]
  })

/** A constant, whose type the other side or the function decides; a number has its own. */
export const isUntyped = (node: Node): boolean => 'A_Const' in node && (node.A_Const.isnull === true || node.A_Const.sval !== undefined)

export const isConstant = (node: Node): boolean => 'A_Const' in node || 'ParamRef' in node
