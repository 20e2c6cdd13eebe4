import type { Row } from '../server/define-read'
import type { foreignKeyColumns } from './reads/foreign-key-columns'
import type { foreignKeyIndexes } from './reads/foreign-key-indexes'
import { castColumn, holdsForNotNull, readStoredTree } from './stored-tree'

type ForeignKeyIndex = Row<typeof foreignKeyIndexes>

/** A foreign key as somebody declared it, and one table that its check reads, with an index of that or none. */
export interface Candidate extends ForeignKeyIndex {
  key: number
  keyName: string
}

/**
 * Which tables the check of each declared key reads: of a partitioned table its partitions, as the keys that they inherited say, each with its
 * own attribute numbers; the partitioned table itself, whose indexes those to come will have, only while it has none.
 */
export function candidatesOf(rows: ForeignKeyIndex[]): Candidate[] {
  const byOid = new Map(rows.map((row) => [row.oid, row]))
  const candidates: Candidate[] = []
  for (const row of rows) {
    let top = row
    for (let parent = row.parent; parent !== null; parent = top.parent) {
      const found = byOid.get(parent)
      if (!found) break
      top = found
    }
    if (top.parent === null) candidates.push({ ...row, key: top.oid, keyName: top.conname })
  }
  const withTables = new Set(candidates.filter(({ relkind }) => relkind === 'r').map(({ key }) => key))
  return candidates.filter(({ relkind, oid, key }) => relkind === 'r' || (oid === key && !withTables.has(key)))
}
type ColumnStatistics = Row<typeof foreignKeyColumns>

/** That one index serves one foreign key in one table. */
export interface Service {
  /** The foreign key. */
  oid: number
  conname: string
  /** The table that its check reads: the referencing one, or a partition of it. */
  relid: number
  indexrelid: number
  /** What a drop takes away: the index, or the partitioned one that it belongs to. */
  whole: number
  /** false: the planner can use it, yet how much a check still reads is not known. */
  sure: boolean
}

/**
 * A row that the index leaves to be looked at costs at most one page read out of order, which the planner counts as four in order
 * (random_page_cost, manual 19.7.2): with at most a quarter as many rows as the table has pages the index is the cheaper
 * way even if they are spread over the whole table. A hundred such reads are some 10 ms on an SSD, which no check is blamed for.
 */
const ROWS_PER_PAGE = 1 / 4
const ROWS_AT_MOST = 100

/** Any column of these narrows the search as well as the first (manual, 11.3); of others only leading columns do. */
const ANY_COLUMN = new Set(['gin', 'brin', 'bloom'])

/** Access methods that find the rows themselves. Others (BRIN, bloom) read ranges, or all of the index. */
const FINDS_ROWS = new Set(['btree', 'hash', 'gist', 'spgist', 'gin'])

/**
 * The indexes among the candidates that serve: the planner can use them for the key's own check, and so little is left to read that it
 * would. `statistics` says how selective the columns are where not all of the key's are in front; without it that is unknown.
 */
export function servicesOf(candidates: Candidate[], statistics: ColumnStatistics[]): Service[] {
  const known = new Map(statistics.map((column) => [`${column.relid} ${column.attnum}`, column]))
  const services: Service[] = []
  for (const row of candidates) {
    if (row.indexrelid === null) continue
    const used = usedColumns(row)
    if (used.size === 0 || !predicateHolds(row)) continue
    const sure = certainty(row, used, known)
    if (sure === null) continue
    const { key, keyName, relid, indexrelid } = row
    services.push({ oid: key, conname: keyName, relid, indexrelid, whole: row.indexroot ?? indexrelid, sure })
  }
  return services
}

/** Places of the key's columns by which the index narrows a search. */
function usedColumns(row: Candidate): Set<number> {
  const tree = row.expressions === null ? [] : readStoredTree(row.expressions)
  const expressions = Array.isArray(tree) ? [...tree] : []
  const used = new Set<number>()
  for (const [at, attnum] of row.indkey.entries()) {
    const expression = attnum === 0 ? castColumn(expressions.shift()) : null
    const fitting = row.fits.filter(([place, key]) => place === at + 1 && (attnum !== 0 || isColumn(row, key, expression)))
    if (fitting.length === 0 && !ANY_COLUMN.has(row.amname ?? '')) break
    for (const [, key] of fitting) used.add(key)
  }
  return used
}

const isColumn = ({ conkey, castfuncs }: Candidate, key: number, expression: ReturnType<typeof castColumn>): boolean =>
  expression !== null && expression.attnum === conkey[key - 1] && expression.castfunc === castfuncs[key - 1]

function predicateHolds({ predicate, conkey, castfuncs }: Candidate): boolean {
  if (predicate === null) return true
  return holdsForNotNull(
    readStoredTree(predicate),
    conkey.map((attnum, at) => ({ attnum, castfunc: castfuncs[at] ?? 0 })),
  )
}

/** true and false as in Service.sure; null: too many rows are left, so that the planner would rather read the table. */
function certainty(row: Candidate, used: Set<number>, known: Map<string, ColumnStatistics>): boolean | null {
  if (!FINDS_ROWS.has(row.amname ?? '')) return false
  if (used.size === row.conkey.length || (row.indisunique && row.indkey.length === used.size)) return true
  const { reltuples, relpages, relid, conkey } = row
  if (!reltuples) return false
  const limit = Math.max(ROWS_AT_MOST, relpages * ROWS_PER_PAGE)
  const columns = [...used].map((key) => known.get(`${relid} ${conkey[key - 1]}`))
  const distinct = columns.map((column) => (column ? valuesOf(column, reltuples) : null)).filter((values) => values !== null)
  // Columns that hold the same again narrow no further than the best of them; independent ones as far as all together.
  if (distinct.length > 0 && reltuples / Math.max(...distinct) <= limit) return true
  if (distinct.length < columns.length) return false
  return reltuples / distinct.reduce((product, values) => product * values, 1) <= limit ? false : null
}

/** How many values a column has, as many as if NULLs had some, too; null: not known. */
function valuesOf({ n_distinct, null_frac }: ColumnStatistics, reltuples: number): number | null {
  if (n_distinct === 0) return null
  return Math.max(1, (n_distinct < 0 ? -n_distinct * reltuples : n_distinct) / Math.max(1 - null_frac, 1 / reltuples))
}

/** What an index does for foreign keys: names of the keys it serves, and of those for which it has to stay. */
export interface KeysOfIndex {
  foreign_keys: string[] | null
  sole_for: string[] | null
  /** It has to stay only because it may serve: how much a check would still read is not known. */
  perhaps?: boolean
}

/**
 * The foreign keys of each index that serves any, of attached ones with the partitioned index that a drop would take. `compare` orders
 * indexes by how much else keeps them, the one to keep first: of several that surely serve a key in a table exactly that one is kept for
 * it, so that in whatever order the others are dropped the key stays served. Where none surely does, all are kept that may.
 */
export function keysOfIndexes(services: Service[], compare: (one: number, other: number) => number): Map<number, KeysOfIndex> {
  const keepers = new Map<string, number>()
  for (const { oid, relid, whole, sure } of services) {
    if (!sure) continue
    const keeper = keepers.get(`${oid} ${relid}`)
    if (keeper === undefined || compare(whole, keeper) < 0) keepers.set(`${oid} ${relid}`, whole)
  }
  const found = new Map<number, { served: Set<string>; sole: Set<string>; perhaps: boolean }>()
  for (const { oid, relid, conname, indexrelid, whole } of services)
    for (const index of new Set([indexrelid, whole])) {
      const keys = found.get(index) ?? { served: new Set(), sole: new Set(), perhaps: true }
      found.set(index, keys)
      keys.served.add(conname)
      const keeper = keepers.get(`${oid} ${relid}`)
      if (index !== whole || (keeper ?? whole) !== whole) continue
      keys.sole.add(conname)
      if (keeper !== undefined) keys.perhaps = false
    }
  return new Map(
    [...found].map(([index, { served, sole, perhaps }]) => [
      index,
      { foreign_keys: [...served], sole_for: sole.size > 0 ? [...sole] : null, perhaps: sole.size > 0 && perhaps },
    ]),
  )
}

/** Names of the foreign keys that nothing else surely serves once this index, attached ones with it, is dropped. */
export function soleFor(services: Service[], whole: number): string[] {
  const mine = services.filter((service) => service.whole === whole)
  const others = new Set(services.filter((service) => service.whole !== whole && service.sure).map(({ oid, relid }) => `${oid} ${relid}`))
  return [...new Set(mine.filter(({ oid, relid }) => !others.has(`${oid} ${relid}`)).map(({ conname }) => conname))]
}

/** For each foreign key the tables that its check reads and in which nothing serves it, surely or perhaps; keys without such a table are left out. */
export function unserved(candidates: Candidate[], services: Service[]): Map<number, number[]> {
  const served = new Set(services.map(({ oid, relid }) => `${oid} ${relid}`))
  const found = new Map<number, Set<number>>()
  for (const { key, relid } of candidates) if (!served.has(`${key} ${relid}`)) found.set(key, (found.get(key) ?? new Set()).add(relid))
  return new Map([...found].map(([key, relids]) => [key, [...relids]]))
}
