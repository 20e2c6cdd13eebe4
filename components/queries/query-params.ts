import {
  createLoader,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import { timeRangeParams } from '../time/time-range'

/** What the list can be sorted by; all but the text start with the largest. */
export const SORTS = ['total', 'calls', 'mean', 'stddev', 'max', 'rows', 'read', 'hit', 'wal', 'temp', 'planning', 'query'] as const
export type QuerySort = (typeof SORTS)[number]

/** Columns that can be left out; planning is, as few servers track it. */
const OPTIONAL = ['total', 'calls', 'stddev', 'max', 'rows', 'hit', 'read', 'wal', 'temp', 'planning', 'trend'] as const
export type OptionalColumn = (typeof OPTIONAL)[number]

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

/** The state of the page, all of it in the address. */
export const queryParams = {
  ...timeRangeParams,
  /** Instead of samples what the server has counted since its last reset. */
  reset: parseAsBoolean.withDefault(false),
  show: parseAsStringLiteral(['all', 'changes'] as const).withDefault('all'),
  vs: parseAsStringLiteral(COMPARE).withDefault('before'),
  /** The other range, for vs=range. */
  vfrom: parseAsIsoDateTime,
  vto: parseAsIsoDateTime,
  /** When the event happened, for vs=since. */
  since: parseAsIsoDateTime,
  sort: parseAsStringLiteral(SORTS).withDefault('total'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  q: parseAsString.withDefault(''),
  user: parseAsString,
  app: parseAsString,
  /** null: the database of the page. */
  db: parseAsString,
  /** Only statements with a mean of at least so many ms. */
  min: parseAsFloat.withDefault(0),
  hide: parseAsArrayOf(parseAsStringLiteral(OPTIONAL)).withDefault(['planning']),
  limit: parseAsInteger.withDefault(LIMITS.first),
  /** The key of the statement whose drawer is open. */
  query: parseAsString,
}

export const loadQueryParams = createLoader(queryParams)

export const firstDirection = (sort: QuerySort): 'asc' | 'desc' => (sort === 'query' ? 'asc' : 'desc')
