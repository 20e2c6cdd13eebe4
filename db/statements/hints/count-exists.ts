import { isPlain } from './not-in'
import type { Candidate, Rule } from './rule'
import { isSteady } from './rule'
import {
  allOf,
  become,
  comparison,
  conjunctsOf,
  exists,
  FLIPPED,
  isNotNull,
  type Json,
  listOf,
  nodesIn,
  not,
  ownName,
  the,
  wholeOf,
} from './tree'

/** Comparisons of a count, which is never negative, that ask whether there is a row: true, or whether there is none: false. */
const ASKS: Record<string, boolean> = { '> 0': true, '>= 1': true, '<> 0': true, '= 0': false, '< 1': false, '<= 0': false }

/**
 * (SELECT count(*) …) > 0: all rows are counted to learn whether there is one. EXISTS is true for the same rows, as count is never NULL.
 * Which number it is compared with must be known: in a text of pg_stat_statements it is not.
 */
export const countExists: Rule = ({ levels }) =>
  levels.flatMap(({ query }) => {
    const { fromClause: _from, withClause: _with, larg: _larg, rarg: _rarg, ...own } = query
    // What is grouped or made distinct by must stay the same expression wherever it stands.
    const isFree = query.groupClause === undefined && query.distinctClause === undefined
    return nodesIn(isFree ? own : query.whereClause, true).flatMap(({ tag, wrapper }) =>
      tag === 'A_Expr' ? candidate(query, wrapper) : [],
    )
  })

function candidate(around: Json, wrapper: Json): Candidate[] {
  const compared = comparison(wrapper)
  if (!compared) return []
  const { operator, left, right } = compared
  const [number, link, sign] = the(left, 'SubLink')
    ? [wholeOf(right), the(left, 'SubLink'), operator]
    : [wholeOf(left), the(right, 'SubLink'), FLIPPED[operator]]
  const asked = `${sign} ${number}`
  const asks = ASKS[asked]
  const query = link?.subLinkType === 'EXPR_SUBLINK' ? the(link.subselect, 'SelectStmt') : null
  const [result, ...more] = listOf(query?.targetList)
  const count = the(the(result, 'ResTarget')?.val, 'FuncCall')
  const isCount = count && ownName(count.funcname) === 'count' && !count.agg_distinct && !count.over
  if (
    asks === undefined ||
    !query ||
    !isCount ||
    more.length > 0 ||
    !isPlain(query) ||
    query.distinctClause ||
    listOf(query.fromClause).length === 0
  )
    return []
  const called = nodesIn([query.fromClause, query.whereClause, count.args, count.agg_filter]).flatMap(({ tag, node }) =>
    tag === 'FuncCall' ? [node] : [],
  )
  if (!called.every(({ funcname }) => isSteady(ownName(funcname)))) return []
  const [argument] = listOf(count.args)
  const isUnnamed = listOf(around.targetList).some(
    (item) => the(item, 'ResTarget')?.val === wrapper && the(item, 'ResTarget')?.name === undefined,
  )
  return [
    {
      title: 'A count that only asks whether there is a row',
      fact: `The subquery counts all of its rows, and the statement compares the count with ${asked}.`,
      why: 'count has to read every row that matches. EXISTS stops at the first.',
      action: `Write ${asks ? 'EXISTS' : 'NOT EXISTS'}.`,
      differs: asks && isUnnamed ? ['The column of the result that has no name is called exists then.'] : [],
      rewrite: () => {
        const where = [
          ...conjunctsOf(query.whereClause),
          ...conjunctsOf(count.agg_filter),
          ...(argument === undefined || the(argument, 'A_Const') ? [] : [isNotNull(argument)]),
        ]
        const some = exists(listOf(query.fromClause), allOf(where))
        become(wrapper, asks ? some : not(some))
      },
    },
  ]
}
