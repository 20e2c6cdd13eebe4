import { aggregatesOf, isInRatio, SENSITIVE } from './aggregates'
import { type Groups, groupedBy } from './groups'
import { isKeyOf, type Joined, joinedBy, joinedColumns, mayBeKeyOf, rangedColumn } from './joins'
import type { Level } from './levels'
import { apart } from './multiplying-rewrite'
import type { Candidate, Rule } from './rule'
import { listOf } from './tree'

/**
 * Two one-to-many joins from one table under one GROUP BY: each row of the one meets each row of the other, so what is added up of the
 * one is multiplied by the number of the others. Certain only where
 * - a unique key of the table in the middle says that each row of both belongs to one row of it, and no unique index of either, also no
 *   partial one, says that there is one at most;
 * - nothing but the middle is joined to either, by equal columns; and none of their conditions picks out rows by = or IS NULL, as "the
 *   current one" is;
 * - an aggregate sees one of the two alone, counts duplicates, and is not divided by another; nothing of the other is grouped by.
 * An average is multiplied above and below alike, so it is wrong only where a group holds several rows of the middle.
 */
export const multiplyingJoin: Rule = ({ levels }) => levels.flatMap((level) => candidate(level))

/** What is multiplied: by numbers of sources. */
export interface Multiplied {
  middle: number
  /** Whose rows are aggregated. */
  one: number
  /** Whose rows multiply them. */
  other: number
  /** The aggregates, as they are called in the text: sum(sp.hours). */
  calls: string[]
}

function candidate(level: Level): Candidate[] {
  const { query, isSelect } = level
  if (!isSelect || level.joins.length + listOf(query.fromClause).length < 2) return []
  const joined = joinedBy(level)
  const grouped = joined && groupedBy(level)
  if (!joined || !grouped) return []
  for (const middle of joined.sources.keys()) {
    const found = multipliedAround(level, joined, { middle, grouped })
    if (!found) continue
    const [first] = found
    if (!first) continue
    const name = (at: number) => joined.sources[at]?.relation?.relname ?? ''
    const says = found.map(({ one, other, calls }) => `${calls.join(', ')} of ${name(one)} by the rows of ${name(other)}`)
    return [
      {
        title: `${name(first.one)} and ${name(first.other)} multiply each other`,
        fact: `${name(first.one)} and ${name(first.other)} both belong to a row of ${name(middle)}, and either can have several. The join pairs each with each. Multiplied: ${says.join('; ')}.`,
        why: 'An aggregate sees the rows after the join. With three rows of the one and four of the other it sees each row of the first four times.',
        action: `Aggregate each table by itself, and join the results to ${name(middle)}.`,
        differs: [
          'What is multiplied now becomes right: a sum or a count falls to that of its own rows. Where no row meets more than one of the other table nothing changes.',
        ],
        rewrite: apart(level, joined, middle),
      },
    ]
  }
  return []
}

function multipliedAround(level: Level, joined: Joined, { middle, grouped }: { middle: number; grouped: Groups }): Multiplied[] | null {
  const { sources } = joined
  const parts = partsWithout(joined, middle)
  const center = sources[middle]
  const many = [...sources.keys()].filter((at) => {
    const source = sources[at]
    if (at === middle || !center || !source) return false
    const own = joinedColumns(joined, at, middle)
    return (
      own.length > 0 &&
      isKeyOf(center, joinedColumns(joined, middle, at)) &&
      !mayBeKeyOf(source, own) &&
      isAlone(parts, at) &&
      isRangedOnly(level, joined, at)
    )
  })
  const perMiddle = center !== undefined && isKeyOf(center, grouped.columns.get(middle) ?? [])
  const found: Multiplied[] = []
  for (const one of many) {
    const other = many.find(
      (at) => parts.get(at) !== parts.get(one) && ![...grouped.sources].some((by) => by !== middle && parts.get(by) === parts.get(at)),
    )
    if (other === undefined) continue
    const calls = aggregatesOf(level).filter((call) => {
      if (call.isDistinct || call.isWindow || !(SENSITIVE.has(call.name) || (call.name === 'avg' && !perMiddle))) return false
      return call.of?.length === 1 && call.of[0] === one && !isInRatio(level, call)
    })
    if (calls.length > 0) found.push({ middle, one, other, calls: [...new Set(calls.map(({ says }) => says))] })
  }
  return found.length > 0 ? found : null
}

/** Which sources still hang together when one is taken away: by the number of one of them. Equalities through that one do not connect. */
function partsWithout({ sources, conditions, same }: Joined, middle: number): Map<number, number> {
  const part = new Map([...sources.keys()].map((at) => [at, at]))
  const through = new Set(
    conditions
      .flatMap(({ equal }) => equal ?? [])
      .filter((key) => key.startsWith(`${middle}.`))
      .map(same),
  )
  for (const { of, equal } of conditions) {
    if (equal && through.has(same(equal[0]))) continue
    const [first, ...rest] = of.filter((at) => at !== middle).map((at) => part.get(at))
    for (const [at, number] of part) if (first !== undefined && rest.includes(number)) part.set(at, first)
  }
  return part
}

/** Whether nothing but the middle is joined to it: a condition on what else is could pick out rows of it. */
const isAlone = (parts: Map<number, number>, at: number): boolean => [...parts].filter(([, part]) => part === parts.get(at)).length === 1

/**
 * Whether its own conditions leave ranges of one column at most, and it is joined by equal columns alone, so that several rows of it are to be
 * expected.
 */
function isRangedOnly(level: Level, { conditions }: Joined, at: number): boolean {
  const speaking = conditions.filter(({ of }) => of.includes(at))
  const own = speaking.filter(({ of }) => of.length === 1).map(({ node }) => rangedColumn(level, node))
  return own.every((key) => key !== null) && new Set(own).size <= 1 && speaking.every(({ of, equal }) => of.length === 1 || equal !== null)
}
