import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { VERDICTS } from './verdict'

/** What the table can be sorted by. */
export const SORTS = ['name', 'table', 'verdict', 'size', 'bloat', 'reclaim', 'scans', 'share', 'last'] as const
export type IndexSort = (typeof SORTS)[number]

export const COLUMNS = ['table', 'verdict', 'size', 'bloat', 'reclaim', 'scans', 'share', 'last'] as const

/** How many rows travel at once. */
export const PAGE_ROWS = 40

/** The state of the page, all of it in the address. */
export const indexParams = {
  verdict: parseAsStringLiteral(VERDICTS),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('reclaim'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  /** Selected rows: OIDs of indexes, ids of missing ones, which are negative. */
  sel: parseAsArrayOf(parseAsInteger).withDefault([]),
  /** The row whose drawer is open. */
  index: parseAsInteger,
  /** Columns that are not shown. */
  hide: parseAsArrayOf(parseAsStringLiteral(COLUMNS)).withDefault([]),
}

export const loadIndexParams = createLoader(indexParams)

/** Names start with A, numbers with the largest. */
export const firstDirection = (sort: IndexSort): 'asc' | 'desc' => (['name', 'table', 'verdict'].includes(sort) ? 'asc' : 'desc')
