import { REDACTED } from '../server/secrets/names'
import { textWithoutSecrets } from '../server/secrets/without-secrets'

/** Names of fields whose value is never written down; the parameters of a statement may be anything. */
const SECRET_NAME = /^params$|pass(word|phrase|wd)?$|secret|token|cookie|authorization|sealed|credential|privatekey|apikey/i

const DEEPEST = 8

/** Whether a text has a word in it that a secret may stand beside. */
export const speaksOfSecrets = (text: string): boolean => /pass(word|phrase|wd)|secret|token|credential|api_?key/i.test(text)

/** What Drizzle says of a failed statement's parameters: they may be anything. */
const PARAMETERS = /^(params: )[\s\S]*?(?=\n {4}at |$(?![\s\S]))/gm

/** A text to be logged or kept, without secrets and without the parameters of our own statements. */
export const redactText = (text: string): string => textWithoutSecrets(text.replaceAll(PARAMETERS, `$1${REDACTED}`))

/** A copy to be logged: without the values of secret fields at any depth, and with errors as plain objects. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEEPEST) return '[too deep]'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Headers || value instanceof Map) return redact(Object.fromEntries(value), depth)
  if (Array.isArray(value)) return value.map((entry) => redact(entry, depth + 1))
  const own = value instanceof Error ? errorFields(value) : value
  return Object.fromEntries(
    Object.entries(own).map(([name, entry]) => [name, SECRET_NAME.test(name) ? REDACTED : redact(entry, depth + 1)]),
  )
}

const errorFields = (error: Error) => ({ ...error, type: error.name, message: error.message, stack: error.stack, cause: error.cause })
