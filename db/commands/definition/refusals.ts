import type { IndexElem, IndexStmt, Node } from 'libpg-query'
import type { DefinitionFacts } from './facts'
import { type DefinitionParts, isUntyped, wordsOf } from './parts'
import type { TypeOf } from './resolve'
import { storageRefusals } from './storage'

interface Asked {
  tree: IndexStmt
  parts: DefinitionParts
  facts: DefinitionFacts
  major: number
  typeOf: TypeOf
}

/** Columns that every table has (manual, 5.6). */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

/** Why the server would refuse a definition, as far as its parts and the catalogs tell; sentences without their full stop. */
export function refusalsOf(asked: Asked): string[] {
  const { facts } = asked
  if (facts.catalog) return ['The table is a system catalog']
  return [
    ...formRefusals(asked),
    ...columnRefusals(asked),
    ...classRefusals(asked),
    ...partitionRefusals(asked),
    ...storageRefusals(asked.tree),
  ]
}

/** What the access method, the major and the count of columns do not allow (manual, CREATE INDEX and 11.2). */
function formRefusals({ tree, parts: { elements, hasSubquery, moments }, facts: { am, most }, major }: Asked): string[] {
  const method = tree.accessMethod ?? 'btree'
  if (!am) return [`There is no access method ${method} for indexes`]
  const keys = elements.filter(({ isKey }) => isKey)
  const included = elements.filter(({ isKey }) => !isKey)
  const plain = ({ element: { expr, ordering, nulls_ordering: nulls, opclass, collation } }: { element: IndexElem }) =>
    !expr && !isOrdered(ordering) && !isOrdered(nulls) && (opclass ?? []).length === 0 && !collation
  return [
    tree.unique && !am.unique && `${method} makes no unique indexes`,
    keys.length > 1 && !am.many && `${method} takes one key column, not ${keys.length}`,
    included.length > 0 && !am.include && `${method} takes no INCLUDE columns`,
    !am.order &&
      keys.some(({ element }) => isOrdered(element.ordering) || isOrdered(element.nulls_ordering)) &&
      `${method} has no order: ASC, DESC and NULLS FIRST or LAST have no place in it`,
    elements.length > most && `An index has at most ${most} columns, with those of INCLUDE; these are ${elements.length}`,
    !included.every(plain) && 'INCLUDE takes names of columns only: no expression, order, operator class or collation',
    tree.nulls_not_distinct && major < 15 && 'NULLS NOT DISTINCT is there from PostgreSQL 15 on',
    hasSubquery && 'An index holds no subquery',
    tree.tableSpace === 'pg_global' && 'The tablespace pg_global is for shared catalogs only',
    moments.length > 0 &&
      `${[...new Set(moments)].join(' and ')} is STABLE: what an index holds may not depend on when or by whom it is read`,
  ].filter((one) => typeof one === 'string')
}

const isOrdered = (order: string | undefined): boolean => order !== undefined && !order.endsWith('_DEFAULT')

function columnRefusals({ parts: { columns, elements, predicate }, facts }: Asked): string[] {
  const own = [...columns]
  const system = own.filter((name) => SYSTEM_COLUMNS.has(name) && !(name in facts.columns))
  const missing = own.filter((name) => name !== '' && !(name in facts.columns) && !SYSTEM_COLUMNS.has(name))
  const virtual = own.filter((name) => facts.columns[name]?.isVirtual)
  const simple = elements.every(({ element }) => !element.expr) && predicate === null
  return [
    system.length > 0 && `${system.join(', ')}: a system column cannot be indexed`,
    // What else a name in an expression may be (a row, a function of it), the server is asked.
    simple && missing.length > 0 && `The table has no column ${missing.join(', ')}`,
    virtual.length > 0 && `${virtual.join(', ')}: a virtual generated column has no stored value, and cannot be indexed. STORED would do`,
  ].filter((one) => typeof one === 'string')
}

/** Every key needs an operator class of its type: the one that is named, or a default one (manual, 11.10). */
function classRefusals({ tree, parts: { elements }, facts, typeOf }: Asked): string[] {
  if (!facts.am) return []
  const method = tree.accessMethod ?? 'btree'
  return elements
    .filter(({ isKey }) => isKey)
    .flatMap(({ element, node }) => {
      const type = isUntyped(node) ? null : (keyType(element, facts) ?? typeOf(node))
      const known = facts.types.find(({ oid }) => oid === type)
      if (!known) return []
      const [name, nspname = 'pg_catalog'] = wordsOf(element.opclass).reverse()
      if (name === undefined) {
        const fits = facts.classes.some((one) => one.isDefault && isCoercible(known, one.type, facts))
        return fits ? [] : [`${method} has no default operator class for ${known.name}${label(element)}${others(method, known.name)}`]
      }
      const named = facts.classes.filter((one) => one.name === name && one.nspname === nspname)
      if (named.length === 0) return [`There is no operator class ${name} for ${method}`]
      return named.some((one) => isCoercible(known, one.type, facts))
        ? []
        : [`The operator class ${name} does not take ${known.name}${label(element)}`]
    })
}

const keyType = ({ name }: IndexElem, { columns }: DefinitionFacts): number | null =>
  name === undefined ? null : (columns[name]?.type ?? null)
const label = ({ name }: IndexElem): string => (name === undefined ? '' : `, the type of ${name}`)

/** What is meant most often by such an index. */
function others(method: string, type: string): string {
  if (type === 'json') return '. jsonb has one'
  if (method === 'btree' && ['point', 'box', 'polygon', 'circle'].includes(type)) return '. gist has one'
  if (method === 'gin' || method === 'gist')
    return `. The extension btree_${method} brings those of plain types, pg_trgm those for searching in text`
  return ''
}

/** Types of a whole kind, by OID (pg_type.dat). */
const KINDS: Record<number, (type: DefinitionFacts['types'][number]) => boolean> = {
  2276: () => true, // any
  2283: () => true, // anyelement
  2277: ({ element }) => element > 0, // anyarray
  3500: ({ typtype }) => typtype === 'e', // anyenum
  3831: ({ typtype }) => typtype === 'r', // anyrange
  4537: ({ typtype }) => typtype === 'm', // anymultirange
  2249: ({ typtype }) => typtype === 'c', // record
}

/** Whether values of a type are values of the other as they lie there (IsBinaryCoercible). */
function isCoercible(type: DefinitionFacts['types'][number], target: number, { casts }: DefinitionFacts): boolean {
  if (type.oid === target || type.base === target || KINDS[target]?.(type)) return true
  return casts.some(({ source, target: to, method, context }) => source === type.base && to === target && method === 'b' && context === 'i')
}

/** Of a partitioned table (manual, 5.12.2 and CREATE INDEX): what makes a unique index of it impossible. */
function partitionRefusals({ tree, parts: { elements }, facts: { keys, foreign } }: Asked): string[] {
  if (!tree.unique || keys.length === 0 || tree.relation?.inh === false) return []
  const own = new Set(elements.flatMap(({ element, isKey }) => (isKey && element.name !== undefined ? [element.name] : [])))
  return [
    ...keys.flatMap(({ relname, columns, hasExpression }) => {
      if (hasExpression) return [`The partition key of ${relname} has an expression: no unique index can be made over its partitions`]
      const missing = columns.filter((name) => !own.has(name))
      return missing.length > 0
        ? [`A unique index needs every column of the partition key of ${relname}: ${missing.join(', ')} is missing`]
        : []
    }),
    ...(foreign.length > 0 ? [`${foreign.join(', ')} is a foreign table: a unique index cannot be enforced there`] : []),
  ]
}

/** Every node whose type decides. */
export const typedNodes = ({ elements, calls }: DefinitionParts): Node[] => [
  ...elements.map(({ node }) => node),
  ...calls.flatMap(({ node, operands }) => [node, ...operands.filter((operand) => !isUntyped(operand))]),
]
