/** A node of an expression as pg_node_tree stores it: its kind, with its fields by name. */
export interface StoredNode {
  kind: string
  fields: Map<string, Stored[]>
}
export type Stored = StoredNode | Stored[] | string

const isNode = (part: Stored | undefined): part is StoredNode => typeof part === 'object' && !Array.isArray(part)

/**
 * Reads what indpred or indexprs hold, as text (nodes/outfuncs.c): `{KIND :field value …}`, lists in parentheses. A predicate is one
 * node, expressions are a list of them.
 */
export function readStoredTree(text: string): Stored {
  const tokens = text.match(/[{}()]|[^\s{}()]+/g) ?? []
  let at = 0
  const read = (): Stored => {
    const token = tokens[at++] ?? ''
    if (token === '(') {
      const list: Stored[] = []
      while (at < tokens.length && tokens[at] !== ')') list.push(read())
      at++
      return list
    }
    if (token !== '{') return token
    const node: StoredNode = { kind: tokens[at++] ?? '', fields: new Map() }
    let values: Stored[] = []
    while (at < tokens.length && tokens[at] !== '}') {
      const next = tokens[at]
      if (next?.startsWith(':')) {
        values = []
        node.fields.set(next.slice(1), values)
        at++
      } else values.push(read())
    }
    at++
    return node
  }
  return read()
}

const argument = (node: StoredNode): Stored | undefined => node.fields.get('arg')?.[0]

function argumentsOf(node: StoredNode): Stored[] {
  const list = node.fields.get('args')?.[0]
  return Array.isArray(list) ? list : []
}

/** What stands under casts that change nothing but the type's name; the planner looks through them, too. */
function bare(part: Stored | undefined): Stored | undefined {
  return isNode(part) && part.kind === 'RELABELTYPE' ? bare(argument(part)) : part
}

/** The attribute number of a plain column, and the function that casts it (0: none); null for any other expression. */
export function castColumn(part: Stored | undefined): { attnum: number; castfunc: number } | null {
  const inner = bare(part)
  if (!isNode(inner)) return null
  if (inner.kind === 'VAR') return { attnum: Number(inner.fields.get('varattno')?.[0]), castfunc: 0 }
  if (inner.kind !== 'FUNCEXPR') return null
  const [first, ...more] = argumentsOf(inner)
  const column = bare(first)
  if (!isNode(column) || column.kind !== 'VAR' || more.length > 0) return null
  return { attnum: Number(column.fields.get('varattno')?.[0]), castfunc: Number(inner.fields.get('funcid')?.[0]) }
}

/**
 * Whether rows of which all these columns (and what the casts make of them) are not NULL are all in a partial index, as the planner would prove it
 * from strict conditions on them: IS NOT NULL of a column, all parts of an AND, one part of an OR (predtest.c).
 */
export function holdsForNotNull(predicate: Stored | undefined, columns: { attnum: number; castfunc: number }[], negated = false): boolean {
  if (predicate === 'TRUE') return !negated
  if (!isNode(predicate)) return false
  if (predicate.kind === 'NULLTEST') {
    const [type, isRow] = [predicate.fields.get('nulltesttype')?.[0], predicate.fields.get('argisrow')?.[0]]
    const tested = castColumn(argument(predicate))
    if (!tested || isRow !== 'false' || type !== (negated ? '0' : '1')) return false
    return columns.some(({ attnum, castfunc }) => attnum === tested.attnum && (tested.castfunc === 0 || tested.castfunc === castfunc))
  }
  if (predicate.kind !== 'BOOLEXPR') return false
  const parts = argumentsOf(predicate)
  const operator = predicate.fields.get('boolop')?.[0]
  if (operator === 'not') return holdsForNotNull(parts[0], columns, !negated)
  const all = (operator === 'and') !== negated
  return all
    ? parts.every((part) => holdsForNotNull(part, columns, negated))
    : parts.some((part) => holdsForNotNull(part, columns, negated))
}
