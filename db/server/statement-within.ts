import type { ScanToken } from 'libpg-query'
import { edited, isComment, numberOf } from './edit-sql'
import { scanIfReadable } from './parse-sql'

/** A statement that stands within another, and in what. */
export interface Within {
  statement: string
  /** PREPARE, DECLARE, COPY …; null where the text is the statement itself. */
  of: string | null
}

/**
 * The statement that a utility command prepares, walks through, copies or keeps, as pg_stat_statements has the text of the whole
 * command: PREPARE p (int) AS …, DECLARE c CURSOR FOR …, COPY (…) TO, CREATE TABLE … AS, CREATE MATERIALIZED VIEW … AS. The types that PREPARE
 * names stand at its parameters then. Any other text comes back as it is; whether it is a statement is for the parser to say.
 */
export async function statementWithin(sql: string): Promise<Within> {
  const tokens = (await scanIfReadable(sql))?.filter(({ tokenName }) => !isComment(tokenName)) ?? []
  const whole: Within = { statement: sql, of: null }
  const from = (start: ScanToken | undefined, of: string, end?: ScanToken): Within =>
    start ? { statement: slice(sql, start.start, end?.start), of } : whole
  // What follows a command would go unseen.
  if (tokens.slice(0, -1).some(({ text }) => text === ';')) return whole
  const word = wordAt(tokens, 0)
  if (word === 'prepare') {
    const as = outermost(tokens, 'as')
    const { statement, of } = from(tokens[as + 1], 'PREPARE')
    const types = wordAt(tokens, 2) === '(' ? typesIn(sql, tokens.slice(3, as - 1)) : []
    return as < 0 ? whole : { statement: await withTypes(statement, types), of }
  }
  if (word === 'declare') return from(tokens[outermost(tokens, 'for') + 1], 'DECLARE')
  if (word === 'copy' && wordAt(tokens, 1) === '(') return from(tokens[2], 'COPY', tokens[closing(tokens, 1)])
  if (word !== 'create' || !/^(global|local|temp|temporary|unlogged|table|materialized)$/.test(wordAt(tokens, 1) ?? '')) return whole
  const as = outermost(tokens, 'as')
  const rest = tokens.slice(as + 1)
  const noData = rest.length - (wordAt(rest, rest.length - 2) === 'no' ? 3 : 2)
  const isData = wordAt(rest, rest.length - 1) === 'data' && wordAt(rest, noData) === 'with'
  return as < 0 ? whole : from(rest[0], 'CREATE … AS', isData ? rest[noData] : undefined)
}

const wordAt = (tokens: ScanToken[], at: number): string | undefined => tokens[at]?.text.toLowerCase()
const slice = (sql: string, from: number, to?: number): string => Buffer.from(sql, 'utf8').subarray(from, to).toString('utf8')

/** How many parentheses are open behind each token. */
function depthsOf(tokens: ScanToken[]): number[] {
  let depth = 0
  return tokens.map(({ text }) => {
    depth += text === '(' ? 1 : text === ')' ? -1 : 0
    return depth
  })
}

/** Where a word stands that is in no parentheses; −1 for nowhere. */
function outermost(tokens: ScanToken[], word: string): number {
  const depths = depthsOf(tokens)
  return tokens.findIndex(({ text }, at) => depths[at] === 0 && text.toLowerCase() === word)
}

/** Where the parenthesis is closed that is opened at `open`, in none. */
const closing = (tokens: ScanToken[], open: number): number => depthsOf(tokens).findIndex((depth, at) => at >= open && depth === 0)

/** The types of a list, split at its commas outside of parentheses: numeric(5, 2) is one. */
function typesIn(sql: string, tokens: ScanToken[]): string[] {
  const depths = depthsOf(tokens)
  const parts: ScanToken[][] = [[]]
  for (const [at, token] of tokens.entries()) {
    if (token.text === ',' && depths[at] === 0) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.map((part) => slice(sql, part[0]?.start ?? 0, part.at(-1)?.end ?? 0))
}

/** Each $n with its type; unknown is what the server infers. */
async function withTypes(sql: string, types: string[]): Promise<string> {
  const parameters = ((await scanIfReadable(sql)) ?? []).filter(({ tokenName }) => tokenName === 'PARAM')
  const edits = parameters.flatMap((token) => {
    const type = types[numberOf(token) - 1]
    return type && type !== 'unknown' ? [{ from: token.start, to: token.end, by: `(${token.text}::${type})` }] : []
  })
  return edited(sql, edits)
}
