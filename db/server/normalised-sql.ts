import type { ScanToken } from 'libpg-query'
import { scanSql } from './parse-sql'

/** Words of the grammar's own that a type may end with, and those that may stand before another such word. */
const TYPE_KEYWORDS = new Set(
  'bigint bit boolean char character dec decimal float int integer interval nchar numeric precision real smallint time timestamp varchar varying'.split(
    ' ',
  ),
)
const TYPE_BEGINNINGS: Record<string, string[]> = {
  precision: ['double'],
  varying: ['character', 'char', 'nchar', 'bit'],
  character: ['national'],
  char: ['national'],
}

const isName = ({ tokenName, keywordName }: ScanToken) => tokenName === 'IDENT' || keywordName === 'UNRESERVED_KEYWORD'
const isType = (token: ScanToken) => token.tokenName === 'IDENT' || TYPE_KEYWORDS.has(token.text.toLowerCase())

/**
 * pg_stat_statements puts $n for every constant, also where the grammar allows a constant only: interval '1 day' becomes
 * interval $1, extract(epoch from …) becomes extract($1 from …). Both are written as the same with an expression, so that
 * the server can read its own text again. A text without such places comes back as it is.
 */
export async function withoutConstantPlaces(sql: string): Promise<string> {
  const tokens = (await scanSql(sql)).filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
  const bytes = Buffer.from(sql, 'utf8') // positions count bytes
  const edits: { from: number; to: number; by: string }[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.tokenName !== 'PARAM') continue
    const first = typeBefore(tokens, at)
    if (first) {
      const type = bytes.subarray(first.start, tokens[at - 1]?.end).toString('utf8')
      edits.push({ from: first.start, to: token.end, by: `${token.text}::${type}` })
    } else if (extracts(tokens, at)) {
      const [word, from] = [tokens[at - 2] as ScanToken, tokens[at + 1] as ScanToken]
      edits.push({ from: word.start, to: from.end, by: `pg_catalog."extract"(${token.text},` })
    }
  }
  let done = 0
  const parts = edits.map(({ from, to, by }) => {
    const part = bytes.subarray(done, from).toString('utf8') + by
    done = to
    return part
  })
  return parts.join('') + bytes.subarray(done).toString('utf8')
}

/** The first word of the type that stands right before the parameter at `at`: timestamp (3) with time zone $1, public.mood $1. */
function typeBefore(tokens: ScanToken[], at: number): ScanToken | undefined {
  const word = (index: number) => tokens[index]?.text.toLowerCase()
  let last = at - 1
  if (word(last) === 'zone' && word(last - 1) === 'time' && /^with(out)?$/.test(word(last - 2) ?? '')) last -= 3
  // Nothing else may stand between a closing parenthesis and a parameter.
  if (word(last) === ')') last = opening(tokens, last) - 1
  const token = tokens[last]
  if (!token || !isType(token)) return undefined
  if (TYPE_BEGINNINGS[token.text.toLowerCase()]?.includes(word(last - 1) ?? '')) last -= 1
  if (word(last) === 'char' || word(last) === 'character') last -= word(last - 1) === 'national' ? 1 : 0
  while (word(last - 1) === '.' && tokens[last - 2] && isName(tokens[last - 2] as ScanToken)) last -= 2
  return tokens[last]
}

/** Where the parenthesis was opened that is closed at `at`. */
function opening(tokens: ScanToken[], at: number): number {
  let depth = 0
  for (let index = at; index >= 0; index--) {
    const { text } = tokens[index] as ScanToken
    if (text === ')') depth++
    if (text === '(' && --depth === 0) return index
  }
  return 0
}

const extracts = (tokens: ScanToken[], at: number): boolean =>
  tokens[at - 1]?.text === '(' && tokens[at - 2]?.text.toLowerCase() === 'extract' && tokens[at + 1]?.text.toLowerCase() === 'from'
