import { placeOf } from './levels'
import { isPlain } from './not-in'
import type { Rule } from './rule'
import { isSteady } from './rule'
import { allOf, conjunctsOf, type Json, listOf, nodesIn, operation, ownName, parameter, the, wholeOf, wordsOf } from './tree'

/**
 * Rows that are computed to be thrown away, from which paging by OFFSET is told: "rows skipped by an OFFSET clause still have to be
 * computed" (manual, 7.6). The number is ours: ten pages of a hundred.
 */
const MANY = 1_000

/**
 * A large OFFSET over an ORDER BY that a unique key makes certain: the next page begins behind the last row of this one. Only where the offset
 * is known, the order is that of an index, one direction throughout and without NULLs: a comparison of rows is the same order then.
 */
export const offsetPaging: Rule = ({ top, parameters }) => {
  const [source, ...more] = top?.sources ?? []
  const offset = wholeOf(top?.query.limitOffset)
  if (!top || !source?.relation?.certain || more.length > 0 || offset === null || offset < MANY) return []
  const { query } = top
  const { limitCount: _limit, limitOffset: _offset, lockingClause: _lock, ...rest } = query
  const calls = nodesIn([query.targetList, query.whereClause]).flatMap(({ tag, node }) => (tag === 'FuncCall' ? [node] : []))
  if (!isPlain(rest) || query.distinctClause || query.limitOption !== 'LIMIT_OPTION_COUNT' || query.limitCount === undefined) return []
  if (!calls.every(({ funcname, over }) => over === undefined && isSteady(ownName(funcname)))) return []
  const sorts = listOf(query.sortClause).map((item) => the(item, 'SortBy'))
  const places = sorts.map((sort) =>
    sort?.sortby_nulls === 'SORTBY_NULLS_DEFAULT' && !isRenamed(query, sort.node) ? placeOf(top, sort.node) : null,
  )
  const names = places.flatMap((place) => (place?.facts?.notNull && place.level === top ? [place.name] : []))
  const directions = new Set(sorts.map((sort) => sort?.sortby_dir === 'SORTBY_DESC'))
  const isKey = source.relation.keys.some((key) => key.every((name) => names.includes(name)))
  if (sorts.length === 0 || names.length !== sorts.length || directions.size !== 1 || !isKey || !places[0]?.facts?.index) return []
  if (sorts.some((sort) => sort?.sortby_dir === 'SORTBY_USING')) return []
  const refs = sorts.map((sort) => structuredClone(sort?.node))
  const values = names.map((_, at) => parameter(parameters + at + 1))
  const [first, last] = [`$${parameters + 1}`, `$${parameters + names.length}`]
  const row = (args: unknown[]): Json => ({ RowExpr: { args, row_format: 'COERCE_IMPLICIT_CAST' } })
  const many = names.length > 1
  return [
    {
      title: `OFFSET ${offset.toLocaleString('en')} reads what it throws away`,
      fact: `The statement skips ${offset.toLocaleString('en')} rows. ${names.join(', ')} is unique in ${source.relation.relname}, and ${places[0].facts.index} is in its order.`,
      why: 'OFFSET computes every row that it skips, so each further page takes longer.',
      action: `Keep ${many ? `${names.join(', ')} of` : `${names[0]} of`} the last row of a page, and ask for the rows behind it: ${many ? `${first} to ${last} are` : `${first} is`} that row’s.`,
      differs: [
        `${many ? `With the values` : 'With the value'} of row ${offset.toLocaleString('en')} it returns the same rows. A page can then only be reached from the one before it, and rows that came or went meanwhile do not shift it.`,
      ],
      rewrite: () => {
        const operator = directions.has(true) ? '<' : '>'
        const behind = many ? operation(operator, row(refs), row(values)) : operation(operator, refs[0], values[0])
        query.whereClause = allOf([...conjunctsOf(query.whereClause), behind])
        delete query.limitOffset
      },
    },
  ]
}

/** ORDER BY x means the result's column x, where one has that name (manual, SELECT). */
function isRenamed(query: Json, ref: unknown): boolean {
  const words = wordsOf(the(ref, 'ColumnRef')?.fields)
  if (!words || words.length > 1) return false
  return listOf(query.targetList).some((item) => {
    const result = the(item, 'ResTarget')
    return result?.name === words[0] && JSON.stringify(wordsOf(the(result?.val, 'ColumnRef')?.fields)?.slice(-1)) !== JSON.stringify(words)
  })
}
