import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'

/** What the list of runs is narrowed to by state: several states a choice. */
export const RUN_SHOWS = ['all', 'going', 'succeeded', 'failed', 'cancelled'] as const

/** The filters of the list of runs, in the address. */
export const runSearch = {
  show: parseAsStringLiteral(RUN_SHOWS).withDefault('all'),
  q: parseAsString.withDefault(''),
  server: parseAsString,
  batch: parseAsString,
  /** The run below which the page begins. */
  before: parseAsString,
}

export const loadRunSearch = createLoader(runSearch)
