import { identifier } from '../../server/identifiers'
import { placeOf } from './levels'
import type { Rule } from './rule'
import { comparison, conjunctsOf, isConstant, listOf, ownName, the } from './tree'

const TEXTS = new Set(['text', 'varchar', 'bpchar'])

/**
 * lower(c) = 'x', where an index is on c and none on lower(c). No condition on c means the same, so there is no other text: what helps is an
 * index on the expression (manual, 11.7).
 */
export const loweredColumn: Rule = ({ levels }) =>
  levels.flatMap((level) => {
    const conditions = conjunctsOf(level.query.whereClause)
    return conditions.flatMap((condition) => {
      const equal = comparison(condition)
      if (equal?.operator !== '=') return []
      const [expression, value] = isConstant(equal.left) ? [equal.right, equal.left] : [equal.left, equal.right]
      const call = the(expression, 'FuncCall')
      const name = ownName(call?.funcname)
      const [argument, ...more] = listOf(call?.args)
      if ((name !== 'lower' && name !== 'upper') || more.length > 0 || !isConstant(value)) return []
      const place = placeOf(level, argument)
      const relation = place?.source.relation
      if (
        place?.level !== level ||
        !place.facts?.index ||
        !relation ||
        place.facts.inExpression ||
        !TEXTS.has(place.facts.type ?? '') ||
        relation.relkind === 'p'
      )
        return []
      const [table, column] = [`${identifier(relation.nspname)}.${identifier(relation.relname)}`, identifier(place.name)]
      return [
        {
          title: `${name}(${place.name}) has no index`,
          fact: `The index ${place.facts.index} is on ${place.name} of ${relation.relname}; the condition is on ${name}(${place.name}), and no index has that.`,
          why: 'An index finds the values that it holds; the value of an expression over them is computed row by row. No condition on the column means the same.',
          action: `Create an index on ${name}(${place.name}).`,
          differs: [],
          rewrite: null,
          sql: `CREATE INDEX CONCURRENTLY ON ${table} (${name}(${column}));`,
        },
      ]
    })
  })
