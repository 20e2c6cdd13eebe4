import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { TABLE_SHOWS, TABLE_SORTS, type TableSort } from '@/db/domain/table-params'

/** How many rows travel at once. */
export const PAGE_ROWS = 60

/** The state of the page, all of it in the address. */
export const tableParams = {
  show: parseAsStringLiteral(TABLE_SHOWS).withDefault('all'),
  /** What the columns tell: what VACUUM and ANALYZE are decided by, or how a table is used. */
  cols: parseAsStringLiteral(['maintenance', 'usage'] as const).withDefault('maintenance'),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(TABLE_SORTS).withDefault('need'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
}

export const loadTableParams = createLoader(tableParams)

/** Names start with A, times with the longest ago, numbers with the largest. */
export const firstDirection = (sort: TableSort): 'asc' | 'desc' => (['name', 'vacuum', 'analyze'].includes(sort) ? 'asc' : 'desc')
