/**
 * Days without a scan after which an index counts as unused, unless a server has a number of its own: what runs once a month has run
 * by then. (pganalyze takes the same 35 days.)
 */
export const UNUSED_AFTER_DAYS = 35

/** The bounds of that number. */
export const UNUSED_AFTER_LEAST = 1
export const UNUSED_AFTER_MOST = 730
