import { parseSql, scanSql } from '../../db/server/parse-sql'

/** What SQL leaves to the search_path to find: names without a schema. */
export interface UsedNames {
  functions: Set<string>
  operators: Set<string>
  types: Set<string>
  relations: Set<string>
}

/** What each kind of expression calls beyond the operator that it names (the manual's 9.24 and 10.2). */
const IMPLIED: Record<string, string[]> = {
  AEXPR_BETWEEN: ['>=', '<='],
  AEXPR_BETWEEN_SYM: ['>=', '<='],
  AEXPR_NOT_BETWEEN: ['<', '>'],
  AEXPR_NOT_BETWEEN_SYM: ['<', '>'],
}

/**
 * The functions, operators, types and relations that texts name without a schema, what an expression calls unsaid among
 * them: `=` of IN, CASE, NULLIF, USING and IS DISTINCT FROM, `~~` of LIKE. Bodies of functions, which are strings, are read
 * by their tokens. Errors: throws where a text does not parse.
 */
export async function usedNames(texts: Iterable<string>): Promise<UsedNames> {
  const used: UsedNames = { functions: new Set(), operators: new Set(), types: new Set(), relations: new Set() }
  const bodies: string[] = []
  for (const text of texts) {
    const parsed = await parseSql(text)
    if (!parsed.ok) throw new Error(`${parsed.problem.message}: ${text}`)
    for (const { tree } of parsed.value) walk(tree, used, bodies)
  }
  for (const body of bodies) await readTokens(body, used)
  return used
}

type Fields = Record<string, unknown>

function walk(node: unknown, used: UsedNames, bodies: string[]): void {
  if (Array.isArray(node)) for (const one of node) walk(one, used, bodies)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  for (const [key, value] of Object.entries(node)) {
    note(key, value as Fields, used, bodies)
    walk(value, used, bodies)
  }
}

function note(kind: string, fields: Fields, used: UsedNames, bodies: string[]): void {
  if (kind === 'FuncCall') add(used.functions, fields.funcname)
  if (kind === 'TypeName' || kind === 'typeName') add(used.types, fields.names)
  if (kind === 'RangeVar' && !fields.schemaname && typeof fields.relname === 'string') used.relations.add(fields.relname)
  if (kind === 'A_Expr') {
    const implied = IMPLIED[String(fields.kind)]
    if (implied) for (const name of implied) used.operators.add(name)
    else add(used.operators, fields.name)
  }
  if (kind === 'SubLink') add(used.operators, fields.operName)
  if (['CaseExpr', 'SubLink', 'JoinExpr'].includes(kind)) used.operators.add('=')
  if (kind === 'CreateFunctionStmt') bodies.push(...strings(fields.options))
}

/** The name of a list that holds one, so without a schema. */
function add(names: Set<string>, list: unknown): void {
  const parts = strings(list)
  if (parts.length === 1 && parts[0] !== undefined) names.add(parts[0])
}

/** Every string in a tree, in its order. */
function strings(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(strings)
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => (key === 'sval' && typeof value === 'string' ? [value] : strings(value)))
}

async function readTokens(body: string, used: UsedNames): Promise<void> {
  const tokens = await scanSql(body).catch(() => [])
  for (const [at, { text, tokenName }] of tokens.entries()) {
    const [before, after] = [tokens[at - 1]?.text, tokens[at + 1]?.text]
    if (/^[a-z_]\w*$/i.test(text) && after === '(' && before !== '.') used.functions.add(text.toLowerCase())
    if (/^[-+*/<>=~!@#%^&|`?]+$/.test(text) && tokenName !== 'SQL_COMMENT') used.operators.add(text === '!=' ? '<>' : text)
    if (before === '::' && after !== '.') used.types.add(text.replaceAll('"', ''))
  }
}
