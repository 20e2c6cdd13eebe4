import { failed, type Result } from '@/db/server/problem'

/** The longest text that a form of the console takes is a chain of certificates, 200 kB; see db/console/server-input.ts. */
const LONGEST_TEXT = 250_000
const MOST_ENTRIES = 10_000
const DEEPEST = 12
/** Of an address, path and query together; Node takes 16 kB for the whole head of a request. */
const LONGEST_ADDRESS = 8_000

/** Keys that mean something else than a field to whoever copies an object. */
const NO_FIELD = new Set(['__proto__', 'constructor', 'prototype'])

/** Why a text is none: PostgreSQL takes neither NUL nor half of a character (manual, 8.3, 24.3.5), a log can be forged with them. */
function unsoundText(text: string): string | undefined {
  if (text.length > LONGEST_TEXT) return `A text here has at most ${LONGEST_TEXT / 1_000} kB.`
  if (text.includes('\0')) return 'A text here cannot hold the character NUL.'
  return text.isWellFormed() ? undefined : 'A text here is not valid Unicode: it holds half of a character.'
}

/**
 * Why something that a browser sent cannot be worked with, whatever the place wants there: React's protocol brings files,
 * dates, maps, bigints and promises as easily as text, and may name one part many times. Undefined: nothing is wrong.
 */
export function unsound(value: unknown, within = { entries: 0 }, depth = 0): string | undefined {
  if (typeof value === 'string') return unsoundText(value)
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return undefined
  if (typeof value !== 'object') return `A ${typeof value} means nothing here.`
  const entries = entriesOf(value)
  if (!entries) return 'A file, a date or another object means nothing here.'
  within.entries += entries.length
  if (depth >= DEEPEST || within.entries > MOST_ENTRIES) return 'What was sent is too large or nested too deeply.'
  for (const [name, entry] of entries) {
    if (NO_FIELD.has(name)) return `No field is called ${name}.`
    const why = unsoundText(name) ?? unsound(entry, within, depth + 1)
    if (why) return why
  }
  return undefined
}

function entriesOf(value: object): [string, unknown][] | undefined {
  if (value instanceof FormData) return [...value.entries()]
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
  return isPlain ? Object.entries(value) : undefined
}

/** What an action was called with, looked at before anything else looks at it. Errors: invalid_input. */
export function soundInput(given: unknown[]): Result<null> {
  const why = unsound(given)
  return why === undefined ? { ok: true, value: null } : failed('invalid_input', why)
}

/** The fields of a form, each of them text. Errors: invalid_input, also for what is no form. */
export function soundForm(form: unknown): Result<Record<string, string>> {
  if (!(form instanceof FormData)) return failed('invalid_input', 'The form is not complete.')
  const why = unsound(form)
  if (why !== undefined) return failed('invalid_input', why)
  return { ok: true, value: Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))) }
}

/**
 * Why an address cannot be: what stands in it encoded has to be text as well, in each segment, name and value. A per
 * cent sign that begins no encoding stands for itself after the question mark; before it Next.js cannot route it.
 */
export function unsoundAddress({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string | undefined {
  if (pathname.length + search.length > LONGEST_ADDRESS) return `An address has at most ${LONGEST_ADDRESS / 1_000} kB.`
  if (/%(?![0-9a-f]{2})/i.test(pathname)) return 'A per cent sign in an address begins an encoding; written out it is %25.'
  for (const part of `${pathname}${search}`.split(/[/?&=]/)) {
    const why = unsoundEncoded(part)
    if (why) return why
  }
  return undefined
}

/** The same for a value that is sent in the encoding of addresses, as cookies are. */
export function unsoundEncoded(part: string): string | undefined {
  const encoded = part.replaceAll(/%(?![0-9a-f]{2})/gi, '%25')
  try {
    return unsoundText(decodeURIComponent(encoded))
  } catch {
    return 'What stands in the address encoded is not UTF-8.' // the only thing that decodeURIComponent throws over
  }
}
