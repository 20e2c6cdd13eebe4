import type { ScanToken } from 'libpg-query'
import { DatabaseError } from 'pg'
import { scanSql } from './parse-sql'

/** Sends one command by the extended protocol. */
type Send = (text: string) => Promise<unknown>

/** ambiguous_function (operators too), indeterminate_datatype, ambiguous_parameter (manual, appendix A). */
const TYPE_UNKNOWN = new Set(['42725', '42P18', '42P08'])
/** What a whole number in a text is (manual, 4.1.2.6); a string would have left the same doubt in the text that was sent. */
const ASSUMED = 'pg_catalog.int4'
/** Each round settles one place of the text. */
const ROUNDS = 20

export const isTypeUnknown = (sqlstate: string | undefined): boolean => TYPE_UNKNOWN.has(sqlstate ?? '')

/**
 * PREPARE of a normalised text within the caller's transaction. Where the types of its parameters cannot be inferred, for
 * constants stood in the places of $n, those are taken for integer, as most constants without a type are. Gives the text that was
 * prepared, and the numbers of those parameters. Throws what the server said of the text as it was.
 */
export async function prepareTyped(send: Send, name: string, statement: string): Promise<{ text: string; assumed: number[] }> {
  const prefix = `prepare /* proctor */ ${name} as `
  const assumed = new Set<number>()
  let [text, said]: [string, unknown] = [statement, undefined]
  for (let round = 0; ; round++) {
    await send('savepoint /* proctor */ before_prepare')
    try {
      await send(prefix + text)
      return { text, assumed: [...assumed].sort((a, b) => a - b) }
    } catch (error) {
      said ??= error
      const found = round < ROUNDS && error instanceof DatabaseError ? await unknownIn(text, error, prefix.length) : []
      if (found.length === 0 || found.every((number) => assumed.has(number))) throw said
      for (const number of found) assumed.add(number)
      text = await cast(statement, assumed)
    }
    await send('rollback /* proctor */ to savepoint before_prepare')
  }
}

/** Every $n of those numbers with its type; in parentheses, so that what follows does not belong to the type. */
async function cast(sql: string, numbers: Set<number>): Promise<string> {
  const bytes = Buffer.from(sql, 'utf8') // positions count bytes
  let [done, text] = [0, '']
  for (const token of await scanSql(sql)) {
    if (token.tokenName !== 'PARAM' || !numbers.has(numberOf(token))) continue
    text += `${bytes.subarray(done, token.start).toString('utf8')}(${token.text}::${ASSUMED})`
    done = token.end
  }
  return text + bytes.subarray(done).toString('utf8')
}

const numberOf = ({ text }: ScanToken): number => Number(text.slice(1))

/** The parameters that an error is about: it names one, or tells the place of a function or an operator between them. */
async function unknownIn(sql: string, error: DatabaseError, before: number): Promise<number[]> {
  if (!isTypeUnknown(error.code)) return []
  const named = /\$(\d+)/.exec(error.message)?.[1]
  if (named !== undefined) return [Number(named)]
  if (error.position === undefined) return []
  const letters = Array.from(sql).slice(0, Number(error.position) - 1 - before)
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
