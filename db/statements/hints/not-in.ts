import { conditionsOf, hasOuterJoin, type Level, type Place, placeOf } from './levels'
import type { Candidate, Rule } from './rule'
import { allOf, column, conjunctsOf, exists, isNotNull, isObject, type Json, listOf, not, operation, ownName, refsIn, the } from './tree'

/**
 * NOT IN (subquery) whose column can be NULL: with one NULL in it, it is true for no row (manual, 9.24.3). Certain only where the column is
 * a table's own, neither NOT NULL nor kept from being NULL by a condition of the subquery; and only as a condition of WHERE, where NULL and
 * false are the same.
 */
export const notIn: Rule = ({ levels }) =>
  levels.flatMap((level) => {
    const conditions = conjunctsOf(level.query.whereClause)
    return conditions.flatMap((condition, at) => candidate(level, levels, conditions, { condition, at }))
  })

/** What holds more than rows of tables and conditions. */
const NOT_PLAIN = [
  'groupClause',
  'havingClause',
  'limitCount',
  'limitOffset',
  'withClause',
  'lockingClause',
  'windowClause',
  'intoClause',
  'valuesLists',
]
export const isPlain = (query: Json): boolean =>
  NOT_PLAIN.every((field) => query[field] === undefined) && (query.op === undefined || query.op === 'SETOP_NONE')

/** DISTINCT ON keeps some rows of several; DISTINCT alone keeps all values. */
const isDistinctOn = (query: Json): boolean => listOf(query.distinctClause).some((item) => isObject(item) && Object.keys(item).length > 0)

function candidate(
  level: Level,
  levels: Level[],
  conditions: unknown[],
  { condition, at }: { condition: unknown; at: number },
): Candidate[] {
  const link = subqueryOf(condition)
  const query = the(link?.subselect, 'SelectStmt')
  const [result, ...more] = listOf(query?.targetList)
  const inner = levels.find((one) => one.query === query)
  if (!link || !query || !inner || more.length > 0 || !isPlain(query) || !the(link.testexpr, 'ColumnRef')) return []
  if (isDistinctOn(query)) return []
  const value = placeOf(inner, the(result, 'ResTarget')?.val)
  if (!value?.facts || value.level !== inner || value.facts.notNull || isKept(inner, value)) return []
  const outer = placeOf(level, link.testexpr)
  const maybeNull = !outer?.facts?.notNull || hasOuterJoin(outer.level)
  const [tested, excluded] = [nameOf(link.testexpr), `${value.source.relation?.relname}.${value.name}`]
  return [
    {
      title: `NOT IN finds nothing once ${excluded} holds a NULL`,
      fact: `${excluded} can be NULL: it has no NOT NULL constraint, and the subquery does not leave NULL out.`,
      why: 'With one NULL in its list NOT IN is never true: it is false or NULL for every row, so the condition lets no row through.',
      action: `Write NOT EXISTS, which looks for an equal row only; or declare ${excluded} NOT NULL, if it is never NULL.`,
      differs: [
        `Where the subquery returns a NULL, NOT IN lets no row through; NOT EXISTS lets the rows through that have no equal one.`,
        ...(maybeNull
          ? [
              `${tested} can be NULL too. Such rows are left out by both, except where the subquery returns no row at all: there NOT IN lets them through.`,
            ]
          : []),
      ],
      rewrite: () => {
        const without = withoutMatch(query, inner, { value, outer: outer?.level === level ? outer : null, tested: link.testexpr as Json })
        level.query.whereClause = allOf(
          conditions.toSpliced(at, 1, ...(maybeNull ? [isNotNull(structuredClone(link.testexpr))] : []), without),
        )
      },
    },
  ]
}

/** The subquery of x NOT IN (…), or of x <> ALL (…), which is the same. */
function subqueryOf(condition: unknown): Json | null {
  const bool = the(condition, 'BoolExpr')
  const inside = bool?.boolop === 'NOT_EXPR' ? the(listOf(bool.args)[0], 'SubLink') : null
  if (inside?.subLinkType === 'ANY_SUBLINK' && inside.operName === undefined) return inside
  const all = the(condition, 'SubLink')
  return all?.subLinkType === 'ALL_SUBLINK' && ownName(all.operName) === '<>' ? all : null
}

/** Whether a condition speaks of the column otherwise than IS NULL: then it may keep NULL out. */
const isKept = (inner: Level, value: Place): boolean =>
  hasOuterJoin(inner) ||
  inner.joins.some(({ usingClause, isNatural }) => usingClause !== undefined || isNatural === true) ||
  conditionsOf(inner).some((condition) => {
    if (the(condition, 'NullTest')?.nulltesttype === 'IS_NULL') return false
    return refsIn(condition).some((ref) => {
      const place = placeOf(inner, ref)
      return place
        ? place.source === value.source && place.name === value.name
        : listOf(ref.fields).some((field) => the(field, 'String')?.sval === value.name)
    })
  })

const nameOf = (ref: unknown): string =>
  listOf(the(ref, 'ColumnRef')?.fields)
    .map((field) => the(field, 'String')?.sval ?? '*')
    .join('.')

function withoutMatch(query: Json, inner: Level, { value, outer, tested }: { value: Place; outer: Place | null; tested: Json }): Json {
  const [only, ...more] = inner.sources
  const isOne = only && more.length === 0 && the(listOf(query.fromClause)[0], 'RangeVar') === only.node
  // The tested column must not be found within: neither by its name nor by its table's.
  if (isOne && outer && outer.source.alias !== only.alias && outer.source.alias !== '') {
    const equal = operation('=', column(outer.source.alias, outer.name), column(only.alias, value.name))
    return not(exists(listOf(query.fromClause), allOf([...conjunctsOf(query.whereClause), equal])))
  }
  const words = new Set(listOf(the(tested, 'ColumnRef')?.fields).map((field) => String(the(field, 'String')?.sval)))
  const free = (name: string): string => (words.has(name) ? free(`${name}_`) : name)
  const [alias, name] = [free('excluded_rows'), free('value')]
  const rows = { RangeSubselect: { subquery: { SelectStmt: query }, alias: { aliasname: alias, colnames: [{ String: { sval: name } }] } } }
  return not(exists([rows], operation('=', tested, column(alias, name))))
}
