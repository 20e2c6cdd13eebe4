import { sourcesIn } from './joins'
import { type Level, placeOf } from './levels'
import { holds, listOf, the, wholeOf, wordsOf } from './tree'

/** What a query groups by: sources that it speaks of, and columns by source. */
export interface Groups {
  sources: Set<number>
  columns: Map<number, string[]>
  /** It groups by columns alone. */
  isPlain: boolean
}

/** Reads GROUP BY, also by position and by a result's name; null where it is not certain. No GROUP BY: one group of all. */
export function groupedBy(level: Level): Groups | null {
  const columns = new Map<number, string[]>()
  const targets = listOf(level.query.targetList).map((item) => the(item, 'ResTarget'))
  if (holds(level.query.groupClause, 'GroupingSet')) return null
  const sources = new Set<number>()
  let isPlain = true
  for (const item of listOf(level.query.groupClause)) {
    const position = wholeOf(item)
    const words = wordsOf(the(item, 'ColumnRef')?.fields)
    const isColumn = words !== null && placeOf(level, item) !== null
    const named = words?.length === 1 && !isColumn ? targets.find((target) => target?.name === words[0]) : undefined
    const expression = position === null ? (named?.val ?? item) : targets[position - 1]?.val
    const of = sourcesIn(level, expression)
    if (of === null || expression === undefined) return null
    for (const at of of) sources.add(at)
    const place = the(expression, 'ColumnRef') ? placeOf(level, expression) : null
    const [at] = of
    isPlain &&= place !== null
    if (place && at !== undefined) columns.set(at, [...(columns.get(at) ?? []), place.name])
  }
  return { sources, columns, isPlain }
}
