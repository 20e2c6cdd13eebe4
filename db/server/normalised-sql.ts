import type { ScanToken } from 'libpg-query'
import { scanSql } from './parse-sql'

/** Of these a constant may follow: timestamp with time zone '…'. */
const TYPE_KEYWORDS = new Set(['interval', 'time', 'timestamp'])

const isType = ({ tokenName, text, keywordName }: ScanToken) =>
  tokenName === 'IDENT' || (keywordName !== 'NO_KEYWORD' && TYPE_KEYWORDS.has(text.toLowerCase()))

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

/** The first word of the type that stands right before the parameter at `at`. */
function typeBefore(tokens: ScanToken[], at: number): ScanToken | undefined {
  const before = tokens[at - 1]
  if (!before) return undefined
  const [kind, time, zone] = tokens.slice(Math.max(0, at - 3), at)
  const words = [kind, time, zone].map((token) => token?.text.toLowerCase()).join(' ')
  if (/^with(out)? time zone$/.test(words)) return tokens[at - 4]
  // A name after a dot belongs to what is before the dot; then it is no plain type.
  return isType(before) && tokens[at - 2]?.text !== '.' ? before : undefined
}

const extracts = (tokens: ScanToken[], at: number): boolean =>
  tokens[at - 1]?.text === '(' && tokens[at - 2]?.text.toLowerCase() === 'extract' && tokens[at + 1]?.text.toLowerCase() === 'from'
