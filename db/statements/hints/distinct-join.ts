import { isKeyOf, joinedBy, joinedColumns, mayBeKeyOf, sourcesIn } from './joins'
import { type Level, placeOf } from './levels'
import { isPlain } from './not-in'
import type { Candidate, Rule } from './rule'
import { isSteady } from './rule'
import { allOf, exists, holds, listOf, nodesIn, ownName, refsIn, the } from './tree'

/**
 * SELECT DISTINCT of one table, joined to another of which nothing is selected: the join multiplies rows that DISTINCT takes away again. Where
 * the result holds a key of the first table, EXISTS returns the same rows and multiplies none.
 */
export const distinctJoin: Rule = ({ levels }) => levels.flatMap((level) => (level.isSelect ? candidate(level) : []))

function candidate(level: Level): Candidate[] {
  const { query, joins, sources } = level
  const { limitCount: _limit, limitOffset: _offset, ...rest } = query
  const isDistinct = listOf(query.distinctClause).length === 1 && Object.keys(listOf(query.distinctClause)[0] ?? {}).length === 0
  if (!isDistinct || sources.length !== 2 || !isPlain(rest) || joins.some(({ jointype }) => jointype !== 'JOIN_INNER')) return []
  const joined = joinedBy(level)
  const kept = joined ? ([0, 1] as const).find((at) => isOf(level, at)) : undefined
  const [one, other] = kept === undefined ? [] : [sources[kept], sources[1 - kept]]
  if (!joined || kept === undefined || !one?.relation || !other?.relation) return []
  const own = joinedColumns(joined, 1 - kept, kept)
  const calls = nodesIn([query.targetList, query.sortClause, query.whereClause, joins]).filter(({ tag }) => tag === 'FuncCall')
  if (own.length === 0 || mayBeKeyOf(other, own) || !calls.every(({ node }) => node.over === undefined && isSteady(ownName(node.funcname))))
    return []
  return [
    {
      title: `DISTINCT takes away what the join with ${other.relation.relname} multiplied`,
      fact: `Nothing of ${other.relation.relname} is selected. A row of ${one.relation.relname} can meet several rows of it, and is then there as often; DISTINCT leaves one.`,
      why: 'The join makes rows that DISTINCT has to sort or hash away. EXISTS stops at the first row that matches.',
      action: `Ask with EXISTS whether there is a row of ${other.relation.relname}.`,
      differs: [],
      rewrite: () => {
        const parts = joined.conditions
        const within = parts.filter(({ of }) => of.includes(1 - kept)).map(({ node }) => node)
        const outside = parts.filter(({ of }) => !of.includes(1 - kept)).map(({ node }) => node)
        query.fromClause = [{ RangeVar: one.node }]
        query.whereClause = allOf([...outside, exists([{ RangeVar: other.node }], allOf(within))])
        delete query.distinctClause
      },
    },
  ]
}

/** Whether the result is of this source alone, and a key of it that is never NULL stands in it. */
function isOf(level: Level, at: number): boolean {
  const source = level.sources[at]
  if (!source?.relation || holds(level.query.targetList, 'SubLink')) return false
  const names: string[] = []
  for (const item of listOf(level.query.targetList)) {
    const value = the(item, 'ResTarget')?.val
    const fields = listOf(the(value, 'ColumnRef')?.fields)
    if (fields.length === 2 && the(fields[1], 'A_Star') && the(fields[0], 'String')?.sval === source.alias) {
      names.push(...[...source.relation.columns.values()].filter(({ notNull }) => notNull).map(({ name }) => name))
      continue
    }
    const of = sourcesIn(level, value)
    if (of === null || of.some((number) => number !== at)) return false
    const place = the(value, 'ColumnRef') ? placeOf(level, value) : null
    if (place?.facts?.notNull) names.push(place.name)
  }
  const sorts = refsIn(level.query.sortClause).map((ref) => placeOf(level, ref))
  return isKeyOf(source, names) && sorts.every((place) => place === null || place.source === source)
}
