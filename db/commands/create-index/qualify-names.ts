import type { IndexStmt } from 'libpg-query'
import type { Params, Row } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import type { namesElsewhere } from './names-elsewhere'

type Json = Record<string, unknown>
type Found = Row<typeof namesElsewhere>
type Kind = Exclude<Found['kind'], 'column'>
/** A list of String nodes, as the tree keeps a name. */
type Name = { String?: { sval?: string } }[]

/** A name without a schema, the node that it stands in, and what it is applied to. */
interface Bare {
  kind: Kind
  name: string
  list: Name
  /** Arguments of a function, sides of an operator. */
  operands: unknown[]
  /** Of an operator: its node, in which a schema can be written only where it stands as an operator. */
  node?: Json
}

/** What a statement's names without a schema are, for the read that looks them up. */
export function bareNames(tree: IndexStmt): Omit<Params<typeof namesElsewhere>, 'relid' | 'amname'> {
  const of = (kind: Kind) => [...new Set(walk(tree).flatMap((bare) => (bare.kind === kind ? [bare.name] : [])))]
  return { functions: of('function'), operators: of('operator'), types: of('type'), opclasses: of('opclass'), collations: of('collation') }
}

/**
 * The same CREATE INDEX with the schema written before each name that pg_catalog does not have, so that it means one thing
 * whatever the search_path is; null where nothing had to be written. pg_catalog goes first, as in every session; only where a
 * function or an operator is applied to a column of a type that somebody made, and one for just that type is there, that is it.
 * Errors: invalid_input where a name could mean several things, or cannot be written with its schema.
 */
export function qualifyNames(tree: IndexStmt, found: Found[]): Result<IndexStmt | null> {
  const copy = structuredClone(tree)
  let changed = false
  for (const bare of walk(copy)) {
    const schema = schemaOf(bare, found)
    if (!schema.ok) return schema
    if (schema.value === null) continue
    if (bare.node && !standsAsOperator(bare.node)) return unclear(bare, [schema.value])
    bare.list.unshift({ String: { sval: schema.value } })
    changed = true
  }
  return ok(changed ? copy : null)
}

function schemaOf(bare: Bare, found: Found[]): Result<string | null> {
  const named = found.filter(({ kind, name }) => kind === bare.kind && name === bare.name)
  const known = named.some((one) => one.known)
  const types = bare.operands.map((operand) => typeOf(operand, found))
  const fitting = known ? named.filter((one) => one.types.some((type) => types.includes(type))) : named
  const schemas = [...new Set(fitting.map(({ nspname }) => nspname))]
  const [schema = null, ...more] = schemas
  if (more.length > 0) return unclear(bare, schemas)
  // Of what is computed from such columns the type is not known here.
  if (schema === null && known && types.includes(COMPUTED)) return unclear(bare, ['pg_catalog', ...named.map(({ nspname }) => nspname)])
  return ok(schema)
}

const WORD: Record<Kind, string> = {
  function: 'function',
  operator: 'operator',
  type: 'type',
  opclass: 'operator class',
  collation: 'collation',
}

function unclear({ kind, name }: Bare, schemas: string[]) {
  const example = kind === 'operator' ? `OPERATOR(${schemas.at(-1)}.${name})` : `${schemas.at(-1)}.${name}`
  const places = [...new Set(schemas)].join(' and ')
  return failed('invalid_input', `Write the ${WORD[kind]} ${name} with its schema: it could be that of ${places}.`, {
    hint: `For instance ${example}`,
  })
}

const COMPUTED = -1

/** The OID of what stands there, as far as the text alone tells; a constant takes the type of the other side. */
function typeOf(node: unknown, found: Found[]): number | null {
  if (!isObject(node)) return null
  const { ColumnRef, A_Const: constant, CollateClause: collated, TypeCast: cast } = node as Record<string, Json | undefined>
  if (constant) return null
  if (ColumnRef) {
    const column = wordsOf(ColumnRef.fields).at(-1)
    return found.find(({ kind, name }) => kind === 'column' && name === column)?.types[0] ?? null
  }
  if (collated) return typeOf(collated.arg, found)
  if (cast) {
    const type = wordsOf((cast.typeName as Json | undefined)?.names).at(-1)
    return found.find(({ kind, name }) => kind === 'type' && name === type)?.types[0] ?? null
  }
  return walk(node).some(({ kind, name }) => found.some((one) => one.kind === kind && one.name === name && !one.known)) ||
    columnsIn(node, found).some(({ known }) => !known) ||
    namesSchema(node)
    ? COMPUTED
    : null
}

const columnsIn = (node: unknown, found: Found[]): Found[] =>
  nodesIn(node).flatMap(([key, value]) =>
    key === 'ColumnRef' ? found.filter(({ kind, name }) => kind === 'column' && name === wordsOf(value.fields).at(-1)) : [],
  )

/** Whether a function, an operator or a type in it is called by a schema that is not PostgreSQL's own. */
const namesSchema = (node: unknown): boolean =>
  nodesIn(node).some(([, value]) =>
    [value.funcname, value.name, value.names].some((list) => wordsOf(list).length > 1 && wordsOf(list)[0] !== 'pg_catalog'),
  )

/** LIKE and ILIKE are operators in other words and become these; IN, BETWEEN, DISTINCT FROM, NULLIF and CASE take no schema. */
function standsAsOperator(node: Json): boolean {
  if (node.kind === 'AEXPR_LIKE' || node.kind === 'AEXPR_ILIKE') node.kind = 'AEXPR_OP'
  return ['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_OP_ALL'].includes(String(node.kind))
}

/** Every name without a schema in a tree. */
function walk(tree: unknown): Bare[] {
  const bare: Bare[] = []
  const note = (kind: Kind, list: unknown, operands: unknown[] = [], node?: Json) => {
    const [name, schema] = wordsOf(list).reverse()
    if (name !== undefined && schema === undefined) bare.push({ kind, name, list: list as Name, operands, node })
  }
  const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
  const visit: Record<string, (node: Json) => unknown> = {
    FuncCall: ({ funcname, args }) => note('function', funcname, listOf(args)),
    A_Expr: (node) => {
      const names = String(node.kind).includes('BETWEEN') ? ['>=', '<='].map(nameOf) : [node.name]
      for (const name of names) note('operator', name, [node.lexpr, node.rexpr], node)
    },
    CaseExpr: (node) => node.arg !== undefined && note('operator', nameOf('='), [node.arg], node),
    TypeName: ({ names }) => note('type', names),
    typeName: ({ names }) => note('type', names),
    CollateClause: ({ collname }) => note('collation', collname),
    IndexElem: ({ opclass, collation }) => {
      note('opclass', opclass)
      note('collation', collation)
    },
  }
  for (const [key, node] of nodesIn(tree)) visit[key]?.(node)
  return bare
}

const nameOf = (sval: string): Name => [{ String: { sval } }]

/** Every node of a tree, with the key that it stands under: its tag, or the field where the grammar leaves no choice. */
function nodesIn(tree: unknown): [string, Json][] {
  const nodes: [string, Json][] = []
  const todo: [string, unknown][] = [['', tree]]
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [key, value] = next
    if (!isObject(value)) continue
    nodes.push([key, value])
    todo.push(...Object.entries(value))
  }
  return nodes
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

const wordsOf = (list: unknown): string[] =>
  Array.isArray(list) ? (list as Name).flatMap(({ String: word }) => (word?.sval === undefined ? [] : [word.sval])) : []
