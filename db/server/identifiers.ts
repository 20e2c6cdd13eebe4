/**
 * The only place where a name becomes SQL text. Equivalent to PostgreSQL's quote_ident with
 * quote_all_identifiers off: plain lower-case names that are no keyword stay bare.
 */
import { RESERVED } from './reserved-words'

const PLAIN = /^[a-z_][a-z0-9_$]*$/

/** Quotes one identifier. Throws on NUL, which no PostgreSQL name can hold. */
export function identifier(name: string): string {
  if (name.includes('\0') || name === '') throw new Error('A PostgreSQL name is never empty and holds no NUL')
  return PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** schema.name, both quoted. */
export const qualified = (schema: string, name: string): string => `${identifier(schema)}.${identifier(name)}`

/** A string literal; the E'' form where a backslash would depend on standard_conforming_strings. */
export function literal(value: string): string {
  if (value.includes('\0')) throw new Error('A PostgreSQL string holds no NUL')
  const quoted = value.replaceAll("'", "''")
  return value.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}
