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
import { COMPARE, LIMITS, type QuerySort, SORTS } from '@/db/domain/statement-params'
import { timeRangeParams } from '../time/time-range'

/** Columns that can be left out; planning is, as few servers track it. */
const OPTIONAL = ['total', 'calls', 'stddev', 'max', 'rows', 'hit', 'read', 'wal', 'temp', 'planning', 'trend'] as const
export type OptionalColumn = (typeof OPTIONAL)[number]

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
