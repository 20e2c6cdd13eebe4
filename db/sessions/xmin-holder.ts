import type { XminHolder } from './activity'

/** The one that holds the rows of tables back, or else those of the catalogs; `holders` are the oldest first. */
export const oldestHolder = (holders: XminHolder[]): XminHolder | undefined => holders.find(({ catalogOnly }) => !catalogOnly) ?? holders[0]
