import { parseSql } from '../../server/parse-sql'
import { wordsOf } from '../definition/parts'
import type { NameKind } from './reads'

/** A name without a schema in the body of a function. */
export interface BodyName {
  kind: NameKind
  name: string
  /** It is come to whenever the function is called. */
  always: boolean
}

/** What the body of a function names. */
export interface BodyNames {
  bare: BodyName[]
  /** Functions with their schemas: they run under the same search_path. */
  calls: { nspname: string; name: string }[]
}

/** Reads a body in SQL: the server reads all of it at the first call. What cannot be read names nothing. */
export async function namesInSql(body: string, always = true): Promise<BodyNames> {
  const names: BodyNames = { bare: [], calls: [] }
  const parsed = await parseSql(body)
  if (parsed.ok) for (const { tree } of parsed.value) walk(tree, names, always)
  return names
}

/** Reads a CREATE FUNCTION in PL/pgSQL. Its statements are read when they are come to; what is put together as text is not seen. */
export async function namesInPlpgsql(whole: string): Promise<BodyNames> {
  const { parsePlPgSQL } = await import('libpg-query')
  const names: BodyNames = { bare: [], calls: [] }
  let tree: unknown
  try {
    tree = await parsePlPgSQL(whole)
  } catch {
    return names // a dialect of another major
  }
  names.bare.push(...typesIn(tree))
  for (const { query, always } of queriesIn(tree)) {
    const found = await namesInSql(query, always)
    names.bare.push(...found.bare)
    names.calls.push(...found.calls)
  }
  return names
}

/** Types of its variables, which are looked up before anything is done: name, or table%ROWTYPE. */
function typesIn(tree: unknown): BodyName[] {
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key !== 'PLpgSQL_type') return typesIn(value)
    const [, name, row] = /^([a-z_][a-z0-9_$]*)(%rowtype|%type)?$/i.exec(String((value as { typname?: string }).typname)) ?? []
    if (name === undefined || row?.toLowerCase() === '%type') return []
    return [{ kind: row ? ('relation' as const) : ('type' as const), name, always: true }]
  })
}

/** What PL/pgSQL may pass by: branches, loops that may not turn, what is after a RETURN is seen as come to. */
const MAYBE = /^PLpgSQL_(stmt_(if|case|loop|while|fori|fors|forc|foreach_a|dynfors)|exception_block|if_elsif|case_when)$/
const HAS_CONDITION = new Set(['cond', 't_expr', 'lower', 'upper', 'query', 'expr'])

function queriesIn(tree: unknown, always = true): { query: string; always: boolean }[] {
  if (typeof tree !== 'object' || tree === null) return []
  if (Array.isArray(tree)) return tree.flatMap((one) => queriesIn(one, always))
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key === 'PLpgSQL_expr') return asStatement(value as { query?: string; parseMode?: number }, always)
    if (!MAYBE.test(key)) return queriesIn(value, always)
    return Object.entries(value as object).flatMap(([part, inner]) => queriesIn(inner, always && HAS_CONDITION.has(part)))
  })
}

/** RawParseMode of PL/pgSQL: 2 is an expression, 3 and above an assignment (parser.h). */
function asStatement({ query = '', parseMode = 0 }: { query?: string; parseMode?: number }, always: boolean) {
  if (parseMode === 0) return [{ query, always }]
  return [{ query: `SELECT ${parseMode === 2 ? query : query.replace(/^[^=]*?:?=/s, '')}`, always }]
}

type Json = Record<string, unknown>

function walk(tree: unknown, names: BodyNames, always: boolean): void {
  const own = new Set<string>() // WITH gives names of its own
  const relations: string[] = []
  const todo: [string, unknown][] = [['', tree]]
  const note = (kind: NameKind, list: unknown) => {
    const [name, nspname] = wordsOf(list).reverse()
    if (name !== undefined && nspname === undefined) names.bare.push({ kind, name, always })
    else if (name !== undefined && nspname !== undefined && kind === 'function') names.calls.push({ nspname, name })
  }
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [key, value] = next
    if (typeof value !== 'object' || value === null) continue
    const node = value as Json
    if (key === 'FuncCall') note('function', node.funcname)
    if (key === 'A_Expr' && !String(node.kind).includes('BETWEEN')) note('operator', node.name)
    if (key === 'TypeName' || key === 'typeName') note('type', node.names)
    if (key === 'CommonTableExpr') own.add(String(node.ctename))
    if (key === 'RangeVar' && node.schemaname === undefined) relations.push(String(node.relname))
    todo.push(...Object.entries(node))
  }
  for (const name of relations) if (!own.has(name)) names.bare.push({ kind: 'relation', name, always })
}
