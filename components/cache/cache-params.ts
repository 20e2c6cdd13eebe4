import { createLoader, parseAsInteger, parseAsStringLiteral } from 'nuqs/server'
import { timeRangeParams } from '../time/time-range'

export const BY = ['database', 'table', 'index'] as const

/** The state of the page, all of it in the address. */
export const cacheParams = {
  by: parseAsStringLiteral(BY).withDefault('table'),
  /** The table whose parts are unfolded. */
  table: parseAsInteger,
  ...timeRangeParams,
}

export const loadCacheParams = createLoader(cacheParams)
