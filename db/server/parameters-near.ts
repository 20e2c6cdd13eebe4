import type { ScanToken } from 'libpg-query'
import { isComment, numberOf } from './edit-sql'
import { scanSql } from './parse-sql'

/** The parameters that an error is about: its message names one, or it tells the place of a function or an operator between them, in letters. */
export async function parametersAt(sql: string, place: number, message: string): Promise<number[]> {
  const named = /\$(\d+)/.exec(message)?.[1]
  if (named !== undefined) return [Number(named)]
  if (!Number.isFinite(place)) return []
  const tokens = await tokensOf(sql)
  const at = tokens.findIndex(({ start }) => start === byteAt(sql, place))
  if (at < 0) return []
  const open = tokens.findIndex(({ text }, index) => index > at && text === '(')
  const isCall = open > 0 && tokens.slice(at + 1, open).every(({ text }, index) => (index % 2 === 0) === (text === '.'))
  const around = isCall ? argumentsFrom(tokens, open) : [tokens[at - 1], tokens[at + 1]]
  return around.flatMap((token) => (token?.tokenName === 'PARAM' ? [numberOf(token)] : []))
}

/** Those of the numbers that stand in the text, the nearest to a place first. */
export async function nearestFirst(sql: string, place: number, numbers: number[]): Promise<number[]> {
  const from = Number.isFinite(place) ? byteAt(sql, place) : 0
  const found = (await tokensOf(sql)).filter((token) => token.tokenName === 'PARAM' && numbers.includes(numberOf(token)))
  return [...new Set(found.sort((a, b) => Math.abs(a.start - from) - Math.abs(b.start - from)).map(numberOf))]
}

const tokensOf = async (sql: string): Promise<ScanToken[]> => (await scanSql(sql)).filter(({ tokenName }) => !isComment(tokenName))
const byteAt = (sql: string, letters: number): number => Buffer.byteLength(Array.from(sql).slice(0, letters).join(''), 'utf8')

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
