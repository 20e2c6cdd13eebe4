import { sourcesIn } from './joins'
import type { Level } from './levels'
import { holds, type Json, listOf, nodesIn, ownName, refsIn, the, wordsOf } from './tree'

/** Aggregates that count a row that is there twice twice. */
export const SENSITIVE = new Set('sum count array_agg string_agg json_agg jsonb_agg'.split(' '))
/** Those that can be computed for a part and taken over as they are. */
export const KNOWN = new Set('sum count avg min max'.split(' '))
const OTHERS = new Set(
  `array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg xmlagg bool_and bool_or every bit_and bit_or bit_xor stddev
  stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp regr_slope regr_count mode percentile_cont percentile_disc
  any_value range_agg grouping`.split(/\s+/),
)
export const isAggregate = (name: string | null): boolean => name !== null && (KNOWN.has(name) || SENSITIVE.has(name) || OTHERS.has(name))

/** One call of an aggregate. */
export interface Aggregate {
  name: string
  node: Json
  wrapper: Json
  isDistinct: boolean
  isWindow: boolean
  /** The sources that its arguments and its FILTER speak of; null where a name is not certain. */
  of: number[] | null
  /** For people: sum(sp.hours). */
  says: string
}

/** Where a query computes something from its groups. */
export const computedIn = ({ query }: Level): unknown[] => [query.targetList, query.havingClause, query.sortClause]

/** The aggregates of a query; those of subqueries are not its own. */
export const aggregatesOf = (level: Level): Aggregate[] =>
  nodesIn(computedIn(level), true).flatMap(({ tag, node, wrapper }): Aggregate[] => {
    const name = tag === 'FuncCall' ? ownName(node.funcname) : null
    if (!isAggregate(name) || name === null) return []
    const inside = [node.args, node.agg_filter, node.agg_order]
    const of = holds(inside, 'SubLink') ? null : sourcesIn(level, inside)
    return [
      {
        name,
        node,
        wrapper,
        isDistinct: node.agg_distinct === true,
        isWindow: node.over !== undefined,
        of,
        says: `${name}(${saysOf(node)})`,
      },
    ]
  })

function saysOf(node: Json): string {
  if (node.agg_star === true) return '*'
  const [argument] = listOf(node.args)
  const [ref, ...more] = refsIn(argument)
  const name = wordsOf(ref?.fields)?.join('.') ?? '…'
  return the(argument, 'ColumnRef') || more.length > 0 ? (more.length > 0 ? '…' : name) : `… ${name} …`
}

/** Whether it is divided by another aggregate, or divides one: somebody takes the multiplication out again. */
export const isInRatio = (level: Level, { node }: Aggregate): boolean =>
  nodesIn(computedIn(level), true).some(({ tag, node: expression }) => {
    if (tag !== 'A_Expr' || ownName(expression.name) !== '/') return false
    const calls = nodesIn(expression, true).filter((one) => one.tag === 'FuncCall' && isAggregate(ownName(one.node.funcname)))
    return calls.length > 1 && calls.some((one) => one.node === node)
  })
