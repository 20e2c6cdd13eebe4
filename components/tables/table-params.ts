import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'

export const SHOWS = ['all', 'act', 'due', 'views', 'partitions'] as const
export const SORTS = [
  'need',
  'name',
  'size',
  'live',
  'dead',
  'share',
  'vacuum',
  'analyze',
  'age',
  'seq',
  'read',
  'idx',
  'hot',
  'modified',
  'due',
] as const
export type TableSort = (typeof SORTS)[number]

/** How many rows travel at once. */
export const PAGE_ROWS = 60

/** The state of the page, all of it in the address. */
export const tableParams = {
  show: parseAsStringLiteral(SHOWS).withDefault('all'),
  /** What the columns tell: what VACUUM and ANALYZE are decided by, or how a table is used. */
  cols: parseAsStringLiteral(['maintenance', 'usage'] as const).withDefault('maintenance'),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('need'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
}

export const loadTableParams = createLoader(tableParams)

/** Names start with A, times with the longest ago, numbers with the largest. */
export const firstDirection = (sort: TableSort): 'asc' | 'desc' => (['name', 'vacuum', 'analyze'].includes(sort) ? 'asc' : 'desc')
