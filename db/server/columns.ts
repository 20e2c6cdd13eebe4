import { z } from 'zod'

/**
 * What a column may hold. node-postgres hands int8, numeric, xid and pg_lsn over as text; they stay
 * text unless a number cannot lose a digit.
 */

/** Object identifier, 0 … 2^32−1. */
export const oid = z.number().int().nonnegative()

/** A size or a page count in int8: below 2^53 (8 PiB) for anything PostgreSQL can hold, refused above. */
export const bytes = z.coerce.number().int()

/** A cumulative statistics counter (int8): decimal text, so that no digit is ever lost. */
export const counter = z.string().regex(/^-?\d+$/)

/** timestamptz as ISO 8601 in UTC. */
export const timestamp = z.date().transform((date) => date.toISOString())

/** float8, float4 or int4. */
export const float = z.number()

/** numeric that is known to be small, such as a ratio. */
export const ratio = z.coerce.number()
