import type { IndexStmt, Node } from 'libpg-query'
import { shapeOf } from '../../commands/definition/shape'
import { fingerprintOf, parseSql } from '../../server/parse-sql'

/** An index by its structure: two that are alike here do the same work, whatever they are called and wherever they stand. */
export interface Shape {
  method: string
  keys: string[]
  unique: boolean
  where: string | null
  /** All of it, with what is included. */
  all: string
}

/**
 * The shape of a CREATE INDEX, as somebody wrote it or as pg_get_indexdef does; null for any other text. Casts that the server adds, the
 * schema of an operator class and the way that an interval is written make no difference.
 */
export async function readShape(sql: string): Promise<Shape | null> {
  const parsed = await parseSql(sql)
  const node = parsed.ok ? parsed.value[0]?.tree : undefined
  if (!node || !('IndexStmt' in node)) return null
  const tree = plain(node.IndexStmt) as IndexStmt
  const { keys, unique, rest } = shapeOf(tree, true)
  const where = tree.whereClause ? shapeOf({ whereClause: tree.whereClause }, true).rest : null
  return { method: tree.accessMethod ?? 'btree', keys, unique, where, all: fingerprintOf([keys, unique, rest]) }
}

/** The guide's only interval in an index. PostgreSQL writes it by the clock (manual, 8.5.5: IntervalStyle postgres). */
const HOUR = ['1 hour', '01:00:00']

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'opclass' && Array.isArray(inner)) return [key, (inner as Node[]).slice(-1).map(plain)]
      if (key === 'sval' && inner === HOUR[0]) return [key, HOUR[1]]
      return [key, plain(inner)]
    }),
  )
}
