/** Access methods whose pages tell what a rebuild would leave; the others are judged by the size that they had when they were built. */
const MEASURED = new Set(['btree', 'hash'])

/** Why an index cannot be measured; null where it can. */
export const whyNotMeasured = (amname: string): string | null =>
  MEASURED.has(amname) ? null : `The pages of ${amname} indexes do not tell what a rebuild would leave.`

/** What a health check measures of which index. */
export const WHAT_IS_MEASURED =
  'It measures b-trees by their pages (pageinspect, pgstatindex) and hash indexes by pgstathashindex. The pages of GIN, GiST, SP-GiST and BRIN do not tell what a rebuild would leave: their bloat is estimated from the size at their last build, and the drawer of a GIN index has its pending list, that of a BRIN index its unsummarized ranges.'
