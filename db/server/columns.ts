import { z } from 'zod'
import { readForeignText } from './foreign-text'
import { settingWithoutSecrets, statementWithoutSecrets, textWithoutSecrets } from './secrets/without-secrets'

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

/**
 * The text of a statement, whole or cut: no password, key or token in it leaves the read that it came with. Every column that may
 * hold one is of this kind, or serverText; test/secrets-in-reads.test.ts looks. What foreignText() sent is read before.
 */
export const statementText = z.string().overwrite((sent) => statementWithoutSecrets(readForeignText(sent)))

/** Any other text that people or programs put there: a message, a name of a transaction or an application, an option. */
export const serverText = z.string().overwrite(textWithoutSecrets)

/** A definition as the server wrote it, to be parsed or sent again; it is never shown or kept. Whoever makes something of it withholds secrets. */
export const definition = z.string()

/** Rows of settings by their name: the values in these columns without secrets, and without anything where the name says that it is one. */
export const settingRow = <S extends z.ZodRawShape>(shape: S, values: (keyof S & string)[]): z.ZodObject<S> =>
  z.object(shape).overwrite((row) => {
    const fields: Record<string, unknown> = { ...row }
    for (const column of values) {
      const value = fields[column]
      if (typeof value === 'string') fields[column] = settingWithoutSecrets(String(fields.name), value)
    }
    return fields as typeof row
  })
