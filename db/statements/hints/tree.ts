/** A node of the parse tree, or a part of one. */
export type Json = { [key: string]: unknown }

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands under a node's tag; null for another node. */
export const the = (node: unknown, tag: string): Json | null => {
  const inside = isObject(node) ? node[tag] : undefined
  return isObject(inside) ? inside : null
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The strings of a list of String nodes; null where something else (a star) is among them. */
export function wordsOf(list: unknown): string[] | null {
  const words = listOf(list).map((item) => the(item, 'String')?.sval)
  return words.every((word) => typeof word === 'string') ? (words as string[]) : null
}

/** The last word of a function's, an operator's or a type's name, where it is one of PostgreSQL's own or has no schema. */
export function ownName(list: unknown): string | null {
  const words = wordsOf(list) ?? []
  return words.length === 1 || (words.length === 2 && words[0] === 'pg_catalog') ? (words.at(-1) ?? null) : null
}

/** What AND connects, at any depth of AND; nothing for none. */
export function conjunctsOf(condition: unknown): unknown[] {
  const bool = the(condition, 'BoolExpr')
  if (bool?.boolop === 'AND_EXPR') return listOf(bool.args).flatMap(conjunctsOf)
  return condition === undefined ? [] : [condition]
}

/** The parts connected by AND. */
export const allOf = (parts: unknown[]): unknown => (parts.length > 1 ? { BoolExpr: { boolop: 'AND_EXPR', args: parts } } : parts[0])

/** Every node below, itself first, with its tag. Subqueries are entered as well unless `stay`. */
export function nodesIn(value: unknown, stay = false): { tag: string; node: Json; wrapper: Json }[] {
  const found: { tag: string; node: Json; wrapper: Json }[] = []
  const todo: unknown[] = [value]
  while (todo.length > 0) {
    const next = todo.pop()
    if (Array.isArray(next)) todo.push(...next.toReversed())
    if (!isObject(next)) continue
    for (const [tag, inside] of Object.entries(next).toReversed()) {
      if (isObject(inside) && /^[A-Z]/.test(tag)) found.push({ tag, node: inside, wrapper: next })
      if (!(stay && tag === 'SelectStmt')) todo.push(inside)
    }
  }
  return found
}

export const refsIn = (value: unknown): Json[] => nodesIn(value).flatMap(({ tag, node }) => (tag === 'ColumnRef' ? [node] : []))
export const holds = (value: unknown, ...tags: string[]): boolean => nodesIn(value).some(({ tag }) => tags.includes(tag))

/** One node becomes another where it stands. */
export function become(node: Json, other: Json): void {
  for (const key of Object.keys(node)) delete node[key]
  Object.assign(node, other)
}

export const word = (sval: string): Json => ({ String: { sval } })
export const column = (...names: string[]): Json => ({ ColumnRef: { fields: names.map(word) } })
export const whole = (ival: number): Json => ({ A_Const: { ival: ival === 0 ? {} : { ival } } })
export const text = (sval: string): Json => ({ A_Const: { sval: { sval } } })
export const parameter = (number: number): Json => ({ ParamRef: { number } })
export const operation = (name: string, lexpr: unknown, rexpr: unknown): Json => ({
  A_Expr: { kind: 'AEXPR_OP', name: [word(name)], lexpr, rexpr },
})
export const not = (arg: unknown): Json => ({ BoolExpr: { boolop: 'NOT_EXPR', args: [arg] } })
export const isNotNull = (arg: unknown): Json => ({ NullTest: { arg, nulltesttype: 'IS_NOT_NULL' } })
export const asDate = (arg: unknown): Json => ({ TypeCast: { arg, typeName: { names: [word('date')], typemod: -1 } } })
export const target = (val: unknown, name?: string): Json => ({ ResTarget: { ...(name === undefined ? {} : { name }), val } })

/** EXISTS (SELECT 1 FROM … WHERE …). */
export const exists = (from: unknown[], where: unknown): Json => ({
  SubLink: {
    subLinkType: 'EXISTS_SUBLINK',
    subselect: { SelectStmt: select({ targetList: [target(whole(1))], fromClause: from, whereClause: where }) },
  },
})

/** A SELECT as the parser writes it; what is undefined is left out. */
export const select = (parts: Json): Json =>
  Object.fromEntries(
    Object.entries({ ...parts, limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE' }).filter(([, value]) => value !== undefined),
  )

/** The whole number of a constant; null for any other node. */
export function wholeOf(node: unknown): number | null {
  const ival = the(node, 'A_Const')?.ival
  return isObject(ival) ? Number(ival.ival ?? 0) : null
}
/** The text of a constant; null for any other node. */
export function textOf(node: unknown): string | null {
  const sval = the(node, 'A_Const')?.sval
  return isObject(sval) ? String(sval.sval ?? '') : null
}

/** Constants, parameters and casts of them: the same for every row. */
export const isConstant = (node: unknown): boolean =>
  the(node, 'A_Const') !== null ||
  the(node, 'ParamRef') !== null ||
  (the(node, 'TypeCast') !== null && isConstant(the(node, 'TypeCast')?.arg))

/** A comparison by one of PostgreSQL's usual operators, with its sides; null for any other node. */
export function comparison(node: unknown): { operator: string; left: unknown; right: unknown; node: Json } | null {
  const expression = the(node, 'A_Expr')
  const operator = ownName(expression?.name)
  if (expression?.kind !== 'AEXPR_OP' || operator === null || !(operator in FLIPPED)) return null
  return expression.lexpr === undefined ? null : { operator, left: expression.lexpr, right: expression.rexpr, node: expression }
}
/** The same comparison with its sides exchanged. */
export const FLIPPED: Record<string, string> = { '=': '=', '<>': '<>', '<': '>', '>': '<', '<=': '>=', '>=': '<=' }
