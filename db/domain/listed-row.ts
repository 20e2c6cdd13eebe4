/**
 * What tells a row of the index list apart, in an address and in a selection: the OID of an index, or the id of one that is missing, which
 * is negative (db/indexes/missing-indexes.ts).
 */
export const listedId = (row: { indexrelid: number } | { id: number }): number => ('indexrelid' in row ? row.indexrelid : row.id)
