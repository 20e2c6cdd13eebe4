/** What the list of statements can be sorted by; all but the text start with the largest. */
export const SORTS = ['total', 'calls', 'mean', 'stddev', 'max', 'rows', 'read', 'hit', 'wal', 'temp', 'planning', 'query'] as const
export type QuerySort = (typeof SORTS)[number]

/**
 * What a range is compared with: the one right before it, the same time a day or a week ago, any other, or itself before and
 * after an event.
 */
export const COMPARE = ['before', 'day', 'week', 'range', 'since'] as const
export type CompareWith = (typeof COMPARE)[number]

/** Stands for all databases of the server. */
export const ALL_DATABASES = '*'

/** How many statements travel at once, at first and when more are asked for. */
export const LIMITS = { first: 200, more: 2_000 }
