/** What a list of tables may be narrowed to. */
export const TABLE_SHOWS = ['all', 'act', 'due', 'views', 'partitions'] as const

/** What a list of tables may be sorted by. */
export const TABLE_SORTS = [
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
export type TableSort = (typeof TABLE_SORTS)[number]
