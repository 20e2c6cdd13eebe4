import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { timeRangeParams } from '../time/time-range'

export const SHOWS = ['all', 'active', 'waiting', 'idle-in-transaction', 'idle'] as const
export const GROUPS = ['none', 'state', 'application', 'user', 'database'] as const
export const SORTS = ['xact', 'state', 'pid', 'who', 'wait'] as const
export type Show = (typeof SHOWS)[number]
export type Group = (typeof GROUPS)[number]
export type SessionSort = (typeof SORTS)[number]

/** The state of the page, all of it in the address. */
export const activityParams = {
  show: parseAsStringLiteral(SHOWS).withDefault('all'),
  group: parseAsStringLiteral(GROUPS).withDefault('none'),
  q: parseAsString.withDefault(''),
  user: parseAsString,
  app: parseAsString,
  datname: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault('xact'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  /** The session whose drawer is open. */
  pid: parseAsInteger,
  ...timeRangeParams,
}

export const loadActivityParams = createLoader(activityParams)

/** Where sessions are looked at; pid opens the drawer of one, 0 leads to the prepared transactions. */
export const activityHref = (server: string, database: string, pid: number): string =>
  `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/sessions${pid === 0 ? '#prepared' : `?pid=${pid}`}`
