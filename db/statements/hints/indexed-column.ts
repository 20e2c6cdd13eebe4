import { type Level, type Place, placeOf } from './levels'
import type { Candidate, Rule } from './rule'
import {
  allOf,
  asDate,
  comparison,
  conjunctsOf,
  FLIPPED,
  isConstant,
  isObject,
  type Json,
  listOf,
  operation,
  ownName,
  text,
  textOf,
  the,
  whole,
  wholeOf,
} from './tree'

/**
 * A condition on a function of a column, where an index begins with the column itself: a b-tree holds the column's values, and none of
 * the function's (manual, 11.7). Only where a condition on the column means the same, no index has the expression, and the row is
 * not found by a unique key anyway.
 */
export const indexedColumn: Rule = ({ levels }) =>
  levels.flatMap((level) => {
    const conditions = conjunctsOf(level.query.whereClause)
    return conditions.flatMap((condition, at) => {
      const found = read(level, condition)
      if (
        !found?.place.facts?.index ||
        found.place.facts.inExpression ||
        found.place.level !== level ||
        isByKey(level, conditions, found.place)
      )
        return []
      const instead = found.instead(found.place.facts.type)
      return instead ? [candidate(level, found, instead, { conditions, at })] : []
    })
  })

/** What is compared: the column, what is made of it, and the condition on the column that means the same. */
interface Found {
  place: Place
  /** As it is called: date(created_at). */
  says: string
  instead: (type: string | null) => Instead | null
}
interface Instead {
  conditions: unknown[]
  differs: string[]
}

function candidate(
  level: Level,
  { place, says }: Found,
  { conditions: parts, differs }: Instead,
  where: { conditions: unknown[]; at: number },
): Candidate {
  const { facts, source, name } = place
  return {
    title: `${says} keeps ${facts?.index} from being used`,
    fact: `The index ${facts?.index} is on ${name} of ${source.relation?.relname}. The condition is on ${says}.`,
    why: 'An index finds the values that it holds; the value of an expression over them is computed row by row.',
    action: `Compare ${name} itself${parts.length > 1 ? ' with the two ends of the range' : ''}.`,
    differs,
    rewrite: () => {
      level.query.whereClause = allOf(where.conditions.toSpliced(where.at, 1, ...parts))
    },
  }
}

/** Whether equalities with constants leave one row at most of the column's table. */
function isByKey(level: Level, conditions: unknown[], { source }: Place): boolean {
  const fixed = conditions.flatMap((condition) => {
    const equal = comparison(condition)
    if (equal?.operator !== '=') return []
    const [ref, value] = the(equal.left, 'ColumnRef') ? [equal.left, equal.right] : [equal.right, equal.left]
    const place = isConstant(value) ? placeOf(level, ref) : null
    return place?.source === source ? [place.name] : []
  })
  return source.relation?.keys.some((key) => key.every((name) => fixed.includes(name))) ?? false
}

function read(level: Level, condition: unknown): Found | null {
  const between = the(condition, 'A_Expr')
  if (between?.kind === 'AEXPR_BETWEEN') {
    const [from, to] = listOf(the(between.rexpr, 'List')?.items)
    return dayOf(level, between.lexpr, [
      ['>=', from],
      ['<=', to],
    ])
  }
  const compared = comparison(condition)
  if (!compared || compared.operator === '<>') return null
  const { operator, left, right } = compared
  const [expression, value, sign] = isConstant(left) ? [right, left, FLIPPED[operator] ?? operator] : [left, right, operator]
  return dayOf(level, expression, [[sign, value]]) ?? yearOf(level, expression, sign, value) ?? sumOf(level, expression, sign, value)
}

const TIMES = new Set(['timestamp', 'timestamptz'])
const ZONE =
  'Both read the day in the session’s TimeZone. In a zone whose clocks go back across midnight (America/Havana) rows of the repeated hour can differ.'

/** date(c) and c::date. */
function dayOf(level: Level, expression: unknown, sides: [operator: string, value: unknown][]): Found | null {
  const [call, cast] = [the(expression, 'FuncCall'), the(expression, 'TypeCast')]
  const isCall = call && ownName(call.funcname) === 'date' && listOf(call.args).length === 1
  const isCast = cast && ownName((cast.typeName as Json | undefined)?.names) === 'date' && !isArray(cast.typeName)
  const place = isCall ? placeOf(level, listOf(call.args)[0]) : isCast ? placeOf(level, cast.arg) : null
  if (!place || !sides.every(([, value]) => isDay(value))) return null
  const says = isCall ? `date(${place.name})` : `${place.name}::date`
  const ref = isCall ? listOf(call.args)[0] : cast?.arg
  return {
    place,
    says,
    instead: (type) => {
      if (!type || !TIMES.has(type)) return null
      const days = sides.map(([operator, value]) => ({
        operator,
        day: the(value, 'SQLValueFunction') || isDateCast(value) ? value : asDate(value),
      }))
      const next = (day: unknown) => operation('+', structuredClone(day), whole(1))
      const ends = days.flatMap(({ operator, day }): [string, unknown][] => {
        if (operator === '=')
          return [
            ['>=', day],
            ['<', next(day)],
          ]
        if (operator === '<=') return [['<', next(day)]]
        return operator === '>' ? [['>=', next(day)]] : [[operator, day]]
      })
      const given = sides.flatMap(([, value]) => (the(value, 'ParamRef') ? [`$${the(value, 'ParamRef')?.number}`] : []))
      const open = sides.some(
        ([operator, value]) => operator !== '>=' && operator !== '<' && textOf(value) === null && !the(value, 'SQLValueFunction'),
      )
      return {
        conditions: ends.map(([operator, day]) => operation(operator, structuredClone(ref), day)),
        differs: [
          ...(type === 'timestamptz' ? [ZONE] : []),
          ...(given.length > 0 ? [`${given.join(' and ')} ${given.length > 1 ? 'are dates' : 'is a date'} there.`] : []),
          ...(open ? ['For the date infinity the range is another: the day after it is infinity, too.'] : []),
        ],
      }
    },
  }
}

const isArray = (typeName: unknown): boolean => isObject(typeName) && typeName.arrayBounds !== undefined
const isDateCast = (node: unknown): boolean => {
  const cast = the(node, 'TypeCast')
  return cast !== null && ownName((cast.typeName as Json | undefined)?.names) === 'date' && !isArray(cast.typeName)
}

/** One day, the same for every row: a text, a parameter, one cast to date, or CURRENT_DATE. A text that says infinity is none. */
function isDay(node: unknown): boolean {
  const inside = isDateCast(node) ? the(node, 'TypeCast')?.arg : node
  const said = textOf(inside)
  if (said !== null) return /^\d{4}-\d{2}-\d{2}$/.test(said)
  return the(inside, 'ParamRef') !== null || the(node, 'SQLValueFunction')?.op === 'SVFOP_CURRENT_DATE'
}

const YEARS = new Set(['date', ...TIMES])

/** extract(year from c) = 2024, date_part('year', c) = 2024. */
function yearOf(level: Level, expression: unknown, operator: string, value: unknown): Found | null {
  const call = the(expression, 'FuncCall')
  const name = ownName(call?.funcname)
  const [field, ref] = listOf(call?.args)
  const year = wholeOf(value)
  const isYear = (name === 'extract' || name === 'date_part') && textOf(field)?.toLowerCase() === 'year'
  const place = isYear && operator === '=' && year !== null && year >= 1000 && year <= 9998 ? placeOf(level, ref) : null
  if (!place || year === null) return null
  const first = (of: number) => asDate(text(`${of}-01-01`))
  return {
    place,
    says: `the year of ${place.name}`,
    instead: (type) =>
      type && YEARS.has(type)
        ? {
            conditions: [operation('>=', structuredClone(ref), first(year)), operation('<', structuredClone(ref), first(year + 1))],
            differs: type === 'timestamptz' ? [ZONE] : [],
          }
        : null,
  }
}

const WHOLE = new Set(['int2', 'int4', 'int8'])
/** Of the smallest of them: a sum of such numbers leaves the range of none but int2, which becomes int4. */
const SMALL = 1_000_000

/** c + 1 = 5 and c - 1 = 5, whole numbers all. */
function sumOf(level: Level, expression: unknown, operator: string, value: unknown): Found | null {
  const sum = the(expression, 'A_Expr')
  const sign = sum?.kind === 'AEXPR_OP' ? ownName(sum.name) : null
  if (!sum || (sign !== '+' && sign !== '-')) return null
  const [ref, added] = the(sum.lexpr, 'ColumnRef')
    ? [sum.lexpr, wholeOf(sum.rexpr)]
    : sign === '+'
      ? [sum.rexpr, wholeOf(sum.lexpr)]
      : [null, null]
  const compared = wholeOf(value)
  const place = ref && added !== null && compared !== null ? placeOf(level, ref) : null
  if (!place || added === null || compared === null || Math.abs(added) > SMALL || Math.abs(compared) > SMALL) return null
  return {
    place,
    says: `${place.name} ${sign} ${added}`,
    instead: (type) =>
      type && WHOLE.has(type)
        ? {
            conditions: [operation(operator, structuredClone(ref), whole(sign === '+' ? compared - added : compared + added))],
            differs:
              added === 0
                ? []
                : [`A ${place.name} for which ${place.name} ${sign} ${added} is out of range ends the original with an error.`],
          }
        : null,
  }
}
