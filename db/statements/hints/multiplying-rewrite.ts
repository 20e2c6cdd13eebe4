import { fingerprintOf } from '../../server/parse-sql'
import { type Aggregate, aggregatesOf, computedIn, isAggregate, KNOWN } from './aggregates'
import { groupedBy } from './groups'
import { type Condition, isKeyOf, type Joined, joinedColumns, rangedColumn, sourcesIn } from './joins'
import { type Level, placeOf } from './levels'
import { isSteady } from './rule'
import {
  allOf,
  become,
  column,
  comparison,
  conjunctsOf,
  holds,
  isObject,
  type Json,
  listOf,
  nodesIn,
  ownName,
  refsIn,
  select,
  target,
  the,
  whole,
} from './tree'

const WINDOW = new Set('row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value'.split(' '))

/**
 * The same query with each table aggregated by itself, before it is joined: for a query of which each group is one row of the table in the
 * middle, every other table hangs on that one alone, and each aggregate is of one of them. null for any other.
 */
export function apart(level: Level, joined: Joined, middle: number): (() => void) | null {
  const { query } = level
  const aggregates = aggregatesOf(level)
  const tables = [...joined.sources.keys()].filter((at) => at !== middle)
  if (!isGroupedByRow(level, joined, middle) || (query.withClause !== undefined && holds(query.withClause, 'LockingClause'))) return null
  if (query.lockingClause !== undefined || query.intoClause !== undefined || query.windowClause !== undefined) return null
  if (!tables.every((at) => hangsOn(level, joined, at, middle))) return null
  if (!aggregates.every((one) => one.of?.length === 1 && one.of[0] !== middle && !one.isWindow && KNOWN.has(one.name))) return null
  if (!aggregates.every((one) => isCarried(level, joined, one)) || !isComputed(level, joined, { aggregates, middle })) return null
  return () => {
    for (const at of tables) aggregate(level, joined, { at, middle, aggregates: aggregates.filter((one) => one.of?.[0] === at) })
    const having = conjunctsOf(query.havingClause)
    const where = [...conjunctsOf(query.whereClause), ...having]
    for (const field of ['groupClause', 'havingClause', 'whereClause']) delete query[field]
    if (where.length > 0) query.whereClause = allOf(where)
  }
}

/** GROUP BY has columns of the middle alone, and a key of it that is never NULL. */
function isGroupedByRow(level: Level, { sources }: Joined, middle: number): boolean {
  const [groups, source] = [groupedBy(level), sources[middle]]
  const names = groups?.columns.get(middle) ?? []
  const isOfMiddle = groups?.isPlain === true && [...groups.sources].every((at) => at === middle)
  return (
    source !== undefined &&
    isOfMiddle &&
    isKeyOf(
      source,
      names.filter((name) => source.relation?.columns.get(name)?.notNull),
    )
  )
}

/** Whether a table is joined by equal columns to the middle alone, on the right of its join, with conditions of its own beside. */
function hangsOn(level: Level, joined: Joined, at: number, middle: number): boolean {
  const source = joined.sources[at]
  const join = level.joins.find(({ rarg }) => the(rarg, 'RangeVar') === source?.node)
  const isOuter = join?.jointype === 'JOIN_LEFT'
  const isListed = listOf(level.query.fromClause).some((item) => the(item, 'RangeVar') === source?.node)
  if (!join && !isListed && !level.joins.some(({ larg }) => the(larg, 'RangeVar') === source?.node)) return false
  // The left side of an outer join loses rows that it must not lose; a right side keeps them.
  if (!join && level.joins.some(({ jointype }) => jointype === 'JOIN_LEFT')) return false
  return joined.conditions.every((condition) => {
    if (!condition.of.includes(at)) return condition.join !== join || !isOuter || condition.of.every((of) => of === middle)
    if (condition.of.length === 1) return isMoved(level, condition, { join, isOuter })
    return condition.of.length === 2 && condition.of.includes(middle) && condition.equal !== null && (!isOuter || condition.join === join)
  })
}

/** A condition on one table goes with it: those of WHERE, which lets no row of NULLs through, make an inner join of an outer one. */
const isMoved = (level: Level, { node, join }: Condition, of: { join: Json | undefined; isOuter: boolean }): boolean =>
  join === of.join || join === null
    ? !of.isOuter ||
      join !== null ||
      rangedColumn(level, node) !== null ||
      (comparison(node)?.operator === '=' && sourcesIn(level, node)?.length === 1)
    : !of.isOuter

/** Whether a row that is not there counts for nothing: its argument is NULL then. */
function isCarried(level: Level, joined: Joined, { of, node }: Aggregate): boolean {
  const source = joined.sources[of?.[0] ?? -1]
  const isOuter = level.joins.some(({ jointype, rarg }) => jointype === 'JOIN_LEFT' && the(rarg, 'RangeVar') === source?.node)
  const [argument, ...more] = listOf(node.args)
  return (
    node.agg_order === undefined &&
    node.agg_within_group !== true &&
    node.agg_star !== true &&
    more.length === 0 &&
    argument !== undefined &&
    (!isOuter || isNullOfNull(argument))
  )
}

function isNullOfNull(node: unknown): boolean {
  const [expression, cast, call, choice] = [the(node, 'A_Expr'), the(node, 'TypeCast'), the(node, 'FuncCall'), the(node, 'CaseExpr')]
  if (the(node, 'ColumnRef')) return true
  if (cast) return isNullOfNull(cast.arg)
  if (expression)
    return (
      expression.kind === 'AEXPR_OP' &&
      ['+', '-', '*', '/'].includes(ownName(expression.name) ?? '') &&
      [expression.lexpr, expression.rexpr].some(isNullOfNull)
    )
  if (call)
    return (
      /^(extract|date_part|date_trunc|round|abs|lower|upper|length)$/.test(ownName(call.funcname) ?? '') &&
      listOf(call.args).some(isNullOfNull)
    )
  return (
    choice !== null && choice.defresult === undefined && listOf(choice.args).every((when) => isNullOfNull(the(when, 'CaseWhen')?.result))
  )
}

/** Outside of aggregates there are columns of the middle, names of the result, and functions that are no aggregates. */
function isComputed(level: Level, { sources }: Joined, { aggregates, middle }: { aggregates: Aggregate[]; middle: number }): boolean {
  const inside = new Set(aggregates.flatMap(({ node }) => refsIn([node.args, node.agg_filter])))
  const [selected, having, sorted] = computedIn(level)
  const results = new Set(listOf(selected).flatMap((item) => String(the(item, 'ResTarget')?.name ?? '')))
  const isOfMiddle = (ref: Json) => inside.has(ref) || placeOf(level, ref)?.source === sources[middle]
  const isResult = (ref: Json) =>
    placeOf(level, ref) === null && listOf(ref.fields).length === 1 && results.has(String(the(listOf(ref.fields)[0], 'String')?.sval))
  const calls = nodesIn([selected, having, sorted]).filter(({ tag }) => tag === 'FuncCall')
  return (
    !holds([selected, having, sorted], 'SubLink') &&
    refsIn([selected, having]).every(isOfMiddle) &&
    refsIn(sorted).every((ref) => isOfMiddle(ref) || isResult(ref)) &&
    calls.every(
      ({ node }) => isAggregate(ownName(node.funcname)) || isSteady(ownName(node.funcname)) || WINDOW.has(ownName(node.funcname) ?? ''),
    )
  )
}

/** One table becomes a subquery of its join columns and its aggregates, by the table's own alias. */
function aggregate(
  level: Level,
  joined: Joined,
  { at, middle, aggregates }: { at: number; middle: number; aggregates: Aggregate[] },
): void {
  const { query } = level
  const source = joined.sources[at]
  if (!source?.relation) return
  const { alias, node, relation } = source
  const join = level.joins.find(({ rarg }) => the(rarg, 'RangeVar') === node)
  const own = joined.conditions.filter(({ of }) => of.length === 1 && of[0] === at)
  if (join?.jointype === 'JOIN_LEFT' && own.some((condition) => condition.join === null)) join.jointype = 'JOIN_INNER'
  const isOuter = join?.jointype === 'JOIN_LEFT'
  for (const holder of [query, ...level.joins]) {
    const field = holder === query ? 'whereClause' : 'quals'
    const parts = conjunctsOf(holder[field])
    const left = parts.filter((part) => !own.some((condition) => condition.node === part))
    if (left.length === parts.length) continue
    if (left.length > 0) holder[field] = allOf(left)
    else delete holder[field]
  }
  const keys = joinedColumns(joined, at, middle)
  const names = new Map<string, string>()
  const targets = keys.map((key) => target(column(alias, key)))
  for (const { name, node: call, wrapper } of aggregates) {
    const print = fingerprintOf(call)
    const known = names.get(print)
    const called = known ?? nameFor(name, relation.columns, names)
    if (known === undefined) targets.push(target({ FuncCall: structuredClone(call) }, called))
    names.set(print, called)
    keepName(query, wrapper, name)
    const value = column(alias, called)
    become(wrapper, name === 'count' && isOuter ? { CoalesceExpr: { args: [value, whole(0)] } } : value)
  }
  const range = { RangeVar: structuredClone(node) }
  const subquery = {
    SelectStmt: select({
      targetList: targets,
      fromClause: [range],
      whereClause: allOf(own.map((condition) => condition.node)),
      groupClause: keys.map((key) => column(alias, key)),
    }),
  }
  const item = { RangeSubselect: { subquery, alias: { aliasname: alias } } }
  for (const holder of [listOf(query.fromClause), ...level.joins.map(({ larg, rarg }) => [larg, rarg])].flat()) {
    if (isObject(holder) && the(holder, 'RangeVar') === node) become(holder, item)
  }
}

function nameFor(name: string, columns: Map<string, unknown>, names: Map<string, string>): string {
  const taken = new Set([...columns.keys(), ...names.values()])
  for (let number = 1; ; number++) if (!taken.has(`${name}_${number}`)) return `${name}_${number}`
}

/** A result without a name has that of its function (manual, SELECT): it keeps it. */
function keepName(query: Json, wrapper: Json, name: string): void {
  for (const item of listOf(query.targetList)) {
    const result = the(item, 'ResTarget')
    let value = result?.val
    while (the(value, 'TypeCast')) value = the(value, 'TypeCast')?.arg
    if (result && result.name === undefined && value === wrapper) result.name = name
  }
}
