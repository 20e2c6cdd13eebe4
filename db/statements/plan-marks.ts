import type { Plan } from '../domain/plan'
import { formatSql } from '../server/format-sql'
import { parseSql } from '../server/parse-sql'

/** A part of a text, in its letters (UTF-16). */
export interface Part {
  from: number
  to: number
}

/** A statement for reading, and by a node's id the parts of it that the node works on; a node that cannot be told has none. */
export interface MarkedSql {
  sql: string
  marks: Record<number, Part[]>
}

type Json = Record<string, unknown>

/**
 * Which part of a statement belongs to which node of its plan: a scan to the relation that it names, if the statement names just one so; a
 * Limit, a Sort and a grouping to the clause, where there is one only. What the planner made of it otherwise is not marked.
 */
export async function markedSql(statement: string, plan: Plan): Promise<MarkedSql> {
  const sql = await formatSql(statement)
  const parsed = await parseSql(statement)
  const tree = parsed.ok ? parsed.value[0]?.tree : undefined
  const place = moved(statement, sql)
  if (!tree || !place) return { sql, marks: {} }
  const bytes = Buffer.from(statement, 'utf8') // the parser's positions count bytes
  const wordAt = (location: number): Part => {
    const from = bytes.subarray(0, location).toString('utf8').length
    const word = /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$.]|(?<=[.])\s*")+/u.exec(statement.slice(from))?.[0] ?? ''
    return place({ from, to: from + Math.max(1, word.length) })
  }
  const { named, clauses } = placesIn(tree)
  const only = (of: Map<string, number[]>, key: string): Part[] => {
    const [location, ...more] = of.get(key) ?? []
    return location === undefined || more.length > 0 ? [] : [wordAt(location)]
  }
  const marks: Record<number, Part[]> = {}
  for (const { id, type, alias } of plan.nodes) {
    const parts = alias !== null ? only(named, alias) : only(clauses, clauseOf(type))
    if (parts.length > 0) marks[id] = parts
  }
  return { sql, marks }
}

const clauseOf = (type: string): string =>
  /Sort$/.test(type)
    ? 'sort'
    : /^(Partial |Finalize )?(Group|Hash|Mixed)Aggregate$|^Group$/.test(type)
      ? 'group'
      : type === 'Limit'
        ? 'limit'
        : ''

/** Where relations are named, by what the statement calls them, and where its clauses stand. */
function placesIn(tree: unknown) {
  const [named, clauses] = [new Map<string, number[]>(), new Map<string, number[]>()]
  const put = (into: Map<string, number[]>, key: unknown, location: unknown) => {
    if (typeof key === 'string' && typeof location === 'number') into.set(key, [...(into.get(key) ?? []), location])
  }
  const todo: [key: string, value: unknown][] = [['', tree]]
  while (todo.length > 0) {
    const [key, value] = todo.pop() as [string, unknown]
    if (typeof value !== 'object' || value === null) continue
    const node = value as Json
    const alias = (node.alias as { aliasname?: string } | undefined)?.aliasname
    if (key === 'RangeVar' || (key === 'relation' && typeof node.relname === 'string')) put(named, alias ?? node.relname, node.location)
    if (key === 'RangeFunction') put(named, alias, firstLocation(node.functions))
    if (key === 'SelectStmt') {
      put(clauses, 'sort', firstLocation(node.sortClause))
      put(clauses, 'group', firstLocation(node.groupClause))
      put(clauses, 'limit', firstLocation(node.limitCount))
    }
    todo.push(...Object.entries(node))
  }
  return { named, clauses }
}

/** The first place in the text that a part of the tree knows. */
function firstLocation(tree: unknown): number | undefined {
  const found: number[] = []
  const todo = [tree]
  while (todo.length > 0) {
    const node = todo.pop()
    if (typeof node !== 'object' || node === null) continue
    const { location } = node as Json
    if (typeof location === 'number' && location >= 0) found.push(location)
    todo.push(...Object.values(node))
  }
  return found.length > 0 ? Math.min(...found) : undefined
}

/** From places in a text to those in the same text with other white space; null where more than white space differs. */
function moved(text: string, formatted: string): ((part: Part) => Part) | null {
  const letters = [...text.matchAll(/\S/g)].map(({ index }) => index)
  const there = [...formatted.matchAll(/\S/g)].map(({ index }) => index)
  if (text.replace(/\s/g, '') !== formatted.replace(/\s/g, '')) return null
  const at = new Map(letters.map((index, nth) => [index, there[nth] ?? 0]))
  return ({ from, to }) => ({ from: at.get(from) ?? 0, to: (at.get(to - 1) ?? at.get(from) ?? 0) + 1 })
}
