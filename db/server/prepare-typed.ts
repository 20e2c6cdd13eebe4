import type { ScanToken } from 'libpg-query'
import { DatabaseError } from 'pg'
import { scanSql } from './parse-sql'

/** Sends one command by the extended protocol. */
type Send = (text: string) => Promise<unknown>

/**
 * ambiguous_function (operators too), indeterminate_datatype, ambiguous_parameter, undefined_function (of text, which is taken where
 * nothing else is known), datatype_mismatch, cannot_coerce (manual, appendix A).
 */
const TYPE_UNKNOWN = new Set(['42725', '42P18', '42P08', '42883', '42804', '42846'])
/** What a whole number in a text is (manual, 4.1.2.6); a string would have left the same doubt in the text that was sent. */
const ASSUMED = 'pg_catalog.int4'
/** A text of a thousand parameters is not tried in all ways. */
const ATTEMPTS = 200

export const isTypeUnknown = (sqlstate: string | undefined): boolean => TYPE_UNKNOWN.has(sqlstate ?? '')

/** What came of a text in which some parameters have a type. */
interface Attempt {
  text: string
  assumed: number[]
  /** What the server said, and where, in letters: in this text, and in the text as it was; past all where it says no place. Null: prepared. */
  error: { said: DatabaseError; here: number; at: number } | null
}

/**
 * PREPARE of a normalised text within the caller's transaction. Where the types of its parameters cannot be inferred, for
 * constants stood in the places of $n, those are taken for integer, as most constants without a type are: the ones that the server
 * complains of, else whichever lets it read further. Gives the text that was prepared, and the numbers of those parameters. Throws what
 * the server said of the text as it was.
 */
export async function prepareTyped(send: Send, name: string, statement: string): Promise<{ text: string; assumed: number[] }> {
  const numbers = [...new Set((await scanSql(statement)).filter(({ tokenName }) => tokenName === 'PARAM').map(numberOf))]
  let left = ATTEMPTS
  const attempt = async (assumed: number[]): Promise<Attempt> => {
    left -= 1
    const { text, added } = await cast(statement, new Set(assumed))
    const prefix = `prepare /* proctor */ ${name} as `
    await send('savepoint /* proctor */ before_prepare')
    try {
      await send(prefix + text)
      return { text, assumed, error: null }
    } catch (said) {
      if (!(said instanceof DatabaseError && isTypeUnknown(said.code))) throw said
      await send('rollback /* proctor */ to savepoint before_prepare')
      const place = said.position === undefined ? Number.POSITIVE_INFINITY : Number(said.position) - 1 - prefix.length
      const before = added.filter(({ at }) => at < place).reduce((sum, { letters }) => sum + letters, 0)
      return { text, assumed, error: { said, here: place, at: place - before } }
    }
  }
  const first = await attempt([])
  let now = first
  while (now.error && left > 0) {
    const next = await further(now, now.error, numbers, attempt, () => left > 0)
    if (!next) break
    now = next
  }
  if (now.error) throw first.error?.said
  return { text: now.text, assumed: now.assumed.sort((a, b) => a - b) }
}

/** With one more type, or those that it complains of: the attempt that the server takes, else reads furthest; null where there is none. */
async function further(
  now: Attempt,
  error: NonNullable<Attempt['error']>,
  numbers: number[],
  attempt: (assumed: number[]) => Promise<Attempt>,
  mayTry: () => boolean,
): Promise<Attempt | null> {
  const open = numbers.filter((number) => !now.assumed.includes(number))
  const complained = (await unknownIn(now.text, error)).filter((number) => open.includes(number))
  let best: Attempt | null = null
  for (const more of [complained, ...open.map((number) => [number])]) {
    if (more.length === 0 || !mayTry()) continue
    const next = await attempt([...now.assumed, ...more])
    if (!next.error) return next
    // At the same place something else is missing: BETWEEN holds two operators.
    const isFurther = next.error.at > error.at || (next.error.at === error.at && next.error.said.message !== error.said.message)
    if (isFurther && (!best?.error || next.error.at > best.error.at)) best = next
  }
  return best
}

/**
 * Every $n of those numbers with its type; in parentheses, so that what follows does not belong to the type. Tells, in letters, where
 * it became longer, and by how much.
 */
async function cast(sql: string, numbers: Set<number>): Promise<{ text: string; added: { at: number; letters: number }[] }> {
  const bytes = Buffer.from(sql, 'utf8') // positions count bytes
  const added: { at: number; letters: number }[] = []
  let [done, text] = [0, '']
  for (const token of await scanSql(sql)) {
    if (token.tokenName !== 'PARAM' || !numbers.has(numberOf(token))) continue
    text += bytes.subarray(done, token.start).toString('utf8')
    added.push({ at: Array.from(text).length, letters: ASSUMED.length + '(::)'.length })
    text += `(${token.text}::${ASSUMED})`
    done = token.end
  }
  return { text: text + bytes.subarray(done).toString('utf8'), added }
}

const numberOf = ({ text }: ScanToken): number => Number(text.slice(1))

/** The parameters that an error is about: it names one, or tells the place of a function or an operator between them. */
async function unknownIn(sql: string, { said, here }: NonNullable<Attempt['error']>): Promise<number[]> {
  const named = /\$(\d+)/.exec(said.message)?.[1]
  if (named !== undefined) return [Number(named)]
  if (!Number.isFinite(here)) return []
  const letters = Array.from(sql).slice(0, here)
  const at = Buffer.byteLength(letters.join(''), 'utf8')
  const tokens = (await scanSql(sql)).filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
  const place = tokens.findIndex(({ start }) => start === at)
  if (place < 0) return []
  const open = tokens.findIndex(({ text }, index) => index > place && text === '(')
  const isCall = open > 0 && tokens.slice(place + 1, open).every(({ text }, index) => (index % 2 === 0) === (text === '.'))
  const around = isCall ? argumentsFrom(tokens, open) : [tokens[place - 1], tokens[place + 1]]
  return around.flatMap((token) => (token?.tokenName === 'PARAM' ? [numberOf(token)] : []))
}

/** The tokens that are an argument each by themselves. */
function argumentsFrom(tokens: ScanToken[], open: number): ScanToken[] {
  const found: ScanToken[] = []
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at] as ScanToken
    if (token.text === '(') depth++
    if (token.text === ')' && --depth === 0) break
    const ends = (text: string | undefined, edge: string) => text === ',' || text === edge
    if (depth === 1 && ends(tokens[at - 1]?.text, '(') && ends(tokens[at + 1]?.text, ')')) found.push(token)
  }
  return found
}
