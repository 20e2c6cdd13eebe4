import type { Node, PartitionBoundSpec } from 'libpg-query'
import { parseSql } from '../../server/parse-sql'
import { failed, ok, type Result } from '../../server/problem'

/** A bound as the parser reads it. */
export interface Bound {
  /** As it is to be sent. */
  sql: string
  /** FROM and TO of a range on one column, or the values of a list without null, as SQL; null for anything else. */
  range: { from: string | null; to: string | null } | null
  list: string[] | null
}

/** No statement and no call is a bound: constants, also with a type, MINVALUE and MAXVALUE. */
const REFUSED = failed('invalid_input', 'A bound is FOR VALUES …, with constants alone, or DEFAULT')

/** Reads the text of a bound, as pg_get_expr writes it. Errors: invalid_input for anything that is more than that. */
export async function readBound(text: string): Promise<Result<Bound>> {
  const before = 'ALTER TABLE a ATTACH PARTITION b '
  const parsed = await parseSql(`${before}${text}`)
  if (!parsed.ok) return REFUSED
  const [statement, ...more] = parsed.value
  const tree = statement?.tree
  if (!tree || more.length > 0 || !('AlterTableStmt' in tree)) return REFUSED
  const [first, ...others] = tree.AlterTableStmt.cmds ?? []
  if (!first || others.length > 0 || !('AlterTableCmd' in first) || first.AlterTableCmd.subtype !== 'AT_AttachPartition') return REFUSED
  const { def } = first.AlterTableCmd
  const spec = def && 'PartitionCmd' in def ? def.PartitionCmd.bound : undefined
  if (!spec) return REFUSED
  const datums = [...(spec.listdatums ?? []), ...(spec.lowerdatums ?? []), ...(spec.upperdatums ?? [])]
  if (!datums.every(isConstant)) return REFUSED
  // Comments and semicolons in it would be sent, too.
  const sql = statement?.text.slice(before.length) ?? ''
  if (sql !== text.trim() || /--|\/\*/.test(withoutStrings(text))) return REFUSED
  return ok({ sql, ...(await valuesOf(spec)) })
}

const withoutStrings = (text: string): string => text.replaceAll(/'(?:[^']|'')*'/g, "''")

function isConstant(node: Node): boolean {
  if ('A_Const' in node) return true
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isConstant(node.TypeCast.arg)
  if ('A_Expr' in node) {
    const { name = [], lexpr, rexpr } = node.A_Expr
    const [sign] = name
    return (
      lexpr === undefined && rexpr !== undefined && isConstant(rexpr) && sign !== undefined && 'String' in sign && sign.String.sval === '-'
    )
  }
  return isLimit(node)
}

/** MINVALUE and MAXVALUE, which the parser takes for columns. */
function isLimit(node: Node): boolean {
  const [field, ...rest] = 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : []
  return rest.length === 0 && field !== undefined && 'String' in field && ['minvalue', 'maxvalue'].includes(field.String.sval ?? '')
}

async function valuesOf(spec: PartitionBoundSpec): Promise<Pick<Bound, 'range' | 'list'>> {
  const { listdatums: list = [], lowerdatums: lower = [], upperdatums: upper = [] } = spec
  const { deparse } = await import('pgsql-deparser')
  const write = async (node: Node) => (isLimit(node) ? null : deparse(node as never))
  const [from, to] = [lower[0], upper[0]]
  if (from && to && lower.length === 1 && upper.length === 1) return { range: { from: await write(from), to: await write(to) }, list: null }
  const isNull = (node: Node) => 'A_Const' in node && node.A_Const.isnull === true
  if (list.length === 0 || list.some(isNull)) return { range: null, list: null }
  return { range: null, list: await Promise.all(list.map((node) => deparse(node as never))) }
}
