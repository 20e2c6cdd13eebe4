import { withoutSecretsInSql, withoutSecretsInText } from './in-sql'
import { mayHoldSecrets, namesSecret, REDACTED } from './names'

/** A backslash before a quote: where the literal ends depends on standard_conforming_strings, so both readings are withheld of. */
const both = (given: string, clean: (text: string, escapes: boolean) => string): string => {
  const once = clean(given, false)
  return once.includes("\\'") ? clean(once, true) : once
}

/**
 * A statement's text without the passwords, keys and tokens in it: in their places stands [redacted]. Everything else is left
 * byte for byte. It may be cut anywhere, and need not be valid. In doubt too much of a literal is withheld, never too little.
 */
export function statementWithoutSecrets(text: string): string {
  if (!mayHoldSecrets(text)) return text
  return both(text, (given, escapes) => withoutSecretsInSql(given, escapes).text)
}

/** The same of any other text of a server: a message, a connection string, a command, an option. */
export function textWithoutSecrets(text: string): string {
  if (!mayHoldSecrets(text)) return text
  return both(text, (given, escapes) => withoutSecretsInText(given, escapes).text)
}

/** The value of a setting; all of it where the name says that it is secret: app.jwt_secret. */
export function settingWithoutSecrets(name: string, value: string): string {
  if (value === '') return value
  return namesSecret(name) ? REDACTED : textWithoutSecrets(value)
}

/** Every text in a value that came as JSON; names of fields stay. */
export function jsonWithoutSecrets<T>(value: T): T
export function jsonWithoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return textWithoutSecrets(value)
  if (Array.isArray(value)) return value.map(jsonWithoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, jsonWithoutSecrets(entry)]))
}
